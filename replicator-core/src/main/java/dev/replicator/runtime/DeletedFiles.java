package dev.replicator.runtime;

import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * The history has what this node itself took from its paths for a change of others. What somebody
 * deleted on this node was gone before anybody could keep it: of that there are earlier versions at
 * best, and a peer has the last.
 */

/** Finds in the history what was deleted. From any thread; one page of it is in memory. */
final class DeletedFiles {
  private static final int PAGE = 1_024;

  private final EngineParts parts;

  /** What is at a path, beside the version that was deleted there. */
  enum Now {
    GONE,
    /** The same content. */
    BACK,
    SOMETHING_ELSE
  }

  /** Takes the last version of one path after the other. */
  interface Taker {
    /** False when that was enough. */
    boolean take(HistoryItem last) throws InterruptedException;
  }

  DeletedFiles(EngineParts parts) {
    this.parts = parts;
  }

  /** The first of them, in the order of paths. */
  DeletedReport list(RelativePath directory, long sinceMillis, int limit) {
    List<DeletedFile> files = new ArrayList<>();
    try {
      boolean complete =
          each(
              directory,
              sinceMillis,
              item -> {
                if (now(item) != Now.GONE) {
                  return true;
                }
                if (files.size() < limit) {
                  files.add(file(item));
                  return true;
                }
                return false;
              });
      return new DeletedReport(files, complete);
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return new DeletedReport(files, false);
    }
  }

  /** True when it came to the end; of each path only the last version is looked at. */
  boolean each(RelativePath directory, long sinceMillis, Taker taker) throws InterruptedException {
    Journal journal = parts.journal();
    Optional<HistoryItem> last = Optional.empty();
    List<HistoryItem> page = journal.historyBelow(directory, Optional.empty(), PAGE);
    while (!page.isEmpty()) {
      for (HistoryItem item : page) {
        boolean same = last.map(it -> it.path().equals(item.path())).orElse(false);
        if (!same && last.isPresent() && !take(last.get(), sinceMillis, taker)) {
          return false;
        }
        last =
            last.filter(it -> same && (hasShown(it) || !hasShown(item)))
                .or(() -> Optional.of(item));
      }
      page = journal.historyBelow(directory, Optional.of(page.getLast()), PAGE);
    }
    return last.isEmpty() || take(last.get(), sinceMillis, taker);
  }

  private static boolean take(HistoryItem last, long sinceMillis, Taker taker)
      throws InterruptedException {
    return last.leftMillis() < sinceMillis || taker.take(last);
  }

  /** A version that lost a conflict may leave long after what was there. */
  private static boolean hasShown(HistoryItem item) {
    return switch (item.reason()) {
      case REPLACED, DELETED -> true;
      case LOST_CONFLICT, ADOPTED_LOST -> false;
    };
  }

  /** Whether it was there when somebody deleted. */
  static boolean isLast(HistoryItem item) {
    return item.reason() == HistoryItem.Reason.DELETED;
  }

  Now now(HistoryItem item) {
    Entry here =
        parts
            .journal()
            .materialised(item.path())
            .map(Materialised::entry)
            .filter(Entry::isPresent)
            .or(() ->
                parts.journal().record(item.path()).map(stored -> stored.record().visibleEntry()))
            .orElse(Entry.ABSENT);
    if (here.isPresent()) {
      return here.equals(item.version().entry()) ? Now.BACK : Now.SOMETHING_ELSE;
    }
    return Now.GONE;
  }

  DeletedFile file(HistoryItem item) {
    return new DeletedFile(
        item.path(),
        item.leftMillis(),
        item.dot(),
        bytes(item),
        isHere(item.version().entry()),
        isLast(item));
  }

  static long bytes(HistoryItem item) {
    return item.version().entry() instanceof Entry.File file ? file.size() : 0;
  }

  /** In the vault, or at another path. */
  boolean isHere(Entry entry) {
    if (!(entry instanceof Entry.File file) || file.size() == 0) {
      return true;
    }
    try {
      return parts.vault().holds(file.digest())
          || !parts.journal().pathsOf(file.digest(), 1).isEmpty();
    } catch (IOException unreadable) {
      return false;
    }
  }
}
