package dev.replicator.cli.control;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** JSON says null for what is absent, and its reader hands that through to the records. */
final class Nulls {
  private Nulls() {}

  static <T> Optional<T> absent(@Nullable Optional<T> value) {
    return value == null ? Optional.empty() : value;
  }

  /** A daemon of an earlier release does not tell it. */
  static String absent(@Nullable String value) {
    return value == null ? "" : value;
  }

  static OptionalLong absent(@Nullable OptionalLong value) {
    return value == null ? OptionalLong.empty() : value;
  }
}
