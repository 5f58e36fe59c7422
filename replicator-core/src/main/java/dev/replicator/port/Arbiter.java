package dev.replicator.port;

/** Decides which of two nodes that cannot see each other may go on. */
public interface Arbiter {
  /** The answer of whoever was asked. */
  enum Verdict {
    GRANTED,
    REFUSED,
    UNREACHABLE
  }

  /** Asks that {@code node} be fenced off {@code resource}; answers within its own deadline. */
  Verdict fence(String resource, String node);
}
