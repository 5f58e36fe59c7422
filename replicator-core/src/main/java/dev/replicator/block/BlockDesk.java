package dev.replicator.block;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What the daemon and the commands agree on about one root, in its state directory: which one of
 * them works on it now, and whether the daemon only looks on. The first is a lock, which the kernel
 * takes from a process that ends, however it ends; the second outlives every process.
 */
public final class BlockDesk {
  private final Path lock;
  private final Path pausedMark;

  /**
   * @param state the directory of the root, which exists
   */
  public BlockDesk(Path state) {
    this.lock = state.resolve("working");
    this.pausedMark = state.resolve("paused");
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

  boolean isPaused() {
    return Files.exists(pausedMark);
  }
}
