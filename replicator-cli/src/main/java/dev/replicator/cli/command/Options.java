package dev.replicator.cli.command;

import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns texts of options into values; what is wrong is a matter of usage. */
final class Options {
  private Options() {}

  /** The query that names a root, or all of them. */
  static Map<String, byte[]> root(@Nullable String name) {
    Map<String, byte[]> parameters = new TreeMap<>();
    if (name != null) {
      parameters.put("root", Arguments.encode(name));
    }
    return parameters;
  }

  static <T> T parsed(String option, String text, Function<String, T> parser) throws Failure {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException wrong) {
      throw new Failure(ExitCode.USAGE, option + ": " + wrong.getMessage(), wrong);
    }
  }
}
