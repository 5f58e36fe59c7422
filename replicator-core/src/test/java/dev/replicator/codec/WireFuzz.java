package dev.replicator.codec;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.model.Message;
import dev.replicator.simulation.Messages;
import dev.replicator.simulation.Values;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A message of a peer is refused, or is the same after it was sent on. */
public final class WireFuzz {
  private static final int SEEDS_PER_KIND = 8;

  private WireFuzz() {}

  public static List<byte[]> seeds() {
    Messages messages = new Messages(new Values(new SplittableRandom(1)));
    return IntStream.range(0, SEEDS_PER_KIND * Messages.KINDS)
        .mapToObj(index -> WireCodec.encode(messages.message(index % Messages.KINDS)))
        .toList();
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Fuzzed.bounded(() -> decode(input));
  }

  private static void decode(byte[] input) {
    Message message;
    try {
      message = WireCodec.decode(input);
    } catch (CodecException refused) {
      return;
    }
    try {
      Fuzzed.same(message, WireCodec.decode(WireCodec.encode(message)));
    } catch (CodecException broken) {
      throw new AssertionError("what was encoded cannot be read: " + message, broken);
    }
  }
}
