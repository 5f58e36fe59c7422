package dev.replicator.runtime;

/** Nobody answers any more, because the root failed or was stopped; the message tells which. */
public final class RootEndedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RootEndedException(String message) {
    super(message);
  }
}
