package dev.replicator.net.identity;

/** The key of this node cannot be used; the message says why and what to do. */
public final class IdentityException extends Exception {
  private static final long serialVersionUID = 1L;

  IdentityException(String message) {
    super(message);
  }

  IdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}
