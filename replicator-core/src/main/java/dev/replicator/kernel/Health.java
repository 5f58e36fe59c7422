package dev.replicator.kernel;

/** Why a root does not work as it should; "" when it does. */
final class Health {
  private String rootLost = "";
  private String held = "";

  boolean isLost() {
    return !rootLost.isEmpty();
  }

  void lost(String reason) {
    rootLost = reason;
  }

  void found() {
    rootLost = "";
  }

  void hold(String reason) {
    held = reason;
  }

  void release() {
    held = "";
  }

  boolean isHeld() {
    return isLost() || !held.isEmpty();
  }

  String reason() {
    return isLost() ? rootLost : held;
  }
}
