package dev.replicator.linux;

import dev.replicator.port.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * A watcher by one fanotify mark on the whole file system of the root: nothing to set up for each
 * directory, no limit and no overflow. It needs CAP_SYS_ADMIN and CAP_DAC_READ_SEARCH, Linux 5.17
 * and a file system with handles, which overlayfs is not; where it cannot be, the start fails.
 */
final class FanotifyWatcher extends ThreadedWatcher {
  private final Path root;
  private final Clock clock;
  private final WatchTiming timing;
  private final long silentProcess;
  private final boolean limited;

  /**
   * @param silentProcess whose changes are not told, such as our own; 0 for none
   */
  FanotifyWatcher(Path root, Clock clock, WatchTiming timing, long silentProcess) {
    this(root, clock, timing, silentProcess, false);
  }

  /**
   * @param limited whether only so many events wait as fs.fanotify.max_queued_events says
   */
  FanotifyWatcher(Path root, Clock clock, WatchTiming timing, long silentProcess, boolean limited) {
    super("fanotify", String.valueOf(root.getFileName()));
    this.root = root;
    this.clock = clock;
    this.timing = timing;
    this.silentProcess = silentProcess;
    this.limited = limited;
  }

  @Override
  WatchThread.WatchSource open(Listener listener, BooleanSupplier closed) throws IOException {
    return FanotifySource.open(root, clock, timing, silentProcess, limited, listener, closed);
  }
}
