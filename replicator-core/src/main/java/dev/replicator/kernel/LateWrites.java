package dev.replicator.kernel;

import dev.replicator.model.Displaced;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.Optional;

/*
 * Who has a file open writes to the file, not to the name. When an exchange takes the name for
 * another version, that one is materialised at once, and the file waits beside the tree: the
 * journal tells what it was. What its writer leaves there at his last close is a write of his over
 * what he had opened: it supersedes the writes behind that and nothing that came since.
 */

/** Writes to files that had left their paths. */
final class LateWrites {
  private final ReplicaState state;
  private final Births births;
  private final Records records;
  private final Applies applies;
  private final HardLinks hardLinks;

  LateWrites(
      ReplicaState state, Births births, Records records, Applies applies, HardLinks hardLinks) {
    this.state = state;
    this.births = births;
    this.records = records;
    this.applies = applies;
    this.hardLinks = hardLinks;
  }

  /** An exchange succeeded, and somebody has what it displaced open for writing. */
  void begin(RelativePath path, Intent intent, Stamp stamp, Target actual, String name) {
    Displaced displaced = new Displaced(name, path, intent.expected().orElseThrow());
    state.draft.add(new JournalWrite.PutDisplaced(displaced));
    state.emit(new Effect.AwaitWriter(displaced));
    applies.placed(path, intent.target(), applies.withoutLeft(path, intent), stamp, actual);
    if (!actual.entry().isPresent()) {
      applies.childGone(path);
    }
  }

  /** Nobody can write to it any more. */
  void end(Displaced displaced, Optional<Observation.Found> written) {
    RelativePath path = displaced.path();
    hardLinks.left(path, displaced.was(), Cause.WATCH);
    state.draft.add(new JournalWrite.DropDisplaced(displaced.name()));
    if (written.isPresent()) {
      store(path, writeOf(path, Optional.of(displaced.was()), written.get()));
    } else if (!stands(path, displaced.was())) {
      boolean shows = records.effective(path).isPresent();
      applies
          .keeping()
          .remember(
              path,
              displaced.was(),
              shows ? HistoryItem.Reason.REPLACED : HistoryItem.Reason.DELETED);
    }
    applies.reconcile(path);
  }

  /** As when its owner, mode or time was put on a copy. */
  private boolean stands(RelativePath path, Materialised was) {
    return state.draft.materialised(path).filter(it -> it.entry().equals(was.entry())).isPresent();
  }

  /** What was found in the place of {@code before} when that was displaced, as a write. */
  LocalWrite writeOf(
      RelativePath path, Optional<Materialised> before, Observation.Found displaced) {
    hardLinks.written(path, displaced);
    if (displaced.actual().entry() instanceof Entry.File file) {
      applies.keeping().kept(file.digest());
      state.draft.putChunks(file, displaced.chunks());
    }
    var record = records.of(path);
    // What a power cut left there is no write; its ctime tells nothing, the exchange set it.
    boolean adopted = !births.knowsBefore(path);
    return LocalWrite.of(
        record,
        births.unlessPut(path, before, displaced.actual(), record),
        births.perhaps(path, before, displaced.actual(), record),
        displaced.stamp(),
        displaced.actual(),
        adopted,
        !births.doubts(path),
        births::wrote,
        () -> births.pen(record, adopted));
  }

  void store(RelativePath path, LocalWrite write) {
    if (write.written()) {
      records.store(path, write, 0);
    }
  }
}
