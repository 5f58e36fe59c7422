package dev.replicator.block;

/** Reads words of DRBD. */
final class Word {
  private Word() {}

  static <T extends Keyword> T read(T[] choices, String text) throws UnreadableException {
    for (T choice : choices) {
      if (choice.text().equals(text)) {
        return choice;
      }
    }
    throw new UnreadableException("unknown word \"" + text + "\"");
  }

  static Role role(String text) throws UnreadableException {
    return read(Role.values(), text);
  }

  static DiskState disk(String text) throws UnreadableException {
    return read(DiskState.values(), text);
  }

  static Connection connection(String text) throws UnreadableException {
    return read(Connection.values(), text);
  }

  static Replication replication(String text) throws UnreadableException {
    return read(Replication.values(), text);
  }

  /** {@code no}, or why not. */
  static boolean suspended(String text) throws UnreadableException {
    return switch (text) {
      case "no" -> false;
      // user, fencing, no-disk, quorum, and yes for several of them.
      case "yes", "user", "fencing", "no-disk", "no-data", "quorum" -> true;
      default -> throw new UnreadableException("unknown word \"" + text + "\"");
    };
  }
}
