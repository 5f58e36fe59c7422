package dev.replicator.codec;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import dev.replicator.model.Materialised;
import dev.replicator.model.Presence;
import dev.replicator.model.RecordState;
import dev.replicator.simulation.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A value of the journal is refused, or is the same after it was stored again. */
public final class JournalFuzz {
  private static final int SEEDS_PER_KIND = 6;
  private static final int KINDS = 10;

  private JournalFuzz() {}

  public static List<byte[]> seeds() {
    Values values = new Values(new SplittableRandom(2));
    List<byte[]> seeds = new ArrayList<>();
    for (int index = 0; index < SEEDS_PER_KIND; index++) {
      List<byte[]> ofEachKind =
          List.of(
              JournalCodec.encode(values.recordState(index)),
              JournalCodec.encode(values.materialised()),
              JournalCodec.encode(values.intent()),
              JournalCodec.encode(values.displaced(values.path())),
              JournalCodec.encode(values.pending()),
              JournalCodec.encode(values.peerProgress()),
              JournalCodec.encode(values.rootState()),
              JournalCodec.encode(values.chunkList()),
              JournalCodec.encode(values.historyItem(values.path())),
              JournalCodec.encode(values.materialised()));
      for (int kind = 0; kind < KINDS; kind++) {
        seeds.add(Fuzzer.seed(kind, ofEachKind.get(kind)));
      }
    }
    return seeds;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length > 0) {
      Fuzzed.bounded(() -> decode(Math.floorMod(input[0], KINDS), Fuzzer.rest(input)));
    }
  }

  private static void decode(int kind, byte[] bytes) {
    try {
      switch (kind) {
        case 0 -> record(bytes);
        case 1 -> materialised(bytes);
        case 2 -> again(bytes, JournalCodec::intent, JournalCodec::encode);
        case 3 -> again(bytes, JournalCodec::displaced, JournalCodec::encode);
        case 4 -> again(bytes, JournalCodec::pending, JournalCodec::encode);
        case 5 -> again(bytes, JournalCodec::peerProgress, JournalCodec::encode);
        case 6 -> again(bytes, JournalCodec::rootState, JournalCodec::encode);
        case 7 -> again(bytes, JournalCodec::chunkList, JournalCodec::encode);
        case 8 -> again(bytes, JournalCodec::historyItem, JournalCodec::encode);
        default -> inPassing(bytes);
      }
    } catch (CodecException refused) {
      // The one answer to bytes that are no value.
    }
  }

  private static void record(byte[] bytes) throws CodecException {
    RecordState state = again(bytes, JournalCodec::recordState, JournalCodec::encode);
    Fuzzed.same(state.number(), JournalCodec.recordNumber(JournalCodec.encode(state)));
  }

  /** What is read in passing must say the same as the whole. */
  private static void materialised(byte[] bytes) throws CodecException {
    Materialised value = again(bytes, JournalCodec::materialised, JournalCodec::encode);
    byte[] stored = JournalCodec.encode(value);
    Fuzzed.same(value.trace(), JournalCodec.trace(stored));
    Fuzzed.same(Presence.of(value), JournalCodec.presence(stored));
  }

  /** Each of these may refuse what another of them takes; none may fail. */
  private static void inPassing(byte[] bytes) {
    List<Decoder<?>> readers =
        List.of(JournalCodec::recordNumber, JournalCodec::trace, JournalCodec::presence);
    for (Decoder<?> reader : readers) {
      try {
        reader.decode(bytes);
      } catch (CodecException refused) {
        // As above.
      }
    }
  }

  private interface Decoder<T> {
    T decode(byte[] bytes) throws CodecException;
  }

  private interface Encoder<T> {
    byte[] encode(T value);
  }

  private static <T> T again(byte[] bytes, Decoder<T> decoder, Encoder<T> encoder)
      throws CodecException {
    T value = decoder.decode(bytes);
    try {
      Fuzzed.same(value, decoder.decode(encoder.encode(value)));
    } catch (CodecException broken) {
      throw new AssertionError("what was encoded cannot be read: " + value, broken);
    }
    return value;
  }
}
