package dev.replicator.block;

import java.util.Optional;

/** One thing of the machine: known, not to be known, or not looked at. */
public sealed interface Seen<T> {
  record Known<T>(T value) implements Seen<T> {}

  /** The tool is missing, hung, or says what is not understood. */
  record Failed<T>(String why) implements Seen<T> {}

  /** Nothing that was found before asks for it. */
  record Skipped<T>() implements Seen<T> {}

  static <T> Seen<T> known(T value) {
    return new Known<>(value);
  }

  default Optional<T> found() {
    return switch (this) {
      case Known<T>(T value) -> Optional.of(value);
      case Failed<T> _, Skipped<T> _ -> Optional.empty();
    };
  }

  /** Why there is no value. */
  default String missing() {
    return switch (this) {
      case Known<T> _ -> "";
      case Failed<T>(String why) -> why;
      case Skipped<T> _ -> "it was not looked at";
    };
  }
}
