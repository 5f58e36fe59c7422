package dev.replicator.cli.command;

import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Text;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A time that has passed, as a command line gives it. */
final class Since {
  /** For help texts. */
  static final String FORMS =
      "so long ago: 30m, 2h; or a time: 2025-11-30, 2025-11-30T22:00 by the clock of this machine,"
          + " 2025-11-30T22:00:00Z.";

  private Since() {}

  /** The part of a query that tells it, if it was given. */
  static Map<String, byte[]> parameters(@Nullable String text) throws Failure {
    Map<String, byte[]> parameters = new TreeMap<>();
    if (text != null) {
      long since =
          Options.parsed("--since", text, it -> millis(it, Instant.now(), ZoneId.systemDefault()));
      parameters.put("since", Arguments.encode(Long.toString(since)));
    }
    return parameters;
  }

  /**
   * Milliseconds since the epoch.
   *
   * @throws IllegalArgumentException that says how it is written
   */
  static long millis(String text, Instant now, ZoneId zone) {
    Instant time =
        text.matches("[0-9]+(ms|s|m|h)") ? now.minus(Text.duration(text)) : at(text, zone);
    if (time.isAfter(now)) {
      throw new IllegalArgumentException(Text.printable(text) + " is still to come");
    }
    return time.toEpochMilli();
  }

  private static Instant at(String text, ZoneId zone) {
    String whole = text.matches("[0-9-]{10}") ? text + "T00:00" : text.replace(' ', 'T');
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              whole, OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime exact
          ? exact.toInstant()
          : LocalDateTime.from(time).atZone(zone).toInstant();
    } catch (DateTimeException wrong) {
      throw new IllegalArgumentException(
          "\"" + Text.printable(text) + "\" is no time; write " + FORMS, wrong);
    }
  }
}
