package dev.replicator.kernel;

import dev.replicator.model.Attributes;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Siblings;
import dev.replicator.model.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A version that a user chose: a new write, so that two nodes that choose differently lose none.
 */
final class Choice {
  private Choice() {}

  /**
   * @param superseded what the user was shown: nothing else goes
   * @param whole with the metadata that the version had; empty to keep that of the record
   */
  static void write(
      ReplicaState state,
      Records records,
      RelativePath path,
      Entry chosen,
      Set<Dot> superseded,
      Optional<Target> whole) {
    Record before = records.of(path);
    Dot dot = state.mint();
    long clock = state.tick(Dating.over(before));
    Siblings<Entry> contents =
        before.contents().without(superseded).with(Element.written(dot, chosen, clock, List.of()));
    var mtimes = before.mtimes();
    var attributes = before.attributes();
    if (whole.isPresent() && chosen.isPresent()) {
      if (chosen.type().isTimed()) {
        mtimes =
            mtimes
                .without(mtimes.dots())
                .with(Element.written(dot, whole.get().mtime(), clock, List.of()));
      }
      // Those of a directory stay: it may be there again for what somebody puts into it.
      attributes =
          attributes
              .without(
                  before.visibleEntry().isPresent()
                      ? attributes.dotsWhere(it -> it.type() == chosen.type())
                      : attributes.dots())
              .with(Element.written(dot, whole.get().attributes(), clock, List.of()));
    }
    records.store(
        path,
        new Record(before.context().with(dot), contents, mtimes, attributes),
        Optional.empty(),
        0);
  }

  /** The attributes of a directory that is there for its descendants alone, and nothing else. */
  static void keepDirectory(ReplicaState state, Records records, RelativePath path) {
    Record before = records.of(path);
    Attributes shown = before.visibleAttributes(EntryType.DIRECTORY).orElseThrow().value();
    Dot dot = state.mint();
    long clock = state.tick(Dating.over(before));
    records.store(
        path,
        new Record(
            before.context().with(dot),
            Siblings.none(),
            Siblings.none(),
            Siblings.of(List.of(Element.written(dot, shown, clock, List.of())))),
        Optional.empty(),
        0);
  }

  /** The attributes of what is here, of which no record tells any more: nobody gave them now. */
  static void keepAttributes(
      ReplicaState state, Records records, RelativePath path, Materialised here) {
    Record before = records.of(path);
    Dot dot = state.mint();
    long clock = state.tick(new Dating(before.clockMax(), here.stamp().ctimeMillis()));
    records.store(
        path,
        new Record(
            before.context().with(dot),
            before.contents(),
            before.mtimes(),
            before.attributes().with(Element.written(dot, here.asked(), clock, List.of()))),
        Optional.empty(),
        0);
  }
}
