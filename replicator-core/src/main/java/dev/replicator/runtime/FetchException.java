package dev.replicator.runtime;

/** A peer did not give what was asked of it; another may. */
final class FetchException extends Exception {
  private static final long serialVersionUID = 1L;

  FetchException(String reason) {
    super(reason);
  }
}
