package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.DeltaRun;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Arbitrary valid messages of every kind, the same ones for the same seed. */
public final class Messages {
  /** Kinds of messages that {@link #message(int)} makes. */
  public static final int KINDS = 16;

  private final Values values;
  private final RandomGenerator random;

  public Messages(Values values) {
    this.values = values;
    this.random = values.random();
  }

  public Message message() {
    return message(random.nextInt(KINDS));
  }

  public Message message(int kind) {
    return switch (kind) {
      case 0 -> hello();
      case 1 -> changes();
      case 2 -> new Message.Acknowledgement(values.journalId(), count(), count());
      case 3 -> facts();
      case 4 ->
          new Message.ManifestWanted(
              random.nextLong(), values.path(), values.digest(), random.nextInt(1_000));
      case 5 -> manifest();
      case 6 ->
          new Message.ChunksWanted(
              random.nextLong(), values.path(), values.digest(), List.of(0, random.nextInt(1_000)));
      case 7 ->
          new Message.ChunkData(
              random.nextLong(), random.nextInt(1_000), values.bytes(1 + random.nextInt(50)));
      case 8 -> new Message.ContentUnavailable(random.nextLong());
      case 9 -> compare();
      case 10 ->
          new Message.Compared(
              random.nextLong(),
              values.list(3, this::change),
              values.list(3, values::path),
              random.nextBoolean());
      case 11 -> new Message.Told(values.list(3, this::change));
      case 12 -> new Message.Ahead(inlineContent());
      case 13 -> compareRanges();
      case 14 ->
          new Message.ComparedRanges(
              random.nextLong(), values.list(3, () -> random.nextInt(Limits.RANGES_MAX)));
      case 15 ->
          new Message.ChunkAhead(
              random.nextLong(), values.path(), count(), values.bytes(1 + random.nextInt(50)));
      default -> throw new IllegalArgumentException("no kind " + kind);
    };
  }

  private long count() {
    return random.nextLong(1L << 40);
  }

  private <T> Optional<T> optional(T value) {
    return random.nextBoolean() ? Optional.of(value) : Optional.empty();
  }

  private Message hello() {
    return new Message.Hello(
        values.identity(),
        values.vector(),
        optional(values.sequence()),
        optional(values.sequence()),
        optional(values.sequence()),
        values.digest());
  }

  private Change change() {
    return change(count());
  }

  private Change change(long number) {
    return new Change(
        number, values.path(), values.record(), random.nextBoolean() ? 0 : random.nextLong());
  }

  private Message changes() {
    long after = count();
    long number = after;
    List<Change> changes = new ArrayList<>();
    for (int left = random.nextInt(4); left > 0; left--) {
      number += 1 + random.nextInt(3);
      changes.add(change(number));
    }
    return new Message.Changes(
        values.journalId(),
        after,
        number + random.nextInt(3),
        changes,
        contents(),
        optional(values.vector()));
  }

  private List<Message.Content> contents() {
    List<Message.Content> contents = new ArrayList<>(values.list(2, this::inlineContent));
    contents.addAll(values.list(2, this::contentDelta));
    return contents;
  }

  private Message.ContentDelta contentDelta() {
    int length = 1 + random.nextInt(40);
    List<Chunk> fresh =
        List.of(new Chunk.Data(values.digest(), length), new Chunk.Hole(1 + random.nextInt(9_000)));
    return new Message.ContentDelta(
        values.digest(),
        values.digest(),
        values.list(
            3, () -> new DeltaRun(random.nextInt(9_999), random.nextInt(99), random.nextInt(3))),
        new ChunkList(fresh),
        values.bytes(length));
  }

  private Message.InlineContent inlineContent() {
    int length = 1 + random.nextInt(40);
    List<Chunk> chunks =
        List.of(
            new Chunk.Data(values.digest(), length),
            new Chunk.Hole(1 + random.nextInt(9_000)),
            new Chunk.Data(values.digest(), 2));
    Bytes data = values.bytes(length + 2);
    return new Message.InlineContent(values.digest(), new ChunkList(chunks), data);
  }

  private Message facts() {
    return new Message.Facts(
        values.node(),
        values.journalId(),
        count(),
        values.vector(),
        values.list(3, values::path),
        random.nextInt(3),
        random.nextBoolean(),
        count(),
        count());
  }

  private Message manifest() {
    List<Chunk> chunks = values.chunks(20);
    int from = random.nextInt(100);
    int total = from + chunks.size() + random.nextInt(Limits.MANIFEST_CHUNKS_MAX);
    return new Message.Manifest(random.nextLong(), total, from, chunks);
  }

  private Message compareRanges() {
    List<RecordRange> ranges =
        new ArrayList<>(values.list(3, () -> range(random.nextInt(Limits.RANGE_PATHS_MAX))));
    ranges.add(range(0));
    return new Message.CompareRanges(
        random.nextLong(),
        random.nextBoolean() ? RelativePath.ROOT : values.path(),
        ranges,
        random.nextBoolean());
  }

  private RecordRange range(int paths) {
    return new RecordRange(values.path(), paths, values.digest());
  }

  private Message compare() {
    return new Message.Compare(
        random.nextLong(),
        random.nextBoolean() ? RelativePath.ROOT : values.path(),
        optional(values.path()),
        values.list(4, () -> new Message.Fingerprint(values.path(), random.nextLong())));
  }
}
