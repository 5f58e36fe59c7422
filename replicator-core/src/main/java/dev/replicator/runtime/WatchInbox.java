package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings the watcher's hints to the root's thread: as many as have come by the time it is there are
 * one task of its mailbox.
 */
final class WatchInbox implements Watcher.Listener {
  private static final int PATHS_MAX = 200_000;

  private final Consumer<Runnable> mailbox;
  private final Hints to;
  private Map<RelativePath, Hint> waiting = new LinkedHashMap<>();
  private boolean overflowed;

  /** Takes hints, on the root's thread. */
  interface Hints {
    void hint(RelativePath path, Hint hint);

    void written(RelativePath path, long inode);

    void suspect(RelativePath scope, String reason);

    void failed(String reason);
  }

  WatchInbox(Consumer<Runnable> mailbox, Hints to) {
    this.mailbox = mailbox;
    this.to = to;
  }

  @Override
  public void changed(RelativePath path) {
    put(path, Hint.CHANGED);
  }

  @Override
  public void written(RelativePath path, long inode) {
    mailbox.accept(() -> to.written(path, inode));
  }

  @Override
  public void appeared(RelativePath directory) {
    put(directory, Hint.APPEARED);
  }

  @Override
  public void movedIn(RelativePath directory) {
    put(directory, Hint.MOVED_IN);
  }

  @Override
  public void moved(RelativePath from, RelativePath to, boolean directory) {
    put(to, directory ? Hint.movedFrom(from) : Hint.renamedFrom(from));
    changed(from);
  }

  private void put(RelativePath path, Hint hint) {
    boolean first;
    synchronized (this) {
      first = waiting.isEmpty();
      if (waiting.size() < PATHS_MAX || waiting.containsKey(path)) {
        waiting.merge(path, hint, Hint::and);
      } else {
        overflowed = true;
      }
    }
    if (first) {
      mailbox.accept(this::take);
    }
  }

  private void take() {
    Map<RelativePath, Hint> taken;
    boolean incomplete;
    synchronized (this) {
      taken = waiting;
      waiting = new LinkedHashMap<>();
      incomplete = overflowed;
      overflowed = false;
    }
    taken.forEach(to::hint);
    if (incomplete) {
      to.suspect(RelativePath.ROOT, "too many changes wait to be looked at");
    }
  }

  @Override
  public void suspect(RelativePath scope, String reason) {
    mailbox.accept(() -> to.suspect(scope, reason));
  }

  @Override
  public void failed(String reason) {
    mailbox.accept(() -> to.failed(reason));
  }
}
