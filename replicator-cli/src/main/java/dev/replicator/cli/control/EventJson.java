package dev.replicator.cli.control;

import dev.replicator.model.NodeId;
import io.avaje.jsonb.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * One thing that happened.
 *
 * @param number counts from 1 since the daemon started
 * @param kind one of applied, removed, written, deleted, conflict, resolved, pending, held,
 *     approved, connected, disconnected, state, resynced, verified, problem; of what is told of the
 *     events themselves, dropped or restarted
 * @param peer its name, "" where there is none
 * @param path "" where it is not of one path
 */
@Json
public record EventJson(
    long number,
    String time,
    String root,
    String kind,
    String peer,
    String path,
    String detail,
    @Json.Unmapped Map<String, Object> more) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  static EventJson of(EventRing.Entry entry, Function<NodeId, String> names) {
    var happening = entry.happening();
    return new EventJson(
        entry.number(),
        time(entry.millis()),
        happening.root(),
        happening.kind().name().toLowerCase(Locale.ROOT),
        happening.peer().map(names).orElse(""),
        happening.path().map(RelativePathJson::text).orElse(""),
        happening.detail(),
        happening.path().map(RelativePathJson::more).orElse(Map.of()));
  }

  /** What is told of the events themselves, before the one after {@code number}. */
  static EventJson notice(long number, long millis, String kind, String detail) {
    return new EventJson(number, time(millis), "", kind, "", "", detail, Map.of());
  }

  private static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }
}
