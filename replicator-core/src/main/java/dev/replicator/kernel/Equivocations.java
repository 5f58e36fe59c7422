package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import java.util.Optional;

/*
 * A dot names one write. Two contents under one dot were written by two nodes that take themselves
 * for the same, or made up by a peer. A record has one place for them, and each node has the one
 * that it heard of first. So the other becomes a write of the node that hears of both: then all
 * nodes have all of them, and agree on what shows, whatever their dot stands for on each.
 */

/** Keeps contents that were told under a dot which stands for another one here. */
final class Equivocations {
  private final ReplicaState state;
  private final Births births;

  Equivocations(ReplicaState state, Births births) {
    this.state = state;
    this.births = births;
  }

  /** {@code merged}, and what it lacks of {@code theirs} because {@code ours} is in its place. */
  Record keep(RelativePath path, Record ours, Record theirs, Record merged) {
    Record kept = merged;
    for (Element<Entry> told : theirs.contents().elements()) {
      Optional<Element<Entry>> mine = ours.contents().find(told.dot());
      if (mine.isPresent() && !mine.get().equals(told)) {
        state.alarm("two contents under one version " + told.dot() + " of " + path);
        kept = keep(kept, told);
      }
    }
    return kept;
  }

  private Record keep(Record merged, Element<Entry> told) {
    boolean known =
        merged.contents().elements().stream()
            .anyMatch(element -> element.value().equals(told.value()));
    // Of more than are kept the least goes: two nodes would bring it back to each other for ever.
    boolean full = merged.contents().size() >= Limits.SIBLINGS_KEPT_MAX;
    if (known || full || !told.value().isPresent() || !births.mayWrite()) {
      return merged;
    }
    Dot dot = state.mint();
    Element<Entry> again =
        new Element<>(
            dot, told.value(), told.clock(), told.preference(), told.adopted(), told.seen());
    return new Record(
        merged.context().with(dot),
        merged.contents().with(again),
        merged.mtimes(),
        merged.attributes());
  }
}
