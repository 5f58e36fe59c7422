package dev.replicator.cli.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.replicator.codec.WireCodec;
import dev.replicator.model.Change;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import dev.replicator.proto.ChangeValue;
import dev.replicator.proto.ChunkListValue;
import dev.replicator.proto.ChunksWantedMessage;
import dev.replicator.proto.EntryValue;
import dev.replicator.proto.Envelope;
import dev.replicator.proto.FileValue;
import dev.replicator.proto.InlineContentValue;
import dev.replicator.proto.ManifestWantedMessage;
import dev.replicator.proto.NothingValue;
import dev.replicator.proto.RecordValue;
import dev.replicator.proto.TypeValue;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Messages that no honest node sends, each named after what is wrong with it. But for that they are
 * whole: they tell of a file at {@link #PATH}.
 */
final class BrokenRecords {
  static final String PATH = "broken";

  private static final ReplicaId WRITER = HostilePeer.anyReplica();
  private static final int CLOCK_COUNT_BITS = 16;
  private static final long NOON_MILLIS = 1_767_268_800_000L;

  private final Map<String, Envelope> all = new TreeMap<>();

  private BrokenRecords() {
    counts();
    chunks();
    hashes();
    kinds();
    nesting();
    paths();
    vectors();
  }

  static Map<String, Envelope> all() {
    return new BrokenRecords().all;
  }

  /** One write of {@code entry}, at noon of some day. */
  static Record record(Dot dot, Entry entry) {
    return record(VersionVector.of(dot), dot, entry);
  }

  /** As {@link #record(Dot, Entry)} by somebody who knew all of {@code context}. */
  static Record record(VersionVector context, Dot dot, Entry entry) {
    return record(context, dot, entry, NOON_MILLIS << CLOCK_COUNT_BITS);
  }

  static Record record(VersionVector context, Dot dot, Entry entry, long clock) {
    return new Record(
        context.with(dot),
        Siblings.of(List.of(Element.written(dot, entry, clock, List.of()))),
        Siblings.none(),
        Siblings.none());
  }

  static Envelope told(RelativePath path, Record record) {
    try {
      return Envelope.parseFrom(
          WireCodec.encode(new Message.Told(List.of(new Change(0, path, record, 0)))));
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Envelope.Builder whole() {
    Entry.File file = Contents.chunked("broken").file();
    return told(RelativePath.of(PATH), record(new Dot(WRITER, 1), file)).toBuilder();
  }

  private void change(String name, Consumer<ChangeValue.Builder> damage) {
    Envelope.Builder envelope = whole();
    damage.accept(envelope.getToldBuilder().getRecordsBuilder(0));
    all.put(name, envelope.build());
  }

  private void record(String name, Consumer<RecordValue.Builder> damage) {
    change(name, change -> damage.accept(change.getRecordBuilder()));
  }

  private void entry(String name, EntryValue entry) {
    record(name, record -> record.getContentsBuilder(0).setValue(entry));
  }

  private void counts() {
    Envelope.Builder many = whole();
    ChangeValue one = many.getTold().getRecords(0);
    many.getToldBuilder().addAllRecords(Collections.nCopies(Limits.SUMMARY_PATHS_MAX, one));
    all.put("H2 more records than one message may have", many.build());
    record(
        "H2 more contents than a record may have",
        record ->
            record.addAllContents(Collections.nCopies(Limits.SIBLINGS_MAX, record.getContents(0))));
    ByteString digests = ByteString.copyFrom(new byte[2 * Digest.LENGTH_BYTES]);
    all.put("H2 more hashes than chunks", ahead(new byte[32], digests, "broken"));
    Envelope.Builder list = Envelope.newBuilder();
    list.getManifestBuilder()
        .setTotal(Limits.FILE_CHUNKS_MAX)
        .getChunksBuilder()
        .addAllRuns(Collections.nCopies(Limits.MANIFEST_CHUNKS_MAX + 1, 3L));
    all.put("H2 more chunks than one message may have", list.build());
    list.getManifestBuilder().setTotal(Limits.FILE_CHUNKS_MAX + 1).clearChunks();
    all.put("H2 more chunks than a file may have", list.build());
  }

  private void chunks() {
    for (long run : List.of(0L, 1L, (Limits.CHUNK_BYTES_MAX + 1L) << 1, -2L)) {
      Envelope.Builder envelope = ahead(new byte[32], digest(), "").toBuilder();
      envelope
          .getAheadBuilder()
          .getContentBuilder()
          .getChunksBuilder()
          .setRuns(0, run)
          .setDigests((run & 1) == 0 ? digest() : ByteString.EMPTY);
      all.put("H4 a chunk with the length and kind " + run, envelope.build());
    }
    Envelope.Builder holes = ahead(new byte[32], ByteString.EMPTY, "").toBuilder();
    holes.getAheadBuilder().getContentBuilder().getChunksBuilder().setRuns(0, -1).addRuns(-1);
    all.put("H4 holes that are longer together than a number", holes.build());
    for (int index : List.of(-1, Limits.FILE_CHUNKS_MAX)) {
      Envelope.Builder envelope = Envelope.newBuilder();
      envelope
          .getChunksWantedBuilder()
          .setPath(ByteString.copyFromUtf8(PATH))
          .setFile(digest())
          .addIndexes(index);
      all.put("H4 chunk " + index + " is asked for", envelope.build());
      envelope.getChunkDataBuilder().setIndex(index).setData(ByteString.copyFromUtf8("broken"));
      all.put("H4 chunk " + index + " is given", envelope.build());
      envelope.getManifestBuilder().setTotal(1).setFrom(index).getChunksBuilder().addRuns(3);
      all.put("H4 a list from chunk " + index + " on is given", envelope.build());
    }
    for (int length : List.of(0, Limits.CHUNK_BYTES_MAX + 1)) {
      all.put("H4 a chunk of " + length + " bytes ahead", chunkAhead(0, PATH, length));
    }
    for (long offset : List.of(-1L, Long.MAX_VALUE)) {
      all.put("H4 a chunk ahead at " + offset, chunkAhead(offset, PATH, 1));
    }
    for (String path : List.of("", "../outside", "a//b", "/etc")) {
      all.put("H12 a chunk ahead of the path " + path, chunkAhead(0, path, 1));
    }
    Envelope.Builder numbers = Envelope.newBuilder();
    numbers
        .getChangesBuilder()
        .setJournal(ByteString.copyFrom(new byte[16]))
        .setThrough(1)
        .addDeltasBuilder()
        .setDigest(digest())
        .setBase(digest())
        .addRuns(1);
    all.put("H4 a run of one number", numbers.build());
  }

  private static Envelope chunkAhead(long offset, String path, int length) {
    Envelope.Builder envelope = Envelope.newBuilder();
    envelope
        .getChunkAheadBuilder()
        .setReading(1)
        .setPath(ByteString.copyFromUtf8(path))
        .setOffset(offset)
        .setData(ByteString.copyFrom(new byte[length]));
    return envelope.build();
  }

  private void nesting() {
    UnknownFieldSet nested = UnknownFieldSet.getDefaultInstance();
    for (int depth = 0; depth < 1_000; depth++) {
      nested =
          UnknownFieldSet.newBuilder()
              .addField(20, UnknownFieldSet.Field.newBuilder().addGroup(nested).build())
              .build();
    }
    all.put("H12 groups in groups", whole().setUnknownFields(nested).build());
    ByteString noText = ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xfe});
    record(
        "H12 the name of an owner that is no text",
        record ->
            record
                .addAttributesBuilder()
                .getValueBuilder()
                .setType(TypeValue.TYPE_FILE)
                .getOwnerBuilder()
                .setUnknownFields(
                    UnknownFieldSet.newBuilder()
                        .addField(
                            1,
                            UnknownFieldSet.Field.newBuilder().addLengthDelimited(noText).build())
                        .build()));
  }

  private void hashes() {
    for (int length : List.of(0, 1, 64)) {
      ByteString hash = ByteString.copyFrom(new byte[length]);
      String with = "H5 a hash of " + length + " bytes: ";
      FileValue file = FileValue.newBuilder().setDigest(hash).setSize(6).build();
      entry(with + "of a file", EntryValue.newBuilder().setFile(file).build());
      ByteString path = ByteString.copyFromUtf8(PATH);
      all.put(
          with + "of a list that is asked for",
          Envelope.newBuilder()
              .setManifestWanted(
                  ManifestWantedMessage.newBuilder().setRequest(1).setPath(path).setFile(hash))
              .build());
      all.put(
          with + "of chunks that are asked for",
          Envelope.newBuilder()
              .setChunksWanted(
                  ChunksWantedMessage.newBuilder()
                      .setRequest(1)
                      .setPath(path)
                      .setFile(hash)
                      .addIndexes(0))
              .build());
      all.put(with + "of a chunk", ahead(new byte[Digest.LENGTH_BYTES], hash, "broken"));
      all.put(with + "of a content", ahead(hash.toByteArray(), digest(), "broken"));
    }
    all.put("H5 more bytes than the chunks have", ahead(new byte[32], digest(), "broken!"));
    all.put("H5 less bytes than the chunks have", ahead(new byte[32], digest(), "broke"));
  }

  private static ByteString digest() {
    return ByteString.copyFrom(new byte[Digest.LENGTH_BYTES]);
  }

  /** Content of one chunk of six bytes. */
  private static Envelope ahead(byte[] digest, ByteString ofChunk, String data) {
    Envelope.Builder envelope = Envelope.newBuilder();
    envelope
        .getAheadBuilder()
        .setContent(
            InlineContentValue.newBuilder()
                .setDigest(ByteString.copyFrom(digest))
                .setChunks(ChunkListValue.newBuilder().addRuns(6 << 1).setDigests(ofChunk))
                .setData(ByteString.copyFromUtf8(data)));
    return envelope.build();
  }

  private void kinds() {
    entry("H6 an entry of no kind", EntryValue.getDefaultInstance());
    entry(
        "H6 an entry of a kind that is not known",
        EntryValue.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build());
    entry(
        "H6 a file of 2^64-1 bytes",
        EntryValue.newBuilder()
            .setFile(FileValue.newBuilder().setDigest(digest()).setSize(-1))
            .build());
    entry("H6 a link to nothing", EntryValue.newBuilder().setSymlink(ByteString.EMPTY).build());
    entry(
        "H6 a link text with a NUL",
        EntryValue.newBuilder().setSymlink(ByteString.copyFrom(new byte[] {'a', 0})).build());
    for (int type : List.of(0, 99)) {
      record(
          "H6 attributes of the type " + type,
          record -> record.addAttributesBuilder().getValueBuilder().setTypeValue(type));
    }
    record(
        "H6 attributes of a mode that is none",
        record ->
            record
                .addAttributesBuilder()
                .getValueBuilder()
                .setType(TypeValue.TYPE_FILE)
                .setMode(0100644));
    record("H6 an element that nobody wrote", record -> record.getContentsBuilder(0).setWrite(1));
    change("H6 a change of nothing", ChangeValue.Builder::clearRecord);
    all.put("H6 a message of no kind", Envelope.getDefaultInstance());
  }

  private void paths() {
    for (String path : List.of("..", ".", "../a", "a/..", "a/../../b", "/etc", "a//b", "a/")) {
      change("H8 H10 the path " + path, change -> change.setPath(ByteString.copyFromUtf8(path)));
    }
    change("H8 H10 a path with a NUL", change -> change.setPath(ByteString.copyFromUtf8("a\0")));
    for (EntryValue entry :
        List.of(
            EntryValue.newBuilder().setAbsent(NothingValue.getDefaultInstance()).build(),
            EntryValue.newBuilder().setDirectory(NothingValue.getDefaultInstance()).build(),
            EntryValue.newBuilder()
                .setFile(FileValue.newBuilder().setDigest(digest()).setSize(6))
                .build(),
            EntryValue.newBuilder().setSymlink(ByteString.copyFromUtf8("/")).build())) {
      change(
          "H10 the root itself as " + entry.getEntryCase(),
          change -> {
            change.setPath(ByteString.EMPTY);
            change.getRecordBuilder().getContentsBuilder(0).setValue(entry);
          });
    }
    all.put(
        "H8 a path outside of the root that is read",
        Envelope.newBuilder()
            .setChunksWanted(
                ChunksWantedMessage.newBuilder()
                    .setRequest(1)
                    .setPath(ByteString.copyFrom("../state/key.pem", StandardCharsets.UTF_8))
                    .setFile(digest())
                    .addIndexes(0))
            .build());
  }

  private void vectors() {
    record("H9 a counter of 2^64-1", record -> record.setContext(0, -1));
    record("H9 a counter of 0", record -> record.setContext(0, 0));
    record("H9 a replica twice", record -> record.addReplicas(WRITER.bits()).addContext(2));
    record("H9 counters of no replica", record -> record.addContext(2));
    record("H9 a write of 2^64-1", record -> record.getWritesBuilder(0).setCounter(-1));
    record("H9 a write that its context lacks", record -> record.getWritesBuilder(0).setCounter(2));
    record("H9 a write of an unknown replica", record -> record.getWritesBuilder(0).setReplica(7));
    for (int size : List.of(Limits.VECTOR_REPLICAS_MAX + 1, 200_000)) {
      record(
          "H9 a vector of " + size,
          record -> {
            for (long replica = 1; replica < size; replica++) {
              record.addReplicas(replica).addContext(1);
            }
          });
      Envelope.Builder hello = Envelope.newBuilder();
      for (long replica = 1; replica <= size; replica++) {
        hello.getHelloBuilder().getClockBuilder().addReplicas(replica).addCounters(1);
      }
      all.put("H9 a clock of " + size, hello.build());
    }
  }
}
