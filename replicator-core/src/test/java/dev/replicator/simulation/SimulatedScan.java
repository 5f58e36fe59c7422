package dev.replicator.simulation;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.Optional;
import java.util.TreeSet;

/** A walk over a disk that others change meanwhile. */
final class SimulatedScan {
  private static final int STRIDE_MAX = 4;
  private static final long UNREADABLE_MILLIS = 10_000;

  private final SimulatedNode node;
  private final SimulatedCluster cluster;
  private final Effect.Scan asked;
  private final int life;
  private RelativePath cursor = RelativePath.ROOT;
  private final TreeSet<RelativePath> unlisted = new TreeSet<>();

  SimulatedScan(SimulatedNode node, Effect.Scan asked) {
    this.node = node;
    this.cluster = node.cluster();
    this.asked = asked;
    this.life = node.life();
  }

  void go() {
    if (node.life() != life) {
      return;
    }
    if (!node.isRootItself()) {
      node.handle(new Event.ScanEnded(asked.scan(), false));
      return;
    }
    int stride = 1 + cluster.random().nextInt(STRIDE_MAX);
    for (int i = 0; i < stride && node.life() == life; i++) {
      Optional<RelativePath> next = next();
      if (next.isEmpty()) {
        node.handle(new Event.ScanEnded(asked.scan(), node.isRootItself()));
        return;
      }
      cursor = next.get();
      if (node.disk.unreadable().contains(cursor) && cursor.isWithin(asked.scope())) {
        node.handle(new Event.Unreadable(cursor, Problem.of(Problem.Kind.PERMISSION)));
      }
      if (isLeftOut(cursor)) {
        continue;
      }
      list();
      if (cursor.isWithin(asked.scope()) && isReadable(cursor) && differs(cursor)) {
        node.handle(new Event.Suspected(cursor, asked.cause(), isAsKnown(cursor), true));
      }
    }
    cluster.schedule(node, cluster.delay(), this::go);
  }

  private Optional<RelativePath> next() {
    TreeSet<RelativePath> candidates = new TreeSet<>();
    RelativePath onDisk = node.disk.things().higherKey(cursor);
    if (onDisk != null) {
      candidates.add(onDisk);
    }
    RelativePath after = cursor;
    while (true) {
      var page = node.journal().materialisedAfter(after, Limits.SUMMARY_PATHS_MAX);
      page.entrySet().stream()
          .filter(entry -> entry.getValue().entry().isPresent())
          .findFirst()
          .ifPresent(entry -> candidates.add(entry.getKey()));
      if (page.size() < Limits.SUMMARY_PATHS_MAX) {
        break;
      }
      after = page.lastKey();
    }
    return candidates.isEmpty() ? Optional.empty() : Optional.of(candidates.first());
  }

  /** What is there and rules leave out, and what is in a directory that is not listed for them. */
  private boolean isLeftOut(RelativePath path) {
    if (!node.rules.leavesOut() || path.equals(asked.scope())) {
      return false;
    }
    boolean known =
        node.journal()
            .materialised(path)
            .map(it -> it.entry().type())
            .filter(type -> type != EntryType.ABSENT && node.rules.replicates(path, type))
            .isPresent();
    boolean here =
        !known
            && node.disk
                .find(path)
                .filter(it -> !node.rules.replicates(path, it.type()))
                .isPresent();
    boolean above = false;
    for (RelativePath at = path.parent(); !at.isRoot(); at = at.parent()) {
      above |= node.disk.isDirectory(at) && !node.rules.mayReplicateBelow(at);
    }
    return here || above;
  }

  /** A directory that cannot be listed now; those above it could. */
  private void list() {
    if (node.disk.isDirectory(cursor) && cursor.isWithin(asked.scope()) && isReadable(cursor)) {
      Optional<Problem> fault = node.faults().on(Faults.Step.LIST);
      if (fault.isPresent()) {
        unlisted.add(cursor);
        node.handle(new Event.Unreadable(cursor, fault.get()));
        listLater(cursor);
      }
    }
  }

  /** As the runtime does. */
  private void listLater(RelativePath directory) {
    cluster.schedule(
        UNREADABLE_MILLIS,
        () -> {
          if (node.life() == life) {
            node.handle(new Event.ScopeSuspected(directory, Cause.SCAN));
          }
        });
  }

  private boolean isReadable(RelativePath path) {
    TreeSet<RelativePath> hidden = new TreeSet<>(node.disk.unreadable());
    hidden.addAll(unlisted);
    return hidden.stream().noneMatch(above -> path.isWithin(above) && !path.equals(above));
  }

  /** Its stamp is too young to be believed: then it is read even so. */
  private boolean isAsKnown(RelativePath path) {
    Optional<Thing> there = node.disk.find(path);
    return there.isPresent()
        && node.journal().materialised(path).map(there.get()::holds).orElse(false);
  }

  private boolean differs(RelativePath path) {
    Optional<Thing> there = node.disk.find(path);
    Optional<Materialised> known =
        node.journal().materialised(path).filter(m -> m.entry().isPresent());
    if (there.isEmpty() || known.isEmpty()) {
      return there.isPresent() || known.isPresent();
    }
    boolean distrusted = there.get().stamp().youngUntilMillis() >= asked.distrustSinceMillis();
    boolean young = asked.cause() != Cause.WATCH && node.disk.looks.isYoung(there.get());
    return distrusted || young || !there.get().holds(known.get());
  }
}
