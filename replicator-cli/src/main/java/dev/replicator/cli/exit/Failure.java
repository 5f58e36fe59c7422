package dev.replicator.cli.exit;

/** Why a command or the daemon cannot go on: a message that names place and remedy, and a code. */
public final class Failure extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  public Failure(ExitCode code, String message) {
    super(message);
    this.code = code;
  }

  public Failure(ExitCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ExitCode code() {
    return code;
  }

  /** The text for people. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
