package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.NearestWord;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Text;
import java.util.List;
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

  /** Says which roots there are when there is none of this name. */
  static void requireRoot(Configuration configuration, @Nullable String root) throws Failure {
    if (root == null || configuration.root(root).isPresent()) {
      return;
    }
    List<String> names = configuration.roots().stream().map(RootConfig::name).toList();
    String hint =
        NearestWord.of(root, names)
            .map(near -> "; did you mean \"" + near + "\"?")
            .orElse("; there is " + String.join(", ", names));
    throw new Failure(ExitCode.USAGE, "no root \"" + Text.printable(root) + "\"" + hint);
  }

  static <T> T parsed(String option, String text, Function<String, T> parser) throws Failure {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException wrong) {
      throw new Failure(ExitCode.USAGE, option + ": " + wrong.getMessage(), wrong);
    }
  }
}
