package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/*
 * What a rule keeps from this disk has no work waiting, nor anything to find it by: once the rules
 * are others, all records are compared with what is here. And what is done here at a path that a
 * rule keeps away is nobody else's: it deletes nothing, and goes over nothing, that others show.
 * So nothing is known of such a path on this disk from then on, and what is found there when the
 * rule is taken back is adopted.
 */

/** Compares what is known with what is here when the rules are others than at the last start. */
final class ChangedRules {
  static final Problem IN_THE_WAY =
      new Problem(Problem.Kind.OBSTRUCTED, "a rule excludes what is in its place here");

  private final ReplicaState state;
  private final Paths paths;

  /** Up to where all records were compared with what is here; empty when there is no need to. */
  private Optional<RelativePath> compared = Optional.empty();

  private boolean changed;
  private boolean scanned;

  ChangedRules(ReplicaState state, Paths paths) {
    this.state = state;
    this.paths = paths;
  }

  void start() {
    changed = !state.root().rules().equals(Optional.of(state.settings.rules()));
    if (changed) {
      compared = Optional.of(RelativePath.ROOT);
      // Also when they are changed back before that is over.
      state.setRoot(state.root().withRules(Optional.empty()));
    }
  }

  /** Whether there may be work that nobody knows of yet. */
  boolean isComparing() {
    return compared.isPresent();
  }

  /**
   * Compares one page of records; when all were, and the first scan is over, they are compared no
   * more.
   *
   * @param compare looks whether there is work to do at a path
   */
  void comparePage(int page, Consumer<RelativePath> compare) {
    if (compared.isEmpty()) {
      return;
    }
    TreeMap<RelativePath, RecordState> records =
        new TreeMap<>(state.index.recordsAfter(compared.get(), page));
    for (RelativePath path : records.keySet()) {
      leaveUnlessReplicated(path);
      compare.accept(path);
    }
    compared = records.size() < page ? Optional.empty() : Optional.of(records.lastKey());
    endWhenOver();
  }

  /** What changed while the daemon was down was looked at. */
  void scanned() {
    scanned = true;
    endWhenOver();
  }

  private void endWhenOver() {
    if (changed && scanned && compared.isEmpty()) {
      changed = false;
      state.setRoot(state.root().withRules(Optional.of(state.settings.rules())));
    }
  }

  private void leaveUnlessReplicated(RelativePath path) {
    Optional<EntryType> here = state.draft.materialised(path).map(it -> it.entry().type());
    if (here.filter(type -> !replicates(path, type)).isPresent()) {
      drop(path);
    }
  }

  /**
   * A directory stays known, as of nobody's writing: rules may let in what is below one that they
   * exclude.
   */
  private void drop(RelativePath path) {
    Optional<Materialised> here = state.draft.materialised(path);
    if (here.filter(it -> it.entry().equals(Entry.DIRECTORY)).isEmpty()) {
      state.draft.dropMaterialised(path);
    } else if (!here.get().knowledge().equals(Knowledge.NONE)) {
      state.draft.putMaterialised(path, here.get().withKnowledge(Knowledge.NONE));
    }
  }

  private boolean replicates(RelativePath path, EntryType type) {
    return state.settings.filter().replicates(path, type);
  }

  /**
   * A rule keeps from others what is at {@code path}: it is no write over what they show.
   *
   * @param shown what they show
   * @return why that cannot be here, where the rules let it in
   */
  Optional<Problem> leave(RelativePath path, Entry shown, Paths.Suspicion suspicion) {
    drop(path);
    if (!shown.isPresent() || !replicates(path, shown.type())) {
      return Optional.empty();
    }
    // Nothing is fetched for a place that is taken: the next try looks first.
    paths.unread(path, suspicion);
    return Optional.of(IN_THE_WAY);
  }

  /**
   * Whether what is found at {@code path} was made while a rule kept it away, as far as is known.
   */
  boolean isReadmitted(RelativePath path) {
    Optional<Materialised> here = state.draft.materialised(path);
    return changed && here.isEmpty() && state.draft.record(path).isPresent();
  }
}
