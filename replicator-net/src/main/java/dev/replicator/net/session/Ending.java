package dev.replicator.net.session;

/** How a connection came to its end, which decides when the next one is tried. */
enum Ending {
  /** Silence, a reset, a failed dial. */
  LOST,
  /** The other daemon stops, maybe to start again. */
  PEER_STOPPED,
  /** The other side asked for a fresh session, or we did. */
  RENEWED,
  /** Another connection between the two nodes stays. */
  SUPERSEDED,
  /** This node itself is at the other end. */
  ITSELF,
  /** One of us broke a rule. */
  RULE_BROKEN,
  /** The other side does not want a session now: version, penalty, removed. */
  UNWELCOME,
  /** This node removed the peer or stops. */
  OURS;

  /** Of who says goodbye. */
  static Ending of(Control.Farewell reason) {
    return switch (reason) {
      case STOPPING -> PEER_STOPPED;
      case ROOTS_CHANGED -> RENEWED;
      case REMOVED -> UNWELCOME;
      case RULE_BROKEN -> Ending.RULE_BROKEN;
      case OTHER -> LOST;
    };
  }
}
