package dev.replicator.bench.compare;

/** What a tool can do, and a workload needs. */
enum Trait {
  LIVE("runs once, when it is told to"),
  TREES("copies closed files and knows no directories"),
  RESYNC("has no full comparison that ends"),
  TELLS_READY("does not tell when it is ready");

  private final String lack;

  Trait(String lack) {
    this.lack = lack;
  }

  /** Why a tool without it is left out. */
  String lack() {
    return lack;
  }
}
