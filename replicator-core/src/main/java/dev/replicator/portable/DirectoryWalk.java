package dev.replicator.portable;

import io.methvin.watcher.visitor.FileTreeVisitor;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/**
 * Visits the directories of a tree, each before its children are listed, so that whoever watches it
 * first misses nothing. Never goes through a symbolic link. Files are not visited: the news of
 * their directory covers them.
 */
final class DirectoryWalk implements FileTreeVisitor {
  private final Path own;
  private final BiConsumer<Path, IOException> unseen;
  private volatile boolean stopped;

  /**
   * @param own a directory to leave out
   * @param unseen told of every directory that could not be visited though it is there
   */
  DirectoryWalk(Path own, BiConsumer<Path, IOException> unseen) {
    this.own = own;
    this.unseen = unseen;
  }

  /** Ends all walks: the watch service is closed. */
  void stop() {
    stopped = true;
  }

  @Override
  public void recursiveVisitFiles(Path start, Callback onDirectory, Callback onFile) {
    Deque<Path> open = new ArrayDeque<>();
    open.push(start);
    while (!open.isEmpty()) {
      if (stopped) {
        throw new ClosedWatchServiceException();
      }
      Path directory = open.pop();
      try {
        if (!directory.equals(own) && isDirectory(directory)) {
          onDirectory.call(directory);
          pushChildren(directory, open);
        }
      } catch (NoSuchFileException | NotDirectoryException gone) {
        // Its parent is watched and tells.
      } catch (IOException failure) {
        unseen.accept(directory, failure);
      }
    }
  }

  private static void pushChildren(Path directory, Deque<Path> open) throws IOException {
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(directory, DirectoryWalk::isDirectory)) {
      children.forEach(open::push);
    } catch (DirectoryIteratorException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
  }

  private static boolean isDirectory(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isDirectory();
    } catch (NoSuchFileException gone) {
      return false;
    }
  }
}
