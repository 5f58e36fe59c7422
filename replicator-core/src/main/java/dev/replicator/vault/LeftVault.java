package dev.replicator.vault;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What is in a vault that no root uses any more.
 *
 * @param bytes of all versions together
 */
public record LeftVault(long versions, long bytes) {
  /** Looks at every version that is kept; what cannot be read does not count. */
  public static LeftVault in(Path directory) {
    Counting counting = new Counting();
    try {
      Files.walkFileTree(directory, counting);
    } catch (IOException unreadable) {
      return counting.soFar();
    }
    return counting.soFar();
  }

  private static final class Counting extends SimpleFileVisitor<Path> {
    private long versions;
    private long bytes;

    LeftVault soFar() {
      return new LeftVault(versions, bytes);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (Vault.OBJECT.matcher(String.valueOf(file.getFileName())).matches()) {
        versions++;
        bytes += attributes.size();
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE;
    }
  }
}
