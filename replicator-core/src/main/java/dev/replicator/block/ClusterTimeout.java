package dev.replicator.block;

/** A setting of a registered cluster. It is taken only while nothing is mounted (transcript 53). */
enum ClusterTimeout {
  DEAD("heartbeat/dead_threshold"),
  IDLE("idle_timeout_ms");

  private final String path;

  ClusterTimeout(String path) {
    this.path = path;
  }

  /** Below the cluster's directory of configfs. */
  String path() {
    return path;
  }

  int value(ClusterFileSystem meant) {
    return switch (this) {
      case DEAD -> meant.deadThreshold();
      case IDLE -> meant.idleMillis();
    };
  }
}
