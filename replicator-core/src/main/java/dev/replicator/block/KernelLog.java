package dev.replicator.block;

import java.util.regex.Pattern;

/** Finds in the kernel's log why DRBD does not connect: nothing else tells it. */
final class KernelLog {
  /** Why a connection ended. */
  enum Cause {
    NONE(""),
    SPLIT_BRAIN("both sides went on without each other: split brain"),
    UNRELATED_DATA("the disks never held the same data"),
    WRONG_SECRET(
        "the secrets of the two nodes differ, or their configurations do in nodes, cluster or"
            + " fencing"),
    SECRET_MISSING("only one of the two nodes has a secret"),
    INCOMPATIBLE("the two nodes have different net options"),
    PORT_IN_USE("another program listens on the port of DRBD");

    private final String text;

    Cause(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private KernelLog() {}

  /** The cause of the last attempt to connect. */
  static Cause cause(String log, String resource, int minor) throws UnreadableException {
    Pattern ours =
        Pattern.compile(
            "(?:\\[[ 0-9.]+\\](?:\\[[ CT0-9]+\\])? |.*kernel: )?(?:drbd "
                + Pattern.quote(resource)
                + "|block drbd"
                + minor
                + "|drbd "
                + Pattern.quote(resource)
                + "/[0-9]+ drbd"
                + minor
                + "): (.*)");
    Cause cause = Cause.NONE;
    for (String line : Lines.of(log)) {
      var matcher = ours.matcher(line);
      if (matcher.matches()) {
        cause = after(cause, matcher.group(1));
      }
    }
    return cause;
  }

  /** The line about the last verify that came to its end, with its time; "" without one. */
  static String lastVerify(String log, int minor) throws UnreadableException {
    String end = "block drbd" + minor + ": Online verify done ";
    return Lines.of(log).stream().filter(line -> line.contains(end)).reduce("", (_, last) -> last);
  }

  private static Cause after(Cause cause, String text) {
    // The first also where the disk cannot be attached then: what was before is over.
    if (text.startsWith("Starting worker thread")
        || text.startsWith("Starting receiver thread")
        || text.contains("-> Connected )")) {
      return Cause.NONE;
    }
    if (text.startsWith("Split-Brain detected but unresolved")) {
      return Cause.SPLIT_BRAIN;
    }
    if (text.startsWith("Unrelated data, aborting")) {
      return Cause.UNRELATED_DATA;
    }
    if (text.startsWith("bind before listen failed")) {
      return Cause.PORT_IN_USE;
    }
    if (text.matches("incompatible .* settings")) {
      return Cause.INCOMPATIBLE;
    }
    if (text.startsWith("expected AuthChallenge packet")
        || text.startsWith("Unexpected data packet AuthChallenge")) {
      return Cause.SECRET_MISSING;
    }
    // It also follows the line that says that there is none.
    return text.startsWith("Authentication of peer failed") && cause != Cause.SECRET_MISSING
        ? Cause.WRONG_SECRET
        : cause;
  }
}
