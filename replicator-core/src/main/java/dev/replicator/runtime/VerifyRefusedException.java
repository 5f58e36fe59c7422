package dev.replicator.runtime;

/** The content of a root is not read again now; the message tells why. */
public final class VerifyRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public VerifyRefusedException(String message) {
    super(message);
  }
}
