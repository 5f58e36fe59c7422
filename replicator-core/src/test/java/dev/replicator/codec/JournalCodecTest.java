package dev.replicator.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Displaced;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Presence;
import dev.replicator.model.RecordState;
import dev.replicator.model.RootState;
import dev.replicator.proto.DoubtValue;
import dev.replicator.proto.RecordStateValue;
import dev.replicator.simulation.Values;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalCodecTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesBackEveryValue(long seed) throws CodecException {
    Values values = new Values(new SplittableRandom(seed));
    for (int round = 0; round < 300; round++) {
      RecordState record = values.recordState(1 + round);
      assertEquals(record, JournalCodec.recordState(JournalCodec.encode(record)));
      Materialised materialised = values.materialised();
      assertEquals(materialised, JournalCodec.materialised(JournalCodec.encode(materialised)));
      assertEquals(materialised.trace(), JournalCodec.trace(JournalCodec.encode(materialised)));
      assertEquals(record.number(), JournalCodec.recordNumber(JournalCodec.encode(record)));
      assertEquals(
          Presence.of(materialised), JournalCodec.presence(JournalCodec.encode(materialised)));
      Intent intent = values.intent();
      assertEquals(intent, JournalCodec.intent(JournalCodec.encode(intent)));
      Displaced displaced = values.displaced(values.path());
      assertEquals(displaced, JournalCodec.displaced(JournalCodec.encode(displaced)));
      Pending pending = values.pending();
      assertEquals(pending, JournalCodec.pending(JournalCodec.encode(pending)));
      PeerProgress progress = values.peerProgress();
      assertEquals(progress, JournalCodec.peerProgress(JournalCodec.encode(progress)));
      RootState root = values.rootState();
      assertEquals(root, JournalCodec.rootState(JournalCodec.encode(root)));
      ChunkList chunks = values.chunkList();
      assertEquals(chunks, JournalCodec.chunkList(JournalCodec.encode(chunks)));
      HistoryItem item = values.historyItem(values.path());
      assertEquals(item, JournalCodec.historyItem(JournalCodec.encode(item)));
    }
  }

  @Test
  void refusesValuesOfAnotherFormat() {
    byte[] bytes = JournalCodec.encode(new Values(new SplittableRandom(1)).pending());
    bytes[0] = JournalCodec.FORMAT + 1;
    CodecException refusal = assertThrows(CodecException.class, () -> JournalCodec.pending(bytes));
    assertTrue(refusal.reason().contains("format 2"), refusal.reason());
    assertThrows(CodecException.class, () -> JournalCodec.pending(new byte[0]));
  }

  @Test
  void refusesMoreDoubtsThanARecordKeeps() {
    RecordState record = new Values(new SplittableRandom(1)).recordState(1);
    DoubtValue doubt = DoubtValue.getDefaultInstance();
    RecordStateValue value =
        StateWriter.encode(record).toBuilder()
            .clearDoubts()
            .addAllDoubts(Collections.nCopies(Limits.DOUBTS_MAX + 1, doubt))
            .build();

    CodecException refusal =
        assertThrows(CodecException.class, () -> StateReader.recordState(value));
    assertTrue(refusal.reason().contains("too many doubts"), refusal.reason());
  }

  @Test
  void keepsTheChunkListOfALargeFileCompact() throws CodecException {
    Values values = new Values(new SplittableRandom(1));
    ChunkList chunks =
        new ChunkList(
            Stream.generate(() -> new Chunk.Data(values.digest(), 65_000))
                .limit(100_000)
                .map(Chunk.class::cast)
                .toList());
    byte[] bytes = JournalCodec.encode(chunks);
    assertTrue(bytes.length < 36 * 100_000, "length " + bytes.length);
    assertEquals(chunks, JournalCodec.chunkList(bytes));
  }
}
