package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads each {@code config/*.toml} of the test resources and compares all messages with the file of
 * the same name that ends in {@code .expected}; {@code DIR} stands for a directory that exists.
 * {@code -Dgolden.write=true} writes those files anew, to be reviewed as prose.
 */
final class ConfigGoldenTest {
  private static final Path CASES = Path.of("src/test/resources/config");

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(CASES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".toml"))
          .map(name -> name.substring(0, name.length() - ".toml".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tellsAllErrorsWithTheirLines(String name, @TempDir Path temporary) throws IOException {
    Path directory = temporary.toRealPath();
    Files.createDirectories(directory.resolve("site/inside"));
    Files.createDirectories(directory.resolve("more"));
    Files.createDirectories(directory.resolve("state"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("site"));
    Files.writeString(directory.resolve("file"), "");
    Path config = directory.resolve("c.toml");
    String text = Files.readString(CASES.resolve(name + ".toml"));
    Files.writeString(config, text.replace("DIR", directory.toString()));

    String messages =
        switch (ConfigReader.read(config)) {
          case ConfigResult.Invalid(List<ConfigError> errors) -> lines(errors);
          case ConfigResult.Loaded(Configuration _, List<ConfigError> notes) ->
              "valid\n" + lines(notes);
        };

    String told = messages.replace(directory.toString(), "DIR");
    Path golden = CASES.resolve(name + ".expected");
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(golden, told);
    }
    assertEquals(Files.readString(golden), told);
  }

  private static String lines(List<ConfigError> errors) {
    return errors.stream().map(error -> error + "\n").collect(Collectors.joining());
  }
}
