package dev.replicator.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  @Test
  void readsOptionsInAnyOrder() {
    Arguments arguments = arguments("--json", "lag.json", "--keep", "--files", "7");

    assertEquals(
        new LagOptions(7, 65_536, 5, 0, 1, Optional.of(Path.of("lag.json")), true),
        LagOptions.of(arguments));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--files 0", "--files x", "--files", "--rate -1", "--unknown", "word"})
  void namesWhatIsWrong(String line) {
    assertThrows(UsageException.class, () -> LagOptions.of(arguments(line.split(" "))));
  }

  private static Arguments arguments(String... words) {
    return new Arguments(List.of(words));
  }
}
