package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.FileKey;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Optional;

/*
 * A disk returned other bytes than were written to it. Nobody wrote them, so they make no write:
 * the path is believed to hold them from now on, and no dot stands behind them. Then it does not
 * show what its record shows, and what brings every other path there mends this one as well: the
 * content comes from wherever it is, and takes the place of exactly this file by an exchange.
 * Whoever writes to the file before that wrote to a file with these bytes: what he leaves is a
 * write, and the content that he never saw is kept beside it.
 */

/** Takes what lies damaged on this disk for what it is. */
final class Damages {
  private final ReplicaState state;
  private final Paths paths;
  private final Applies applies;

  Damages(ReplicaState state, Paths paths, Applies applies) {
    this.state = state;
    this.paths = paths;
    this.applies = applies;
  }

  /** Nothing happens when the path is not what it was believed to be, or is being handled. */
  void found(Event.Damaged event) {
    Materialised believed = event.believed();
    boolean same =
        state
            .draft
            .materialised(event.path())
            .map(m -> m.stamp().equals(believed.stamp()) && m.entry().equals(believed.entry()))
            .orElse(false);
    List<RelativePath> names = names(event.path(), believed);
    if (same && names.stream().noneMatch(this::isUncertain)) {
      names.forEach(name -> mark(name, event.actual()));
    }
  }

  /**
   * All names of the file, whose next look would find its bytes: some may have an older stamp. Of a
   * file with more names than are followed none is touched.
   */
  private List<RelativePath> names(RelativePath path, Materialised believed) {
    Optional<FileKey> file = believed.file().filter(key -> Draft.isLinked(believed));
    if (file.isEmpty()) {
      return List.of(path);
    }
    List<RelativePath> names = state.draft.namesOf(file.get(), Limits.FILE_NAMES_MAX + 1);
    return names.size() > Limits.FILE_NAMES_MAX
        ? List.of()
        : names.stream().filter(name -> entryAt(name).equals(believed.entry())).toList();
  }

  private Entry entryAt(RelativePath path) {
    return state.draft.materialised(path).map(Materialised::entry).orElse(Entry.ABSENT);
  }

  /** What is looked at or exchanged now may be something else in a moment. */
  private boolean isUncertain(RelativePath name) {
    return paths.isSuspect(name) || !paths.changing(name).isEmpty();
  }

  private void mark(RelativePath name, Entry actual) {
    Materialised here = state.draft.materialised(name).orElseThrow();
    state.draft.putMaterialised(name, here.damaged(actual));
    applies.reconcile(name);
  }
}
