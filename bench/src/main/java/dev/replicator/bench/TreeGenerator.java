package dev.replicator.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Writes wp-content trees whose shape is that of real sites: media by month with their smaller
 * sizes, plugins and themes of many small files, and the names that break careless programs. The
 * same profile and seed give the same tree, byte for byte.
 */
public final class TreeGenerator {
  private static final long IMAGE_BYTES_MAX = 25L << 20;
  private static final long DOCUMENT_BYTES_MIN = 100L << 10;
  private static final long DOCUMENT_BYTES_MAX = 10L << 20;
  private static final long CLIP_BYTES_MIN = 5L << 20;
  private static final long CLIP_BYTES_MAX = 200L << 20;
  private static final double IMAGE_BYTES_MEDIAN = 1.5 * (1 << 20);
  private static final double IMAGE_SIGMA = 0.9;
  private static final double CODE_BYTES_MEDIAN = 3_000;
  private static final double CODE_SIGMA = 1.6;
  private static final long CODE_BYTES_MAX = 2L << 20;
  private static final int FILES_PER_DIRECTORY = 10;
  private static final int DEPTH_MAX = 9;

  /** So much of the disk is left to others. */
  private static final int SPACE_PERCENT_MIN = 5;

  /** Share of the original's size that each smaller size of an image has. */
  private static final double[] SMALLER = {0.23, 0.18, 0.12, 0.073, 0.05, 0.014, 0.006};

  private static final String[] SMALLER_NAMES = {
    "scaled", "2048x1536", "1536x1152", "1024x768", "768x576", "300x225", "150x150"
  };

  /** Those that a shop adds: about every second site is one. */
  private static final double[] SHOP_SIZES = {0.01, 0.05, 0.006};

  private static final String[] SHOP_NAMES = {"300x300", "600x600", "100x100"};

  private static final List<String> ODD_NAMES =
      List.of(
          "name with spaces.txt",
          "caf\u00e9-nfc.txt",
          "cafe\u0301-nfd.txt",
          "\ud83d\ude80 rocket.txt",
          "-leading-dash",
          "--",
          "quote'and\"double",
          "$(id);`id`",
          "trailing dot.",
          "tab\tand\nnewline",
          "x".repeat(255));

  private static final List<String> WORDS =
      List.of("admin", "assets", "blocks", "includes", "lib", "src", "templates", "vendor");

  private final TreeProfile profile;
  private final SplittableRandom random;
  private final boolean shop;
  private int files;
  private long bytes;

  public TreeGenerator(TreeProfile profile, long seed) {
    this.profile = profile;
    this.random = new SplittableRandom(seed);
    this.shop = seed % 2 == 0;
  }

  /** What was written. */
  public record Written(int files, long bytes) {
    @Override
    public String toString() {
      return files + " files, " + bytes + " bytes";
    }
  }

  /** Fills {@code root}, which must be empty or absent. */
  public Written writeInto(Path root) throws IOException {
    Files.createDirectories(root);
    try (Stream<Path> present = Files.list(root)) {
      if (present.findAny().isPresent()) {
        throw new BenchException(root + " is not empty");
      }
    }
    for (int i = 0; i < profile.uploads(); i++) {
      requireSpace(root);
      medium(root.resolve("uploads").resolve(month()), i);
    }
    for (int i = 0; i < profile.plugins(); i++) {
      double count = logNormal(profile.pluginFilesMedian(), 1.8);
      code(root.resolve("plugins/plugin-" + i), (int) Math.min(count, profile.pluginFilesMax()));
    }
    for (int i = 0; i < 3; i++) {
      code(root.resolve("themes/theme-" + i), profile.themeFiles());
    }
    for (int i = 0; i < profile.crowded(); i++) {
      write(root.resolve("uploads/crowded/item-" + i + ".json"), 200 + random.nextInt(800), true);
    }
    for (String name : ODD_NAMES) {
      write(root.resolve("uploads/odd").resolve(name), 10 + random.nextInt(100), true);
    }
    Files.createDirectories(root.resolve("languages"));
    return new Written(files, bytes);
  }

  /** Zipf over the months: the newest gets most. */
  private String month() {
    double harmonic = Math.log(profile.months()) + 0.5772;
    int back = (int) Math.min(profile.months() - 1, Math.exp(random.nextDouble() * harmonic) - 1);
    int month = 12 * 2026 + 10 - back;
    return "%d/%02d".formatted(month / 12, month % 12 + 1);
  }

  private void medium(Path month, int number) throws IOException {
    double kind = random.nextDouble();
    if (kind < 0.85) {
      image(month, number);
    } else if (kind < 0.95) {
      long size = media(1 << 20, 1.2, DOCUMENT_BYTES_MIN, DOCUMENT_BYTES_MAX);
      write(month.resolve("document-" + number + ".pdf"), size, false);
    } else if (kind < 0.98) {
      long size = media(20 << 20, 0.9, CLIP_BYTES_MIN, CLIP_BYTES_MAX);
      write(month.resolve("clip-" + number + ".mp4"), size, false);
    } else {
      write(month.resolve("elementor-" + number + ".css"), codeBytes(), true);
    }
  }

  private void image(Path month, int number) throws IOException {
    long original = media(IMAGE_BYTES_MEDIAN, IMAGE_SIGMA, 0, IMAGE_BYTES_MAX);
    String stem = "photo-" + number;
    boolean twin = random.nextDouble() < 0.3;
    write(month.resolve(stem + ".jpg"), original, false);
    for (int i = 0; i < SMALLER.length; i++) {
      long size = Math.max(200, (long) (original * SMALLER[i]));
      write(month.resolve(stem + "-" + SMALLER_NAMES[i] + ".jpg"), size, false);
      if (twin) {
        write(month.resolve(stem + "-" + SMALLER_NAMES[i] + ".webp"), size * 7 / 10, false);
      }
    }
    for (int i = 0; shop && i < SHOP_SIZES.length; i++) {
      long size = Math.max(200, (long) (original * SHOP_SIZES[i]));
      write(month.resolve(stem + "-" + SHOP_NAMES[i] + ".jpg"), size, false);
    }
  }

  private void code(Path directory, int count) throws IOException {
    Path inside = directory;
    for (int i = 0; i < Math.max(2, count); i++) {
      if (i % FILES_PER_DIRECTORY == FILES_PER_DIRECTORY - 1) {
        inside = next(directory, inside, i);
      }
      String name = i == 0 ? directory.getFileName() + ".php" : "class-" + i + ".php";
      write(inside.resolve(name), codeBytes(), true);
    }
  }

  /** One level deeper, or back near the top. */
  private Path next(Path top, Path inside, int number) {
    boolean deeper = inside.getNameCount() - top.getNameCount() < DEPTH_MAX - 3;
    Path from = deeper && random.nextInt(3) > 0 ? inside : top;
    return from.resolve(WORDS.get(random.nextInt(WORDS.size())) + "-" + number);
  }

  private long media(double median, double sigma, long least, long most) {
    double size = Math.clamp(logNormal(median, sigma), (double) least, (double) most);
    return Math.max(100, (long) size / profile.shrink());
  }

  private long codeBytes() {
    return (long) Math.min(CODE_BYTES_MAX, Math.max(20, logNormal(CODE_BYTES_MEDIAN, CODE_SIGMA)));
  }

  private double logNormal(double median, double sigma) {
    return median * Math.exp(random.nextGaussian() * sigma);
  }

  private void write(Path file, long size, boolean text) throws IOException {
    Files.createDirectories(file.getParent());
    SplittableRandom content = random.split();
    try (OutputStream out = Files.newOutputStream(file)) {
      long left = size;
      while (left > 0) {
        byte[] part = new byte[(int) Math.min(left, 64 << 10)];
        fill(part, content, text);
        out.write(part);
        left -= part.length;
      }
    }
    files++;
    bytes += size;
  }

  private void requireSpace(Path directory) throws IOException {
    FileStore disk = Files.getFileStore(directory);
    if (disk.getUsableSpace() < disk.getTotalSpace() / 100 * SPACE_PERCENT_MIN) {
      throw new BenchException(
          "the disk is nearly full after " + new Written(files, bytes) + "; they are left there");
    }
  }

  /** Media do not compress; code does, to about a third. */
  static void fill(byte[] part, RandomGenerator content, boolean text) {
    if (!text) {
      content.nextBytes(part);
      return;
    }
    int at = 0;
    while (at < part.length) {
      String line = "$value_%x = array( 'key' => %d );\n".formatted(content.nextInt(), at);
      byte[] octets = line.getBytes(StandardCharsets.US_ASCII);
      int length = Math.min(octets.length, part.length - at);
      System.arraycopy(octets, 0, part, at, length);
      at += length;
    }
  }
}
