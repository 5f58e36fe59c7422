package dev.replicator.block;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /proc/drbd}: the version of the module and, of 8.4, its minors.
 *
 * @param minors without those that are not configured
 */
record ProcDrbd(String version, Generation generation, SortedMap<Integer, Minor> minors) {
  /** More than any disk has, and a thousand times as much is still a number. */
  private static final long KIB_MAX = 1L << 50;

  private static final Pattern VERSION =
      Pattern.compile("version: (([0-9]+)\\.([0-9]+)\\.[0-9A-Za-z.~-]+) .*");
  private static final Pattern MINOR =
      Pattern.compile(
          " *([0-9]+): cs:(\\w+)(?: ro:(\\w+)/(\\w+) ds:(\\w+)/(\\w+) +([ABC] )?([a-zA-Z-]{6}))?");
  private static final Pattern COUNTS = Pattern.compile(" +ns:.* oos:([0-9]+)");
  private static final Pattern LEFT =
      Pattern.compile(
          "\\s*\\[[=>.]+\\] (sync'ed|verified): *[0-9.]+% \\(([0-9]+)/([0-9]+)\\)([KM])");

  /** One device of 8.4. */
  record Minor(Drbd state, Optional<Progress> progress) {}

  Optional<Minor> minor(int number) {
    return Optional.ofNullable(minors.get(number));
  }

  static ProcDrbd parse(String text) throws UnreadableException {
    Optional<Matcher> version = Optional.empty();
    SortedMap<Integer, Minor> minors = new TreeMap<>();
    int number = -1;
    for (String line : Lines.of(text)) {
      Matcher head = VERSION.matcher(line);
      Matcher minor = MINOR.matcher(line);
      Matcher counts = COUNTS.matcher(line);
      Matcher left = LEFT.matcher(line);
      if (head.matches()) {
        version = Optional.of(head);
      } else if (minor.matches()) {
        number = Math.toIntExact(Math.min(Lines.number(minor.group(1)), Integer.MAX_VALUE));
        if (minor.group(3) != null) {
          minors.put(number, new Minor(state(minor), Optional.empty()));
        }
      } else if (counts.matches() && minors.containsKey(number)) {
        Minor known = minors.get(number);
        minors.put(
            number,
            new Minor(
                known.state().withOutOfSync(Lines.number(counts.group(1))), known.progress()));
      } else if (left.matches() && minors.containsKey(number)) {
        minors.put(number, new Minor(minors.get(number).state(), Optional.of(progress(left))));
      } else if (!line.matches("(srcversion:|GIT-hash:|Transports |\\s+finish:).*")) {
        throw new UnreadableException("/proc/drbd: " + line);
      }
    }
    if (version.isEmpty()) {
      throw new UnreadableException("/proc/drbd tells no version");
    }
    return new ProcDrbd(version.get().group(1), generation(version.get()), minors);
  }

  private static Generation generation(Matcher version) throws UnreadableException {
    return switch (version.group(2) + "." + version.group(3)) {
      case "8.4" -> Generation.EIGHT;
      case "9.0", "9.1", "9.2", "9.3" -> Generation.NINE;
      default -> throw new UnreadableException("DRBD " + version.group(1) + " is not known");
    };
  }

  /** One word for connection and replication, of other names than everywhere else. */
  private static Drbd state(Matcher line) throws UnreadableException {
    String word = line.group(2);
    Connection connection =
        switch (word) {
          case "WFConnection" -> Connection.CONNECTING;
          case "StandAlone",
              "Disconnecting",
              "Unconnected",
              "Timeout",
              "BrokenPipe",
              "NetworkFailure",
              "ProtocolError",
              "TearDown" ->
              Word.connection(word);
          default -> Connection.CONNECTED;
        };
    Replication replication =
        switch (word) {
          case "Connected" -> Replication.ESTABLISHED;
          // Connected, and not yet agreed on anything.
          case "WFReportParams" -> Replication.OFF;
          default -> connection == Connection.CONNECTED ? Word.replication(word) : Replication.OFF;
        };
    return new Drbd(
        Word.role(line.group(3)),
        line.group(8).startsWith("s"),
        Word.disk(line.group(5)),
        connection,
        Word.role(line.group(4)),
        replication,
        Word.disk(line.group(6)),
        OptionalLong.empty());
  }

  private static Progress progress(Matcher left) throws UnreadableException {
    long unit = left.group(4).equals("M") ? 1_024 : 1;
    long rest = Lines.number(left.group(2)) * unit;
    long total = Lines.number(left.group(3)) * unit;
    if (rest < 0 || rest > total || total > KIB_MAX) {
      throw new UnreadableException("/proc/drbd: " + rest + " KiB left of " + total);
    }
    return new Progress(left.group(1).equals("verified"), rest, total);
  }
}
