package dev.replicator.linux;

import dev.replicator.port.Clock;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Which one, and why. inotify costs about 18 microseconds for every directory, once, keeps each
 * in the kernel's memory, and takes of a limit that all processes of a user share; but it hears of
 * nothing outside the root. fanotify costs nothing to set up and has no limits; but it hears of
 * every file that anybody closes, makes or removes on that file system, and each of these costs
 * some 12 microseconds, for ever. So the tree decides: inotify up to so many directories that both
 * its set-up and its share of the limit stay small, beyond that fanotify where it is allowed.
 *
 * Neither tells of who writes to a file and does not close it: inotify would need as many watches
 * once more, and the one queue of fanotify would be full of writes. Whichever it is, a fanotify
 * group of its own does, where it may be used: FanotifyWrites.
 */

/** The watcher of Linux: inotify or fanotify, whichever serves this root better. */
public final class LinuxWatcher implements Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(LinuxWatcher.class);
  private static final int INOTIFY_DIRECTORIES_MAX = 10_000;

  private final Path root;
  private final Clock clock;
  private final int directoriesMax;
  private final long silentProcess;
  private final Object starting = new Object();
  private volatile @Nullable Watcher chosen;
  private volatile String choice = "";
  private volatile String unclosed = "";
  private volatile @Nullable WatchThread writes;
  private volatile boolean closed;

  public LinuxWatcher(Path root, Clock clock) {
    this(root, clock, inotifyDirectories(), ProcessHandle.current().pid());
  }

  LinuxWatcher(Path root, Clock clock, int directoriesMax, long silentProcess) {
    this.root = root;
    this.clock = clock;
    this.directoriesMax = directoriesMax;
    this.silentProcess = silentProcess;
  }

  private static int inotifyDirectories() {
    return (int) Math.min(INOTIFY_DIRECTORIES_MAX, WatchLimits.watches() / 2);
  }

  /** Whether this is Linux. */
  public static boolean isSupported() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  /** The name is known for certain once the watcher was started. */
  @Override
  public Capabilities capabilities() {
    @Nullable Watcher watcher = chosen;
    return watcher == null ? new Capabilities("inotify", true, true) : watcher.capabilities();
  }

  @Override
  public String choice() {
    return unclosed.isEmpty() ? choice : choice + "; " + unclosed;
  }

  @Override
  public List<String> notes() {
    @Nullable Watcher watcher = chosen;
    return watcher == null ? List.of() : watcher.notes();
  }

  @Override
  public void start(Listener listener) throws IOException {
    startChosen(listener);
    try {
      // First: its thread may say otherwise at once.
      unclosed = "files that stay open are read after 2 s without a write, or 30 s";
      startWrites(listener);
    } catch (IOException refusal) {
      unheard(String.valueOf(refusal.getMessage()));
    }
  }

  private void unheard(String reason) {
    unclosed = "files that stay open are read when the whole tree is compared: " + reason;
  }

  private void startWrites(Listener listener) throws IOException {
    FanotifyWrites source =
        FanotifyWrites.open(
            root,
            clock,
            WriteTiming.STANDARD,
            silentProcess,
            listener,
            () -> closed,
            this::unheard);
    WatchThread reader = WatchThread.over("writes-" + root.getFileName(), source);
    synchronized (starting) {
      closeWrites();
      writes = reader;
      if (closed) {
        reader.close();
      } else {
        reader.start();
      }
    }
  }

  private void closeWrites() {
    @Nullable WatchThread last = writes;
    if (last != null) {
      last.close();
    }
  }

  private void startChosen(Listener listener) throws IOException {
    IOException refusal;
    try {
      choice = "at most " + directoriesMax + " directories";
      start(inotify(directoriesMax), listener);
      return;
    } catch (IOException failure) {
      refusal = failure;
    }
    try {
      choice = String.valueOf(refusal.getMessage());
      start(new FanotifyWatcher(root, clock, WatchTiming.STANDARD, silentProcess), listener);
      LOG.info("{} is watched by fanotify: {}", root, choice);
    } catch (IOException failure) {
      if (!(refusal instanceof InotifyWatcher.NotWhole)) {
        throw refusal;
      }
      choice += "; " + failure.getMessage();
      LOG.info("{} is watched by inotify all the same: {}", root, choice);
      start(inotify(Integer.MAX_VALUE), listener);
    }
  }

  private InotifyWatcher inotify(int most) {
    return new InotifyWatcher(root, clock, WatchTiming.STANDARD, most);
  }

  private void start(Watcher watcher, Listener listener) throws IOException {
    synchronized (starting) {
      chosen = watcher;
      if (closed) {
        watcher.close();
      }
    }
    watcher.start(listener);
  }

  /** First what is heard of writes: of a file that nobody opens nothing else tells. */
  @Override
  public void cookie(Runnable seen) {
    @Nullable WatchThread reader = writes;
    if (reader == null) {
      chosenCookie(seen);
    } else {
      reader.cookie(() -> chosenCookie(seen));
    }
  }

  private void chosenCookie(Runnable seen) {
    @Nullable Watcher watcher = chosen;
    if (watcher == null) {
      seen.run();
    } else {
      watcher.cookie(seen);
    }
  }

  @Override
  public void drained(Runnable told) {
    @Nullable Watcher watcher = chosen;
    if (watcher == null) {
      told.run();
    } else {
      watcher.drained(told);
    }
  }

  @Override
  public void close() {
    @Nullable Watcher watcher;
    synchronized (starting) {
      closed = true;
      closeWrites();
      watcher = chosen;
    }
    if (watcher != null) {
      watcher.close();
    }
  }
}
