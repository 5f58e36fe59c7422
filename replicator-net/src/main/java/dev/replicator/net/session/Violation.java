package dev.replicator.net.session;

/** The other side broke a rule of the protocol: its session ends, with this text in the log. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String rule) {
    super(rule);
  }

  Violation(String rule, Throwable cause) {
    super(rule, cause);
  }
}
