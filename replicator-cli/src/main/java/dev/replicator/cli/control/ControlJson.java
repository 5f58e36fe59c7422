package dev.replicator.cli.control;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import java.util.List;

/** The JSON of the control interface: nulls and empty lists are written, unknown keys skipped. */
public final class ControlJson {
  private static final Jsonb JSONB =
      Jsonb.builder().serializeNulls(true).serializeEmpty(true).failOnUnknown(false).build();

  private ControlJson() {}

  public static <T> String write(Class<T> type, T value) {
    return JSONB.type(type).toJson(value);
  }

  /** The same over several lines, for people. */
  public static <T> String pretty(Class<T> type, T value) {
    return JSONB.type(type).toJsonPretty(value);
  }

  public static <T> String writeList(Class<T> type, List<T> values) {
    return JSONB.type(type).list().toJson(values);
  }

  /** Reads what {@link #write} wrote. */
  public static <T> T read(Class<T> type, String json) {
    JsonType<T> reader = JSONB.type(type);
    return reader.fromJson(json);
  }

  public static <T> List<T> readList(Class<T> type, String json) {
    return JSONB.type(type).list().fromJson(json);
  }
}
