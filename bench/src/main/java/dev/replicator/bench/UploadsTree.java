package dev.replicator.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Many small files in directories like those of uploads: 50 to 1,000 in each. */
public final class UploadsTree {
  private static final int DIRECTORY_FILES_MIN = 50;
  private static final int DIRECTORY_FILES_MAX = 1_000;
  private static final int MONTHS = 12;
  private static final String[] SIZES = {"", "-scaled", "-1024x768", "-300x225", "-150x150"};

  private UploadsTree() {}

  public static void writeInto(Path root, int files, int sizeBytes, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int written = 0;
    for (int month = 0; written < files; month++) {
      Path directory =
          root.resolve("uploads/site-%d/%02d".formatted(month / MONTHS, month % MONTHS + 1));
      Files.createDirectories(directory);
      int here = random.nextInt(DIRECTORY_FILES_MIN, DIRECTORY_FILES_MAX + 1);
      int end = Math.min(files, written + here);
      while (written < end) {
        String name = "photo-" + written + SIZES[written % SIZES.length] + ".jpg";
        byte[] content = name.getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve(name), Arrays.copyOf(content, sizeBytes));
        written++;
      }
    }
  }
}
