package dev.replicator.model;

/** Checks that hold in production too: a broken one stops the node instead of damaging a tree. */
public final class Invariant {
  private Invariant() {}

  public static void check(boolean holds, String statement) {
    if (!holds) {
      throw new InvariantViolation(statement);
    }
  }
}
