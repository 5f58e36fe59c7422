package dev.replicator.net.session;

/** The daemon cannot listen; the message names the address and what to do about it. */
public final class ListenException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What stands in the way. */
  public enum Cause {
    PORT_IN_USE,
    ADDRESS_NOT_HERE,
    NOT_ALLOWED,
    OTHER
  }

  private final Cause reason;

  public ListenException(Cause reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Cause reason() {
    return reason;
  }
}
