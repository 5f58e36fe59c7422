package dev.replicator.port;

/** Decides which of two nodes that cannot see each other may go on. */
public interface Arbiter {
  /** The answer of whoever was asked. */
  enum Verdict {
    GRANTED,
    REFUSED,
    /** Nobody decided; it may be asked again. */
    UNREACHABLE
  }

  /**
   * A link that was lost, as the node that asks sees it.
   *
   * @param resource DRBD's name of what is shared
   * @param node to be fenced off
   * @param generation of the data here, as DRBD prints it; "" when it is not known
   */
  record Cut(String resource, String node, String generation) {}

  /** Asks that a node be fenced off; answers within its own deadline, and never guesses. */
  Verdict fence(Cut cut);
}
