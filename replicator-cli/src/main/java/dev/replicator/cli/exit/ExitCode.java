package dev.replicator.cli.exit;

/** How a command ends; scripts rely on the numbers. */
public enum ExitCode {
  DONE(0, "done"),
  NOT_MET(1, "the condition is not met, or the command could not do its work"),
  USAGE(2, "wrong usage"),
  NOT_RUNNING(3, "the daemon is not running"),
  PEER_OFFLINE(4, "a required peer is offline, decided when the time was over"),
  CONFIGURATION(5, "the configuration is wrong"),
  REFUSED(6, "refused: token, key, lock or port");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  public int number() {
    return number;
  }

  public String meaning() {
    return meaning;
  }
}
