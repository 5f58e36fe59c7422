package dev.replicator.filter;

/** A pattern cannot be understood; the message says why, for the user. */
final class PatternException extends Exception {
  private static final long serialVersionUID = 1L;

  PatternException(String message) {
    super(message);
  }
}
