package dev.replicator.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.codec.JournalFuzz;
import dev.replicator.codec.WireFuzz;
import dev.replicator.filter.FilterFuzz;
import dev.replicator.fuzz.Fuzzer.Result;
import dev.replicator.model.PathFuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever bytes come, core's decoders answer with a value or with their one refusal. */
final class CodecFuzzProof {
  private static final long PLANTED_SECONDS_MAX = 60;

  @ParameterizedTest
  @CsvSource({"Throws,planted", "Allocates,bytes were allocated", "Forgets,became another value"})
  void findsAPlantedFault(String target, String words, @TempDir Path directory)
      throws IOException, ClassNotFoundException {
    Class<?> planted = Class.forName(PlantedFuzz.class.getName() + "$" + target);

    Result result = Fuzzer.run(planted, List.of(), directory, PLANTED_SECONDS_MAX);

    assertTrue(PlantedFuzz.isFound(result, words), result::toString);
  }

  @Test
  void messagesOfPeers() throws IOException {
    Fuzzer.prove(WireFuzz.class, WireFuzz.seeds());
  }

  @Test
  void valuesOfTheJournal() throws IOException {
    Fuzzer.prove(JournalFuzz.class, JournalFuzz.seeds());
  }

  @Test
  void filterRules() throws IOException {
    Fuzzer.prove(FilterFuzz.class, FilterFuzz.seeds());
  }

  @Test
  void paths() throws IOException {
    Fuzzer.prove(PathFuzz.class, PathFuzz.seeds());
  }
}
