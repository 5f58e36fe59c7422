package dev.replicator.vault;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is in a directory. */
final class Children {
  private Children() {}

  /** Nothing where there is no directory. */
  static List<Path> of(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (DirectoryIteratorException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
    return children;
  }
}
