package dev.replicator.bench.compare;

import java.util.List;

/** All workloads and all tools. */
final class Suite {
  private Suite() {}

  static List<Workload> workloads() {
    return List.of(
        new Lag("lag", Link.Kind.DIRECT),
        new LagBesideBulk("lag-bulk"),
        new LagBesideChanges("lag-changes"),
        new Burst("burst", Link.Kind.DIRECT),
        new Delta("delta", Link.Kind.COUNTED),
        new Rename("rename"),
        new Delete("delete"),
        new Churn("churn"),
        new CatchUp("catch-up"),
        new Resync("resync"),
        new Standing("standing"),
        new Lag("lag-wan", Link.Kind.WIDE),
        new Burst("burst-wan", Link.Kind.WIDE),
        new Delta("delta-wan", Link.Kind.WIDE));
  }

  /** Ours first: others are told as so many times ours. */
  static List<Tool> tools() {
    return List.of(
        new ReplicatorTool(),
        new RsyncTool(),
        new LsyncdTool(),
        new UnisonTool(),
        new SyncthingTool(),
        new FloorTool());
  }
}
