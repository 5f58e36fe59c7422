package dev.replicator.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How large a generated tree is.
 *
 * @param uploads number of media: an image stands for itself and its smaller sizes
 * @param months over which they spread
 * @param plugins number of plugin directories
 * @param pluginFilesMedian of files in a plugin
 * @param pluginFilesMax of files in a plugin
 * @param themeFiles of each of three themes
 * @param crowded files of one more directory that holds nothing else
 * @param shrink divisor of the sizes of media
 */
public record TreeProfile(
    String name,
    int uploads,
    int months,
    int plugins,
    int pluginFilesMedian,
    int pluginFilesMax,
    int themeFiles,
    int crowded,
    long shrink) {
  private static final List<TreeProfile> ALL =
      List.of(
          new TreeProfile("demo", 12, 3, 4, 30, 80, 40, 0, 20),
          new TreeProfile("site", 60, 12, 10, 150, 400, 250, 0, 4),
          new TreeProfile("S", 2_500, 36, 15, 150, 3_000, 250, 0, 1),
          new TreeProfile("M", 25_000, 60, 28, 150, 8_000, 250, 0, 1),
          new TreeProfile("L", 112_000, 120, 40, 150, 8_000, 250, 100_000, 1),
          new TreeProfile("XL", 250_000, 180, 40, 150, 8_000, 250, 100_000, 1));

  public static TreeProfile named(String name) {
    return ALL.stream()
        .filter(profile -> profile.name.equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                "no profile is called %s: there are %s"
                    .formatted(
                        name,
                        Arrays.toString(ALL.stream().map(TreeProfile::name).toArray())
                            .toLowerCase(Locale.ROOT))));
  }

  public TreeProfile shrunk(long factor) {
    return new TreeProfile(
        name,
        uploads,
        months,
        plugins,
        pluginFilesMedian,
        pluginFilesMax,
        themeFiles,
        crowded,
        shrink * factor);
  }
}
