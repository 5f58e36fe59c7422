package dev.replicator.bench.compare;

import java.util.List;

/** All workloads and all tools. */
final class Suite {
  private Suite() {}

  static List<Workload> workloads() {
    return List.of(
        new Burst("burst", Link.Kind.DIRECT),
        new Lag("lag", Link.Kind.DIRECT));
  }

  /** Ours first: others are told as so many times ours. */
  static List<Tool> tools() {
    return List.of(new ReplicatorTool(), new RsyncTool());
  }
}
