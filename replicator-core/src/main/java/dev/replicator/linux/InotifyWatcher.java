package dev.replicator.linux;

import dev.replicator.port.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * A watcher by inotify: one instance, one watch per directory.
 *
 * <p>It tells of a file when its writer closed it, and of everything else at once. A writer through
 * a memory map is told when it unmaps. Other file systems mounted below the root are not watched.
 * That the root itself was deleted is not told: whoever holds it open has to ask now and then.
 */
final class InotifyWatcher extends ThreadedWatcher {
  private final Path root;
  private final Clock clock;
  private final WatchTiming timing;
  private final int directoriesMax;

  /**
   * @param directoriesMax with more, or without watches for all, it fails with {@link NotWhole}
   */
  InotifyWatcher(Path root, Clock clock, WatchTiming timing, int directoriesMax) {
    super("inotify", String.valueOf(root.getFileName()));
    this.root = root;
    this.clock = clock;
    this.timing = timing;
    this.directoriesMax = directoriesMax;
  }

  /** The root has more directories than were allowed for, or than there are watches. */
  static final class NotWhole extends IOException {
    private static final long serialVersionUID = 1;

    NotWhole(String reason) {
      super(reason);
    }
  }

  @Override
  WatchThread.WatchSource open(Listener listener, BooleanSupplier closed) throws IOException {
    return InotifySource.open(root, clock, timing, directoriesMax, listener, closed);
  }
}
