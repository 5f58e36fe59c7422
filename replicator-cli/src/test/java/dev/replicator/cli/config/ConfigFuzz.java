package dev.replicator.cli.config;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A configuration can be used, or is refused with the lines that are wrong. */
public final class ConfigFuzz {
  private static final long ALLOCATED_BYTES_MAX = 192L * 1_024 * 1_024;

  private ConfigFuzz() {}

  /** Only of the process that fuzzes: its temporary directory is its own. */
  private static final class Place {
    private static final Path FILE = file();

    private static Path file() {
      try {
        Path directory = Files.createTempDirectory("config").toRealPath();
        Files.createDirectories(directory.resolve("site"));
        return directory.resolve("c.toml");
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
    }
  }

  public static List<byte[]> seeds() {
    return List.of(
        Fuzzer.seed(
            """
            [node]
            name = "web1"
            listen = "0.0.0.0:7411"
            http = "127.0.0.1:7480"
            state = "/nonexistent/state"

            [[root]]
            name = "site"
            path = "/nonexistent/site"
            preset = "wordpress"
            exclude = ["/a/", "**/*.tmp"]
            include = ["/a/b"]

            [[peer]]
            name = "web2"
            address = "[::1]:7411"
            key = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            """),
        Fuzzer.seed("node = 1\nroot = {a = [1, 2.5, true, 1979-05-27T07:32:00Z]}\n"),
        Fuzzer.seed("[node]\nname = '''\nx'''\n[node.a.b.c]\n\"k\\u0041\" = nan\n"));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Files.write(Place.FILE, input);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    Fuzzed.bounded(ALLOCATED_BYTES_MAX, ConfigFuzz::read);
  }

  private static void read() {
    switch (ConfigReader.read(Place.FILE)) {
      case ConfigResult.Loaded(Configuration configuration, List<ConfigError> _) ->
          Fuzzed.holds(!configuration.roots().isEmpty(), "taken without a root");
      case ConfigResult.Invalid(List<ConfigError> errors) -> {
        Fuzzed.holds(!errors.isEmpty(), "refused without a reason");
        for (ConfigError error : errors) {
          Fuzzed.holds(error.line() >= 0, "an error before the file");
        }
      }
    }
    ConfigReader.check(Place.FILE);
  }
}
