package dev.replicator.portable;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher.Listener;
import io.methvin.watcher.DirectoryChangeEvent;
import io.methvin.watcher.DirectoryChangeListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the library's events into hints about paths below the root. */
final class WatcherHints implements DirectoryChangeListener {
  static final RelativePath OWN = RelativePath.of(".replicator");

  private static final Logger log = LoggerFactory.getLogger(WatcherHints.class);
  private static final String WATCHES = "User limit of inotify watches reached";

  private final Path root;
  private final Names names;
  private final Listener listener;
  private final AtomicBoolean limitTold = new AtomicBoolean();

  WatcherHints(Path root, Listener listener) {
    this.root = root;
    this.names = Names.below(root);
    this.listener = listener;
  }

  @Override
  public void onEvent(DirectoryChangeEvent event) {
    if (event.eventType() == DirectoryChangeEvent.EventType.OVERFLOW) {
      listener.suspect(RelativePath.ROOT, "events were lost");
      return;
    }
    RelativePath path = relative(event.path());
    if (path.isRoot() || path.isWithin(OWN)) {
      return;
    }
    boolean created = event.eventType() == DirectoryChangeEvent.EventType.CREATE;
    if (created && event.isDirectory()) {
      listener.appeared(path);
    } else {
      listener.changed(path);
    }
  }

  @Override
  public void onException(Exception failure) {
    log.debug("exception in the watcher of {}", root, failure);
    listener.suspect(RelativePath.ROOT, "events may be lost: " + failure);
  }

  /** A directory is there and cannot be watched. */
  void unseen(Path directory, IOException failure) {
    String reason = String.valueOf(failure.getMessage());
    if (!reason.contains(WATCHES)) {
      listener.suspect(relative(directory), "cannot be watched: " + reason);
    } else if (limitTold.compareAndSet(false, true)) {
      // Once: with the next thousand directories it is no news.
      listener.suspect(
          RelativePath.ROOT,
          "no more inotify watches: raise the sysctl fs.inotify.max_user_watches;"
              + " changes in some directories go unnoticed");
    }
  }

  private RelativePath relative(Path path) {
    return path.equals(root)
        ? RelativePath.ROOT
        : RelativePath.of(names.octets(root.relativize(path)));
  }
}
