package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Carries out what users chose: a sibling of a conflict, or a version that had left. */
final class Choices {
  private static final int HISTORY_LOOKED_AT_MAX = 1_000;

  private final ReplicaState state;
  private final Records records;
  private final Births births;

  Choices(ReplicaState state, Records records, Births births) {
    this.state = state;
    this.records = records;
    this.births = births;
  }

  void resolve(Event.ResolveAsked asked) {
    var chosen = records.of(asked.path()).contents().find(asked.chosen());
    if (chosen.isEmpty()) {
      refused(asked.request(), "no version " + asked.chosen() + " of " + asked.path());
    } else if (!births.mayWrite()) {
      refused(asked.request(), "waiting for peers to answer; try again in 2 seconds");
    } else {
      Choice.write(
          state, records, asked.path(), chosen.get().value(), asked.printed(), Optional.empty());
      done(asked.request(), "resolved " + asked.path());
    }
  }

  void restore(Event.RestoreAsked asked) {
    RelativePath path = asked.path();
    Optional<Entry> sibling = records.of(path).contents().find(asked.version()).map(Element::value);
    Optional<Target> left =
        state.index.history(path, HISTORY_LOOKED_AT_MAX).stream()
            .filter(item -> item.dot().equals(asked.version()))
            .map(HistoryItem::version)
            .findFirst();
    Optional<Entry> entry = sibling.or(() -> left.map(Target::entry));
    if (entry.isEmpty()) {
      refused(asked.request(), "no version " + asked.version() + " of " + path);
    } else if (!births.mayWrite()) {
      refused(asked.request(), "waiting for peers to answer; try again in 2 seconds");
    } else {
      SortedSet<Dot> superseded =
          state.draft.materialised(path).map(m -> m.knowledge().contents()).orElse(new TreeSet<>());
      Choice.write(state, records, path, entry.get(), superseded, left);
      done(asked.request(), "restored " + path);
    }
  }

  private void done(long request, String text) {
    state.emit(new Effect.Reply(request, new Answer.Done(text)));
  }

  private void refused(long request, String reason) {
    state.emit(new Effect.Reply(request, new Answer.Refused(reason)));
  }
}
