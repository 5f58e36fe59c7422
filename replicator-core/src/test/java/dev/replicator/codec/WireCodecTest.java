package dev.replicator.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import dev.replicator.proto.ChangeValue;
import dev.replicator.proto.ChangesMessage;
import dev.replicator.proto.ContentDeltaValue;
import dev.replicator.proto.ContentElement;
import dev.replicator.proto.EntryValue;
import dev.replicator.proto.Envelope;
import dev.replicator.proto.FactsMessage;
import dev.replicator.proto.InstantValue;
import dev.replicator.proto.MtimeElement;
import dev.replicator.proto.NothingValue;
import dev.replicator.proto.RecordValue;
import dev.replicator.proto.ToldMessage;
import dev.replicator.proto.WriteValue;
import dev.replicator.simulation.Messages;
import dev.replicator.simulation.Values;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WireCodecTest {
  private static final ReplicaId REPLICA = new ReplicaId(0xfeed_face_cafe_beefL);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void givesBackEveryKindOfMessage(long seed) throws CodecException {
    Messages messages = new Messages(new Values(new SplittableRandom(seed)));
    for (int round = 0; round < 200; round++) {
      for (int kind = 0; kind < Messages.KINDS; kind++) {
        Message message = messages.message(kind);
        byte[] bytes = WireCodec.encode(message);
        assertEquals(message, WireCodec.decode(bytes), () -> "seed " + seed);
        assertArrayEquals(bytes, WireCodec.encode(WireCodec.decode(bytes)));
      }
    }
  }

  @Test
  void generatesEveryKindOfMessage() {
    Messages messages = new Messages(new Values(new SplittableRandom(1)));
    List<Class<?>> kinds =
        IntStream.range(0, Messages.KINDS)
            .<Class<?>>mapToObj(kind -> messages.message(kind).getClass())
            .toList();
    for (Class<?> kind : Message.class.getPermittedSubclasses()) {
      assertTrue(kinds.contains(kind), kind.getName());
    }
  }

  @Test
  void keepsAnOrdinaryRecordSmall() {
    Dot dot = new Dot(REPLICA, 123_456);
    long clock = 1_760_000_000_000L << 16;
    Principal owner = new Principal("www-data", 33);
    Record record =
        new Record(
            VersionVector.of(dot),
            Siblings.of(
                List.of(
                    Element.written(
                        dot,
                        new Entry.File(new Values(new SplittableRandom(1)).digest(), 64 * 1_024),
                        clock,
                        List.of()))),
            Siblings.of(
                List.of(
                    Element.written(
                        dot,
                        Instant.ofEpochSecond(1_760_000_000L, 123_456_789),
                        clock,
                        List.of()))),
            Siblings.of(
                List.of(
                    Element.written(
                        dot,
                        new Attributes(EntryType.FILE, 0644, owner, owner),
                        clock,
                        List.of()))));
    int length = RecordCodec.encode(record).getSerializedSize();
    assertTrue(length <= 140, "a record takes " + length + " bytes");
    RelativePath path = RelativePath.of("uploads/2026/01/a-photo-of-a-cat-1024x768.jpg");
    int told =
        WireCodec.encode(new Message.Told(List.of(new Change(9_999, path, record, 0)))).length;
    assertTrue(told < 200, "a change takes " + told + " bytes");
  }

  @Test
  void skipsFieldsOfLaterVersions() throws CodecException {
    Message message = new Message.ContentUnavailable(7);
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(
                999,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("later"))
                    .addVarint(5)
                    .build())
            .build();
    Envelope envelope = MessageWriter.encode(message).toBuilder().setUnknownFields(later).build();
    assertEquals(message, WireCodec.decode(envelope.toByteArray()));
  }

  @Test
  void refusesKindsOfLaterVersions() {
    refuses(new byte[0], "no known kind");
    refuses(new byte[] {(byte) 0xc2, 0x3e, 0}, "no known kind");
  }

  @Test
  void refusesDotsOutsideOfTheContext() {
    refuses(record().clearContext(), "outside of its context");
    refuses(record().setContext(0, 2), "outside of its context");
  }

  @Test
  void refusesDuplicatedDots() {
    refuses(record().addContents(content(0)), "two elements with dot");
    refuses(record(write().addSeen(0).addSeen(1).addSeen(0).addSeen(1)), "twice");
    refuses(record().addReplicas(REPLICA.bits()), "twice");
  }

  @Test
  void refusesCountersBelowOne() {
    refuses(record(write().setCounter(0)), "counts from 1");
    refuses(record(write().setCounter(-1)), "counts from 1");
    refuses(record().setContext(0, 0), "counts from 1");
    refuses(record(write().addSeen(0).addSeen(0)), "counts from 1");
  }

  @Test
  void refusesReferencesToNowhere() {
    refuses(record(write().setReplica(1)), "unlisted replica");
    refuses(record(write().setReplica(-1)), "unlisted replica");
    refuses(record().setContents(0, content(1)), "unlisted write");
    refuses(record(write().addSeen(0)), "without a counter");
    refuses(record().addContext(1), "unnamed replicas");
  }

  @Test
  void refusesInvalidNanoseconds() {
    refuses(record().addMtimes(mtime(0, 1_000_000_000)), "nanoseconds");
    refuses(record().addMtimes(mtime(0, -1)), "nanoseconds");
    refuses(record().addMtimes(mtime(Long.MAX_VALUE, 0)), "out of range");
  }

  @Test
  void refusesPathsThatLeaveTheTree() {
    for (String path : List.of("/etc", "a/../b", "..", "a//b", "a/", "a\0b", "a/./b")) {
      refuses(told(path, record()), "path with");
    }
  }

  @Test
  void refusesTheRootItselfWhereAPathBelowItBelongs() {
    refuses(told("", record()), "the root");
    FactsMessage.Builder facts =
        FactsMessage.newBuilder()
            .setNode(ByteString.copyFrom(new byte[32]))
            .setJournal(ByteString.copyFrom(new byte[16]))
            .addExceptions(ByteString.EMPTY);
    refuses(Envelope.newBuilder().setFacts(facts).build().toByteArray(), "the root");
  }

  @Test
  void refusesMoreThanTheLimitsBeforeReadingIt() {
    ToldMessage.Builder told = ToldMessage.newBuilder();
    for (int left = 0; left <= Limits.SUMMARY_PATHS_MAX; left++) {
      told.addRecords(ChangeValue.getDefaultInstance());
    }
    refuses(Envelope.newBuilder().setTold(told).build().toByteArray(), "more than 1024");
    byte[] huge = new byte[Limits.ENVELOPE_BYTES_MAX + 1];
    refuses(huge, "bytes");
  }

  @Test
  void refusesManySmallPartsSpreadOverManyRecords() {
    RecordValue.Builder record = RecordValue.newBuilder();
    for (int left = 0; left < 3 * Limits.SIBLINGS_MAX; left++) {
      record.addWrites(WriteValue.getDefaultInstance());
    }
    for (int left = 0; left < Limits.SIBLINGS_MAX; left++) {
      record.addContents(ContentElement.getDefaultInstance());
      record.addMtimes(MtimeElement.getDefaultInstance());
    }
    ToldMessage.Builder told = ToldMessage.newBuilder();
    for (int left = 0; left < Limits.SUMMARY_PATHS_MAX; left++) {
      told.addRecords(ChangeValue.newBuilder().setRecord(record));
    }
    refuses(Envelope.newBuilder().setTold(told).build().toByteArray(), "items");
  }

  @Test
  void refusesAPartThatOccursTwice() {
    byte[] one = WireCodec.encode(new Message.Told(List.of()));
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    refuses(two, "more than 1 of field");
  }

  @Test
  void refusesGroupsNestedWithoutEnd() {
    byte[] nested = new byte[1_000_000];
    for (int index = 0; index + 1 < nested.length; index += 2) {
      nested[index] = (byte) 0xa3;
      nested[index + 1] = 0x06;
    }
    assertThrows(CodecException.class, () -> WireCodec.decode(nested));
  }

  @Test
  void refusesToEncodeWhatAPeerWouldRefuse() {
    byte[] name = new byte[Limits.NAME_BYTES_MAX];
    Arrays.fill(name, (byte) 'x');
    RelativePath path = RelativePath.ROOT;
    for (int depth = 0; depth < 200; depth++) {
      path = path.child(name);
    }
    Change change = new Change(1, path, Record.unknown(VersionVector.EMPTY), 0);
    Message.Told told = new Message.Told(Collections.nCopies(128, change));
    assertThrows(IllegalArgumentException.class, () -> WireCodec.encode(told));
  }

  @Test
  void refusesInlineContentThatIsNotWhatItsChunksSay() {
    Message.Changes changes =
        new Message.Changes(
            new Values(new SplittableRandom(1)).journalId(),
            0,
            0,
            List.of(),
            List.of(
                new Message.InlineContent(
                    new Values(new SplittableRandom(1)).digest(),
                    ChunkList.EMPTY,
                    Bytes.copyOf(new byte[1]))),
            Optional.empty());
    refuses(WireCodec.encode(changes), "another length");
  }

  private static byte[] delta(ContentDeltaValue.Builder delta) {
    ByteString digest = ByteString.copyFrom(new byte[32]);
    ChangesMessage.Builder changes =
        ChangesMessage.newBuilder().setJournal(ByteString.copyFrom(new byte[16]));
    changes.addDeltas(delta.setDigest(digest).setBase(digest));
    return Envelope.newBuilder().setChanges(changes).build().toByteArray();
  }

  @Test
  void refusesADeltaThatIsNotWhatItsNumbersSay() {
    refuses(delta(ContentDeltaValue.newBuilder().addRuns(1)), "three numbers");
    refuses(delta(ContentDeltaValue.newBuilder().setData(ByteString.fromHex("00"))), "length");
    refuses(
        delta(ContentDeltaValue.newBuilder().addRuns(-1).addRuns(0).addRuns(0)), "run of 0 from");
    ContentDeltaValue.Builder many = ContentDeltaValue.newBuilder();
    for (int i = 0; i <= 3 * Limits.DELTA_RUNS_MAX; i++) {
      many.addRuns(0);
    }
    refuses(delta(many), "more than");
  }

  private static WriteValue.Builder write() {
    return WriteValue.newBuilder().setReplica(0).setCounter(3);
  }

  private static ContentElement content(int write) {
    return ContentElement.newBuilder()
        .setWrite(write)
        .setValue(EntryValue.newBuilder().setAbsent(NothingValue.getDefaultInstance()))
        .build();
  }

  private static MtimeElement mtime(long seconds, int nanos) {
    return MtimeElement.newBuilder()
        .setValue(InstantValue.newBuilder().setSeconds(seconds).setNanos(nanos))
        .build();
  }

  private static RecordValue.Builder record() {
    return record(write());
  }

  private static RecordValue.Builder record(WriteValue.Builder write) {
    return RecordValue.newBuilder()
        .addReplicas(REPLICA.bits())
        .addContext(3)
        .addWrites(write)
        .addContents(content(0));
  }

  private static byte[] told(String path, RecordValue.Builder record) {
    ChangeValue.Builder change =
        ChangeValue.newBuilder().setPath(ByteString.copyFromUtf8(path)).setRecord(record);
    return Envelope.newBuilder()
        .setTold(ToldMessage.newBuilder().addRecords(change))
        .build()
        .toByteArray();
  }

  private static void refuses(RecordValue.Builder record, String reason) {
    refuses(told("a", record), reason);
  }

  private static void refuses(byte[] bytes, String reason) {
    CodecException refusal =
        assertThrows(CodecException.class, () -> WireCodec.decode(bytes), reason);
    assertTrue(refusal.reason().contains(reason), refusal.reason());
  }
}
