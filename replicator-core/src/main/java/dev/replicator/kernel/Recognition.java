package dev.replicator.kernel;

import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import java.util.Optional;

/** Says whether a directory is the root: the first one is, then the one that is known. */
final class Recognition {
  private final ReplicaState state;
  private final Births births;
  private final Health health;
  private final Scans scans;
  private final Suspects suspects;
  private Optional<RootIdentity> offered = Optional.empty();

  /** That this run began; 0 before. */
  private long epoch;

  Recognition(ReplicaState state, Births births, Health health, Scans scans, Suspects suspects) {
    this.state = state;
    this.births = births;
    this.health = health;
    this.scans = scans;
    this.suspects = suspects;
  }

  /** A start found {@code root}, or no directory. */
  void start(Optional<RootIdentity> root) {
    root.ifPresentOrElse(
        this::recognise,
        () -> suspects.rootLost(new Problem(Problem.Kind.HELD, Event.RootLost.MISSING)));
  }

  /** A root that was lost may be there again. */
  void found(RootIdentity root) {
    if (health.isLost()) {
      recognise(root);
      if (!health.isLost()) {
        scans.restart();
        scans.begin(RelativePath.ROOT, Cause.SCAN, Long.MAX_VALUE, health::seen);
      }
    }
  }

  /** Takes the other directory that was found for the root; tells whether there was one. */
  boolean approve() {
    if (offered.isEmpty()) {
      return false;
    }
    RootIdentity root = offered.get();
    births.rootReplaced();
    accept(root);
    scans.restart();
    Runnable adopted = births.adoptionScan();
    scans.begin(
        RelativePath.ROOT,
        Cause.SCAN,
        0,
        () -> {
          adopted.run();
          health.seen();
        });
    return true;
  }

  /** What {@code seen} tells of the root is on its disk: what has an earlier epoch is not it. */
  void synced(RootIdentity seen) {
    Optional<RootIdentity> known = state.root().rootIdentity();
    if (!health.isLost()
        && known.isPresent()
        && known.get().epoch() < epoch
        && seen.isSame(known.get())
        && seen.epoch() == epoch) {
      state.setRoot(state.root().withRootIdentity(known.get().withEpoch(epoch)));
    }
  }

  private void recognise(RootIdentity found) {
    Optional<RootIdentity> known = state.root().rootIdentity();
    if (known.map(found::isSame).orElse(true)) {
      accept(found);
    } else {
      offered = Optional.of(found);
      String what =
          known.filter(found::isEarlierStateOf).isPresent()
              ? "an earlier state of itself (a snapshot or backup of its disk)"
              : "another directory than before (not mounted, or replaced)";
      suspects.rootLost(
          new Problem(
              Problem.Kind.HELD, "the root is " + what + "; approve takes it and deletes nothing"));
    }
  }

  private void accept(RootIdentity found) {
    offered = Optional.empty();
    health.found();
    long before = state.root().rootIdentity().map(RootIdentity::epoch).orElse(0L);
    String marker =
        found.marker().isEmpty()
            ? state
                .root()
                .rootIdentity()
                .map(RootIdentity::marker)
                .filter(text -> !text.isEmpty())
                .orElseGet(() -> state.root().identity().journal().octets().toHex())
            : found.marker();
    RootIdentity marked = found.withMarker(marker);
    long latest = Math.max(before, found.epoch());
    boolean worn = latest >= RootIdentity.EPOCH_MAX;
    state.setRoot(state.root().withRootIdentity(worn ? marked.withEpoch(0) : marked));
    // Until it was synced it may not have come to the disk: the one that was found is known.
    epoch = worn ? 1 : latest + 1;
    state.emit(new Effect.AcceptRoot(marked.withEpoch(epoch)));
  }
}
