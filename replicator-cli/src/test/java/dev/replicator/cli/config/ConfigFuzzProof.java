package dev.replicator.cli.config;

import dev.replicator.fuzz.Fuzzer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Whatever stands in a configuration, reading it ends, within bounds and with an answer. */
final class ConfigFuzzProof {
  @Test
  void configurations() throws IOException {
    Fuzzer.prove(ConfigFuzz.class, ConfigFuzz.seeds());
  }
}
