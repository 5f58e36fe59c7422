package dev.replicator.model;

/** Why one path could not be handled: data for the user, never a failure of the engine. */
public record Problem(Kind kind, String detail) {
  /** What stands in the way, from the user's point of view. */
  public enum Kind {
    /** Nothing: it is merely not done yet. */
    WAITING("waiting"),
    CONTENT_MISSING("no connected peer can send its content"),
    PERMISSION("permission denied"),
    NAME_TOO_LONG("name too long for this file system"),
    DISK_FULL("disk full"),
    READ_ONLY("read-only file system"),
    INPUT_OUTPUT("input/output error"),
    BUSY("being written"),
    OBSTRUCTED("something is in the way"),
    UNSUPPORTED("not supported on this file system"),
    SPECIAL("not a file, directory or symbolic link"),
    REFUSED("refused by a rule"),
    HELD("held until approved"),
    TOO_LARGE("beyond a limit");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  public static Problem of(Kind kind) {
    return new Problem(kind, "");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? kind.words() : kind.words() + ": " + detail;
  }
}
