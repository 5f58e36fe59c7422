package dev.replicator.bench;

/** A measurement cannot go on; the message says why. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BenchException(String message) {
    super(message);
  }
}
