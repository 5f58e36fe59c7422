package dev.replicator.port;

import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.util.List;

/**
 * Tells which paths of one tree may have changed. Events are hints: the listener looks for itself.
 * Own threads; {@link Listener} may be called from any of them and must not block long.
 */
public interface Watcher extends AutoCloseable {
  /** So much later what may not be whole yet is told, if nothing more happens to it. */
  long KEPT_BACK_MILLIS = 5_000;

  /** Takes the hints. */
  interface Listener {
    /** Something about {@code path} itself may have changed: content, metadata, existence. */
    void changed(RelativePath path);

    /**
     * Somebody writes to the file with this inode at {@code path} and has not closed it: {@link
     * #changed} tells when he does, if ever. Told now and then while he goes on; not every watcher
     * can tell.
     */
    default void written(RelativePath path, long inode) {}

    /** A directory appeared or was moved in: everything below it is new too. */
    void appeared(RelativePath directory);

    /** A directory came here by one rename, with all that is in it: it is whole. */
    default void movedIn(RelativePath directory) {
      appeared(directory);
    }

    /**
     * What was at {@code from} is at {@code to} now, with all below it when it is a directory. The
     * new name is looked at first: what it holds is known from the old one then.
     */
    default void moved(RelativePath from, RelativePath to, boolean directory) {
      if (directory) {
        movedIn(to);
      } else {
        changed(to);
      }
      changed(from);
    }

    /** Events under {@code scope} may have been missed: scan it. */
    void suspect(RelativePath scope, String reason);

    /** The watcher died; nothing more will come until a new one is started. */
    void failed(String reason);
  }

  /**
   * What this watcher can do.
   *
   * @param name for {@code status}, such as "directory-watcher"
   * @param closeEvents whether a change is told once its writer closed the file; otherwise paths
   *     are read after a quiet interval
   * @param orderedQueue whether a cookie that was seen proves that everything before was seen
   */
  record Capabilities(String name, boolean closeEvents, boolean orderedQueue) {}

  Capabilities capabilities();

  /** Why this way of watching and no other, for {@code status}; from any thread. */
  default String choice() {
    return "";
  }

  /** What it cannot see at present, in sentences for {@code status}; from any thread. */
  default List<String> notes() {
    return List.of();
  }

  /** Returns once everything that happens from now on is told. */
  void start(Listener listener) throws IOException;

  /**
   * With an ordered queue: calls {@code seen} once all that happened before this call was told.
   * Without: calls it at once, and the caller scans.
   */
  void cookie(Runnable seen);

  /**
   * As {@link #cookie}, and leaves alone what is kept back: what its writer has not closed, if it
   * is new or he goes on, and for {@link #KEPT_BACK_MILLIS} at most what may be half of something.
   */
  default void drained(Runnable told) {
    cookie(told);
  }

  @Override
  void close();
}
