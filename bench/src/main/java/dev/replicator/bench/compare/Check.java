package dev.replicator.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Whether one change shows on the second tree: a cheap look, before all of it is compared. */
@FunctionalInterface
interface Check {
  boolean holds() throws IOException;

  /** {@code file} has the length of {@code original}, and its time where that is kept. */
  static Check like(Path original, Path file, boolean time) throws IOException {
    BasicFileAttributes expected = attributes(original);
    return () -> {
      if (file.toFile().length() != expected.size()) {
        return false;
      }
      return !time
          || attributes(file).lastModifiedTime().toInstant().getEpochSecond()
              == expected.lastModifiedTime().toInstant().getEpochSecond();
    };
  }

  /** Nothing has that name. */
  static Check absent(Path path) {
    return () -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** {@code path} is there. */
  static Check present(Path path) {
    return () -> Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
