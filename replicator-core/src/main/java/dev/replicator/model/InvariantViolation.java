package dev.replicator.model;

/** A statement that must always hold did not: the node stops rather than go on from here. */
public final class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvariantViolation(String statement) {
    super(statement);
  }
}
