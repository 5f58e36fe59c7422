package dev.replicator.block;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the daemon and the commands agree on about one root, in its state directory: which one of
 * them works on it now, whether the daemon only looks on, and what was on the device. The first is
 * a lock, which the kernel takes from a process that ends, however it ends; the others outlive
 * every process.
 */
public final class BlockDesk implements Memory {
  private final Path lock;
  private final Path pausedMark;
  private final Path past;

  /**
   * @param state the directory of the root, which exists
   */
  public BlockDesk(Path state) {
    this.lock = state.resolve("working");
    this.pausedMark = state.resolve("paused");
    this.past = state.resolve("past");
  }

  /** Held while somebody works on the root. */
  public interface Work extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** Sits down; empty while another process, or another run of this one, works on the root. */
  public Optional<Work> begin() throws IOException {
    FileChannel channel =
        FileChannel.open(
            lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      Optional<FileLock> taken = Optional.ofNullable(channel.tryLock());
      if (taken.isPresent()) {
        return Optional.of(channel::close);
      }
    } catch (OverlappingFileLockException ours) {
      // Also by ourselves, which is as good as by another one.
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
    channel.close();
    return Optional.empty();
  }

  /** Has the daemon, also one that starts later, only look on. */
  public void pause() throws IOException {
    if (!isPaused()) {
      Files.createFile(pausedMark);
    }
  }

  /** Has the daemon bring the root up and keep it so. */
  public void resume() throws IOException {
    Files.deleteIfExists(pausedMark);
  }

  @Override
  public Past past() throws IOException {
    try {
      String text = Files.readString(past).strip();
      return Arrays.stream(Past.values())
          .filter(one -> one.name().equals(text))
          .findFirst()
          .orElseThrow(() -> new IOException(past + " says " + text));
    } catch (NoSuchFileException nothing) {
      return Past.UNKNOWN;
    }
  }

  @Override
  public void remember(Past now) throws IOException {
    Path staged = past.resolveSibling("past.new");
    Files.writeString(
        staged,
        now.name() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(staged, past, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory =
        FileChannel.open(Optional.ofNullable(past.getParent()).orElseThrow())) {
      directory.force(true);
    }
  }

  boolean isPaused() {
    return Files.exists(pausedMark);
  }
}
