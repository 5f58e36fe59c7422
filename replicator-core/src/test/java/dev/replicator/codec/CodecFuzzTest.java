package dev.replicator.codec;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.simulation.Messages;
import dev.replicator.simulation.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged bytes give a value or a {@link CodecException}; anything else that is thrown fails. */
final class CodecFuzzTest {
  private static final int DECODES = 40_000;
  private static final int LENGTH_MAX = 1_500;

  private interface Decoder {
    Object decode(byte[] bytes) throws CodecException;
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void answersDamagedMessages(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Messages messages = new Messages(new Values(random));
    List<byte[]> corpus = new ArrayList<>();
    for (int index = 0; index < 600; index++) {
      corpus.add(WireCodec.encode(messages.message(index % Messages.KINDS)));
    }
    fuzz(seed, random, corpus, List.of(WireCodec::decode));
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void answersDamagedJournals(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Values values = new Values(random);
    List<byte[]> corpus = new ArrayList<>();
    for (int index = 0; index < 60; index++) {
      corpus.add(JournalCodec.encode(values.recordState(1)));
      corpus.add(JournalCodec.encode(values.materialised()));
      corpus.add(JournalCodec.encode(values.intent()));
      corpus.add(JournalCodec.encode(values.pending()));
      corpus.add(JournalCodec.encode(values.peerProgress()));
      corpus.add(JournalCodec.encode(values.rootState()));
      corpus.add(JournalCodec.encode(values.chunkList()));
      corpus.add(JournalCodec.encode(values.historyItem(values.path())));
    }
    fuzz(
        seed,
        random,
        corpus,
        List.of(
            JournalCodec::recordState,
            JournalCodec::materialised,
            JournalCodec::recordNumber,
            JournalCodec::presence,
            JournalCodec::intent,
            JournalCodec::pending,
            JournalCodec::peerProgress,
            JournalCodec::rootState,
            JournalCodec::chunkList,
            JournalCodec::historyItem));
  }

  private static void fuzz(
      long seed, SplittableRandom random, List<byte[]> corpus, List<Decoder> decoders) {
    int refused = 0;
    for (int index = 0; index < DECODES / decoders.size(); index++) {
      byte[] input = damage(random, corpus);
      for (Decoder decoder : decoders) {
        try {
          decoder.decode(input);
        } catch (CodecException expected) {
          refused++;
        } catch (RuntimeException | Error e) {
          throw new AssertionError(
              "seed " + seed + ", input " + java.util.HexFormat.of().formatHex(input), e);
        }
      }
    }
    assertTrue(refused > DECODES / 10, "only " + refused + " inputs were damaged enough");
  }

  private static byte[] damage(SplittableRandom random, List<byte[]> corpus) {
    byte[] input = corpus.get(random.nextInt(corpus.size())).clone();
    for (int left = 1 + random.nextInt(3); left > 0; left--) {
      input = damageOnce(random, input, corpus);
    }
    return input;
  }

  private static byte[] damageOnce(SplittableRandom random, byte[] input, List<byte[]> corpus) {
    if (input.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int place = random.nextInt(input.length);
    switch (random.nextInt(5)) {
      case 0 -> input[place] ^= (byte) (1 << random.nextInt(8));
      case 1 -> input[place] = (byte) random.nextInt();
      case 2 -> {
        return Arrays.copyOf(input, place);
      }
      case 3 -> {
        byte[] other = corpus.get(random.nextInt(corpus.size()));
        return splice(input, place, other, random.nextInt(other.length));
      }
      default -> Arrays.fill(input, place, Math.min(input.length, place + 5), (byte) 0xff);
    }
    return input;
  }

  /** The first bytes of one, then the last bytes of the other. */
  private static byte[] splice(byte[] head, int headLength, byte[] tail, int tailStart) {
    int length = Math.min(LENGTH_MAX, headLength + tail.length - tailStart);
    byte[] spliced = Arrays.copyOf(head, length);
    int copied = Math.max(0, length - headLength);
    System.arraycopy(tail, tailStart, spliced, length - copied, copied);
    return spliced;
  }
}
