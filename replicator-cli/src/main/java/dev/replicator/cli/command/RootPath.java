package dev.replicator.cli.command;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Text;
import dev.replicator.model.RelativePath;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A path inside a root, as a command line names it. */
record RootPath(RootConfig root, RelativePath path) {
  /**
   * Finds the root: {@code ROOT:path}, an absolute path inside a root, one relative to {@code
   * directory} when that is inside a root, or else one relative to the only root, which must not
   * look like a root with its colon forgotten. Works on bytes and looks at no disk: the path may be
   * gone.
   */
  static RootPath resolve(Configuration configuration, String argument, Path directory)
      throws Failure {
    int colon = argument.indexOf(':');
    if (colon > 0 && argument.indexOf('/') != 0) {
      Optional<RootConfig> named = configuration.root(argument.substring(0, colon));
      if (named.isPresent()) {
        String rest = argument.substring(colon + 1);
        return new RootPath(named.get(), inside(argument, normalise(octets("/" + rest), argument)));
      }
    }
    byte[] absolute = octets(argument.startsWith("/") ? argument : directory + "/" + argument);
    List<String> names = normalise(absolute, argument);
    for (RootConfig root : configuration.roots()) {
      for (Path top : List.of(root.path(), root.given())) {
        List<String> above = normalise(octets(top.toString()), argument);
        if (names.size() >= above.size() && names.subList(0, above.size()).equals(above)) {
          return new RootPath(root, inside(argument, names.subList(above.size(), names.size())));
        }
      }
    }
    if (configuration.root(argument).isPresent()) {
      throw new Failure(
          ExitCode.USAGE,
          argument
              + " is the name of a root: write "
              + argument
              + ": for all of it, and ROOT:path for a path in it");
    }
    if (configuration.roots().size() == 1 && isPlain(argument)) {
      byte[] below = octets("/" + argument);
      return new RootPath(
          configuration.roots().getFirst(), inside(argument, normalise(below, argument)));
    }
    throw new Failure(
        ExitCode.USAGE,
        Text.printable(argument)
            + " is in no root; the roots are "
            + String.join(
                ", ",
                configuration.roots().stream()
                    .map(root -> root.name() + " (" + root.path() + ")")
                    .toList())
            + "; ROOT:path works from anywhere");
  }

  /** Neither absolute nor in the form of a root's name, which then is mistyped. */
  private static boolean isPlain(String argument) {
    String first = argument.split("/", 2)[0];
    return !first.isEmpty() && !first.contains(":");
  }

  private static byte[] octets(String text) {
    return Arguments.encode(text);
  }

  /** Components as Latin-1, so that each character is one byte; "." and ".." are taken out. */
  private static List<String> normalise(byte[] path, String argument) throws Failure {
    Deque<String> names = new ArrayDeque<>();
    for (String name : new String(path, StandardCharsets.ISO_8859_1).split("/", -1)) {
      switch (name) {
        case "", "." -> {}
        case ".." -> {
          if (names.pollLast() == null) {
            throw new Failure(
                ExitCode.USAGE, Text.printable(argument) + " leads out of everything");
          }
        }
        default -> names.addLast(name);
      }
    }
    return new ArrayList<>(names);
  }

  private static RelativePath inside(String argument, List<String> names) throws Failure {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (String name : names) {
      if (joined.size() > 0) {
        joined.write('/');
      }
      joined.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
    }
    try {
      return RelativePath.of(joined.toByteArray());
    } catch (IllegalArgumentException wrong) {
      throw new Failure(ExitCode.USAGE, Text.printable(argument) + ": " + wrong.getMessage());
    }
  }

  /** The query of a request about this path. */
  Map<String, byte[]> parameters() {
    Map<String, byte[]> parameters = new TreeMap<>();
    parameters.put("root", root.name().getBytes(StandardCharsets.UTF_8));
    parameters.put("path", path.toArray());
    return parameters;
  }

  /** In the form that {@link #resolve} takes from anywhere. */
  @Override
  public String toString() {
    return root.name() + ":" + path;
  }
}
