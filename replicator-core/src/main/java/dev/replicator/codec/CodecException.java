package dev.replicator.codec;

/**
 * Bytes that are not a value, or break a limit: whoever sent or stored them is told why. Carries no
 * stack trace, for a peer must not make refusing it costly.
 */
public final class CodecException extends Exception {
  private static final long serialVersionUID = 1L;

  CodecException(String reason) {
    super(reason, null, false, false);
  }

  CodecException(String reason, Throwable cause) {
    super(reason, cause, false, false);
  }

  /** What is wrong, in words for a log. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
