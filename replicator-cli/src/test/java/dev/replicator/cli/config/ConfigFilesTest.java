package dev.replicator.cli.config;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFilesTest {
  @TempDir Path directory;

  /** Found by the fuzzer: the parser throws instead of telling what is wrong. */
  @Test
  void refusesInWordsWhatTheParserFailsOn() throws IOException {
    Path file = directory.resolve("replicator.toml");
    Files.writeString(file, "root = {a = [1, 2.5, tsue, 1959#-05z-27T07:32:00H\u001d]}\n");

    ConfigResult.Invalid refused =
        assertInstanceOf(ConfigResult.Invalid.class, ConfigReader.read(file));

    assertTrue(refused.errors().getFirst().toString().contains("not TOML"), refused::toString);
  }
}
