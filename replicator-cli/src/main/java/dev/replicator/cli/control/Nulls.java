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

  static OptionalLong absent(@Nullable OptionalLong value) {
    return value == null ? OptionalLong.empty() : value;
  }
}
