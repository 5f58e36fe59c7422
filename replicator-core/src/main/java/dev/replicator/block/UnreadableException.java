package dev.replicator.block;

/** A tool or the kernel said something that is not understood. */
public final class UnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableException(String message) {
    super(message);
  }

  /** Why, for people. */
  String text() {
    return String.valueOf(getMessage());
  }
}
