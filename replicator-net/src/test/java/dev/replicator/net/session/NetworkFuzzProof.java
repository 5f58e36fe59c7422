package dev.replicator.net.session;

import dev.replicator.fuzz.Fuzzer;
import dev.replicator.net.http.HttpFuzz;
import dev.replicator.net.pairing.PairingFuzz;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Whatever bytes come from the network, they are read or refused in one way. */
final class NetworkFuzzProof {
  @Test
  void streamsOfFrames() throws IOException {
    Fuzzer.prove(FrameFuzz.class, FrameFuzz.seeds());
  }

  @Test
  void controlFrames() throws IOException {
    Fuzzer.prove(ControlFuzz.class, ControlFuzz.seeds());
  }

  @Test
  void pairingAndTokens() throws IOException {
    Fuzzer.prove(PairingFuzz.class, PairingFuzz.seeds());
  }

  @Test
  void requestsOfHttp() throws IOException {
    Fuzzer.prove(HttpFuzz.class, HttpFuzz.seeds());
  }
}
