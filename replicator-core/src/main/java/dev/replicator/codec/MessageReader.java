package dev.replicator.codec;

import static dev.replicator.codec.ValueCodec.require;

import com.google.protobuf.ByteString;
import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.ChunkList;
import dev.replicator.model.DeltaRun;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RelativePath;
import dev.replicator.model.VersionVector;
import dev.replicator.proto.AcknowledgementMessage;
import dev.replicator.proto.ChangeValue;
import dev.replicator.proto.ChangesMessage;
import dev.replicator.proto.ChunkAheadMessage;
import dev.replicator.proto.ChunkDataMessage;
import dev.replicator.proto.ChunksWantedMessage;
import dev.replicator.proto.CompareMessage;
import dev.replicator.proto.CompareRangesMessage;
import dev.replicator.proto.ComparedMessage;
import dev.replicator.proto.ComparedRangesMessage;
import dev.replicator.proto.ContentDeltaValue;
import dev.replicator.proto.Envelope;
import dev.replicator.proto.FactsMessage;
import dev.replicator.proto.FingerprintValue;
import dev.replicator.proto.HelloMessage;
import dev.replicator.proto.InlineContentValue;
import dev.replicator.proto.ManifestMessage;
import dev.replicator.proto.ManifestWantedMessage;
import dev.replicator.proto.RangeValue;
import dev.replicator.proto.ToldMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the protobuf form into messages. What the model refuses, its constructors say with an
 * {@link IllegalArgumentException}, which {@link WireCodec} turns into the checked answer.
 */
final class MessageReader {
  private static final int RUN_NUMBERS = 3;

  private MessageReader() {}

  static Message message(Envelope value) throws CodecException {
    return switch (value.getMessageCase()) {
      case HELLO -> hello(value.getHello());
      case CHANGES -> changes(value.getChanges());
      case ACKNOWLEDGEMENT -> acknowledgement(value.getAcknowledgement());
      case FACTS -> facts(value.getFacts());
      case MANIFEST_WANTED -> manifestWanted(value.getManifestWanted());
      case MANIFEST -> manifest(value.getManifest());
      case CHUNKS_WANTED -> chunksWanted(value.getChunksWanted());
      case CHUNK_DATA -> chunkData(value.getChunkData());
      case CHUNK_AHEAD -> chunkAhead(value.getChunkAhead());
      case CONTENT_UNAVAILABLE ->
          new Message.ContentUnavailable(value.getContentUnavailable().getRequest());
      case COMPARE_RANGES -> compareRanges(value.getCompareRanges());
      case COMPARED_RANGES -> comparedRanges(value.getComparedRanges());
      case COMPARE -> compare(value.getCompare());
      case COMPARED -> compared(value.getCompared());
      case TOLD -> told(value.getTold());
      case AHEAD -> new Message.Ahead(inlineContent(value.getAhead().getContent()));
      case MESSAGE_NOT_SET -> throw new CodecException("message of no known kind");
    };
  }

  private static Message hello(HelloMessage value) throws CodecException {
    return new Message.Hello(
        ValueCodec.identity(value.getIdentity()),
        ValueCodec.vector(value.getClock()),
        value.hasHolds() ? Optional.of(ValueCodec.sequence(value.getHolds())) : Optional.empty(),
        value.hasAcknowledged()
            ? Optional.of(ValueCodec.sequence(value.getAcknowledged()))
            : Optional.empty(),
        value.hasSynced() ? Optional.of(ValueCodec.sequence(value.getSynced())) : Optional.empty(),
        ValueCodec.digest(value.getFilter()));
  }

  private static Message changes(ChangesMessage value) throws CodecException {
    List<Message.Content> contents = new ArrayList<>(value.getContentsCount());
    for (InlineContentValue content : value.getContentsList()) {
      contents.add(inlineContent(content));
    }
    for (ContentDeltaValue delta : value.getDeltasList()) {
      contents.add(contentDelta(delta));
    }
    Optional<VersionVector> endMark =
        value.hasEndMark() ? Optional.of(ValueCodec.vector(value.getEndMark())) : Optional.empty();
    Message.Changes changes =
        new Message.Changes(
            ValueCodec.journalId(value.getJournal()),
            value.getAfter(),
            value.getThrough(),
            changes(value.getChangesList()),
            contents,
            endMark);
    requireOrder(changes);
    return changes;
  }

  private static void requireOrder(Message.Changes changes) throws CodecException {
    long before = changes.after();
    for (Change change : changes.changes()) {
      require(
          change.number() > before && change.number() <= changes.through(),
          "change " + change.number() + " out of the order of its run");
      before = change.number();
    }
  }

  private static Message.InlineContent inlineContent(InlineContentValue value)
      throws CodecException {
    ChunkList chunks =
        new ChunkList(ValueCodec.chunks(value.getChunks(), Limits.MANIFEST_CHUNKS_MAX));
    Bytes data = ValueCodec.bytes(value.getData());
    requireLength(chunks, data);
    return new Message.InlineContent(ValueCodec.digest(value.getDigest()), chunks, data);
  }

  private static void requireLength(ChunkList chunks, Bytes data) throws CodecException {
    require(
        chunks.dataBytes() == data.length(), "inline content of another length than its chunks");
  }

  private static Message.ContentDelta contentDelta(ContentDeltaValue value) throws CodecException {
    ChunkList fresh = new ChunkList(ValueCodec.chunks(value.getFresh(), Limits.DELTA_CHUNKS_MAX));
    Bytes data = ValueCodec.bytes(value.getData());
    requireLength(fresh, data);
    require(value.getRunsCount() % RUN_NUMBERS == 0, "delta with a run of less than three numbers");
    List<DeltaRun> runs = new ArrayList<>(value.getRunsCount() / RUN_NUMBERS);
    for (int i = 0; i < value.getRunsCount(); i += RUN_NUMBERS) {
      runs.add(new DeltaRun(value.getRuns(i), value.getRuns(i + 1), value.getRuns(i + 2)));
    }
    return new Message.ContentDelta(
        ValueCodec.digest(value.getDigest()),
        ValueCodec.digest(value.getBase()),
        runs,
        fresh,
        data);
  }

  private static List<Change> changes(List<ChangeValue> values) throws CodecException {
    List<Change> changes = new ArrayList<>(values.size());
    for (ChangeValue value : values) {
      require(value.hasRecord(), "change without a record");
      require(value.getNumber() >= 0, "change with a negative number");
      changes.add(
          new Change(
              value.getNumber(),
              ValueCodec.pathBelow(value.getPath()),
              RecordCodec.record(value.getRecord()),
              value.getGroup()));
    }
    return changes;
  }

  private static List<RelativePath> paths(List<ByteString> values) throws CodecException {
    List<RelativePath> paths = new ArrayList<>(values.size());
    for (ByteString value : values) {
      paths.add(ValueCodec.pathBelow(value));
    }
    return paths;
  }

  private static Message acknowledgement(AcknowledgementMessage value) throws CodecException {
    require(value.getMerged() >= 0 && value.getDurable() >= 0, "acknowledgement below zero");
    return new Message.Acknowledgement(
        ValueCodec.journalId(value.getJournal()), value.getMerged(), value.getDurable());
  }

  private static Message facts(FactsMessage value) throws CodecException {
    return new Message.Facts(
        ValueCodec.nodeId(value.getNode()),
        ValueCodec.journalId(value.getJournal()),
        value.getVersion(),
        ValueCodec.vector(value.getApplied()),
        paths(value.getExceptionsList()),
        value.getMore(),
        value.getPaused(),
        value.getSince(),
        value.getSynced());
  }

  private static Message manifestWanted(ManifestWantedMessage value) throws CodecException {
    int from = value.getFrom();
    require(from >= 0 && from <= Limits.FILE_CHUNKS_MAX, "manifest wanted from " + from);
    return new Message.ManifestWanted(
        value.getRequest(),
        ValueCodec.pathBelow(value.getPath()),
        ValueCodec.digest(value.getFile()),
        from);
  }

  private static Message manifest(ManifestMessage value) throws CodecException {
    return new Message.Manifest(
        value.getRequest(),
        value.getTotal(),
        value.getFrom(),
        ValueCodec.chunks(value.getChunks(), Limits.MANIFEST_CHUNKS_MAX));
  }

  private static Message chunksWanted(ChunksWantedMessage value) throws CodecException {
    for (int index : value.getIndexesList()) {
      require(index >= 0 && index < Limits.FILE_CHUNKS_MAX, "chunk " + index + " wanted");
    }
    return new Message.ChunksWanted(
        value.getRequest(),
        ValueCodec.pathBelow(value.getPath()),
        ValueCodec.digest(value.getFile()),
        value.getIndexesList());
  }

  private static Message chunkData(ChunkDataMessage value) throws CodecException {
    require(value.getIndex() < Limits.FILE_CHUNKS_MAX, "data of chunk " + value.getIndex());
    return new Message.ChunkData(
        value.getRequest(), value.getIndex(), ValueCodec.bytes(value.getData()));
  }

  private static Message chunkAhead(ChunkAheadMessage value) throws CodecException {
    return new Message.ChunkAhead(
        value.getReading(),
        ValueCodec.pathBelow(value.getPath()),
        value.getOffset(),
        ValueCodec.bytes(value.getData()));
  }

  private static Message compareRanges(CompareRangesMessage value) throws CodecException {
    List<RecordRange> ranges = new ArrayList<>(value.getRangesCount());
    for (RangeValue range : value.getRangesList()) {
      ranges.add(
          new RecordRange(
              ValueCodec.path(range.getLast()),
              range.getPaths(),
              ValueCodec.digest(range.getDigest())));
    }
    return new Message.CompareRanges(
        value.getRequest(), ValueCodec.path(value.getAfter()), ranges, value.getToEnd());
  }

  private static Message comparedRanges(ComparedRangesMessage value) {
    return new Message.ComparedRanges(value.getRequest(), value.getDifferingList());
  }

  private static Message compare(CompareMessage value) throws CodecException {
    List<Message.Fingerprint> fingerprints = new ArrayList<>(value.getFingerprintsCount());
    for (FingerprintValue fingerprint : value.getFingerprintsList()) {
      fingerprints.add(
          new Message.Fingerprint(
              ValueCodec.pathBelow(fingerprint.getPath()), fingerprint.getHash()));
    }
    return new Message.Compare(
        value.getRequest(),
        ValueCodec.path(value.getAfter()),
        value.hasThrough() ? Optional.of(ValueCodec.path(value.getThrough())) : Optional.empty(),
        fingerprints);
  }

  private static Message compared(ComparedMessage value) throws CodecException {
    return new Message.Compared(
        value.getRequest(),
        changes(value.getDifferingList()),
        paths(value.getWantedList()),
        value.getLast());
  }

  private static Message told(ToldMessage value) throws CodecException {
    return new Message.Told(changes(value.getRecordsList()));
  }
}
