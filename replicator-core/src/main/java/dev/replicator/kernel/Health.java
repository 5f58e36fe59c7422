package dev.replicator.kernel;

/** Why a root does not work as it should; "" when it does. */
final class Health {
  private String rootLost = "";
  private String held = "";
  private boolean unseen;

  boolean isLost() {
    return !rootLost.isEmpty();
  }

  void lost(String reason) {
    rootLost = reason;
    unseen = true;
  }

  /** Whether the root was lost, and what is in the one that was found was not all seen since. */
  boolean isUnseen() {
    return unseen;
  }

  void seen() {
    unseen = isLost();
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
