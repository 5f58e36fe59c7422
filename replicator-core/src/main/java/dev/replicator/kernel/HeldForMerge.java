package dev.replicator.kernel;

import dev.replicator.model.PeerProgress;
import dev.replicator.model.RelativePath;
import java.util.TreeMap;

/**
 * Deletions that wait for the first merge with a peer, and how they were found: what nobody is
 * known to have written may not be deleted before some peer was asked of it.
 */
final class HeldForMerge {
  private final ReplicaState state;
  private final Records records;
  private final TreeMap<RelativePath, Paths.Suspicion> held = new TreeMap<>();

  /** Whether there were more: a scan finds these. */
  private boolean more;

  HeldForMerge(ReplicaState state, Records records) {
    this.state = state;
    this.records = records;
  }

  boolean isToWait(RelativePath path) {
    boolean merged = state.draft.peers().values().stream().anyMatch(PeerProgress::complete);
    boolean adopted =
        records.of(path).visibleContent().map(element -> element.adopted()).orElse(false);
    return adopted && !merged && !state.peers.isEmpty();
  }

  void hold(RelativePath path, Paths.Suspicion suspicion) {
    boolean room = held.size() < state.settings.bounds().waiting();
    if (room || held.containsKey(path)) {
      held.merge(path, suspicion, Paths.Suspicion::merge);
    } else {
      more = true;
    }
  }

  /** Something is there; whether it was seen to be gone before, and that waited. */
  boolean present(RelativePath path) {
    return held.remove(path) != null;
  }

  TreeMap<RelativePath, Paths.Suspicion> take() {
    TreeMap<RelativePath, Paths.Suspicion> waiting = new TreeMap<>(held);
    held.clear();
    return waiting;
  }

  boolean takeMore() {
    boolean were = more;
    more = false;
    return were;
  }
}
