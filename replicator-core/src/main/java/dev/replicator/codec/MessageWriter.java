package dev.replicator.codec;

import dev.replicator.model.Change;
import dev.replicator.model.DeltaRun;
import dev.replicator.model.Message;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RelativePath;
import dev.replicator.proto.AcknowledgementMessage;
import dev.replicator.proto.AheadMessage;
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
import dev.replicator.proto.ContentUnavailableMessage;
import dev.replicator.proto.Envelope;
import dev.replicator.proto.FactsMessage;
import dev.replicator.proto.FingerprintValue;
import dev.replicator.proto.HelloMessage;
import dev.replicator.proto.InlineContentValue;
import dev.replicator.proto.ManifestMessage;
import dev.replicator.proto.ManifestWantedMessage;
import dev.replicator.proto.RangeValue;
import dev.replicator.proto.ToldMessage;

/** Turns messages into their protobuf form. */
final class MessageWriter {
  private MessageWriter() {}

  static Envelope encode(Message message) {
    Envelope.Builder envelope = Envelope.newBuilder();
    switch (message) {
      case Message.Hello hello -> envelope.setHello(encode(hello));
      case Message.Changes changes -> envelope.setChanges(encode(changes));
      case Message.Acknowledgement acknowledgement ->
          envelope.setAcknowledgement(encode(acknowledgement));
      case Message.Facts facts -> envelope.setFacts(encode(facts));
      case Message.ManifestWanted wanted -> envelope.setManifestWanted(encode(wanted));
      case Message.Manifest manifest -> envelope.setManifest(encode(manifest));
      case Message.ChunksWanted wanted -> envelope.setChunksWanted(encode(wanted));
      case Message.ChunkData data -> envelope.setChunkData(encode(data));
      case Message.ChunkAhead ahead -> envelope.setChunkAhead(encode(ahead));
      case Message.ContentUnavailable unavailable ->
          envelope.setContentUnavailable(
              ContentUnavailableMessage.newBuilder().setRequest(unavailable.request()));
      case Message.CompareRanges ranges -> envelope.setCompareRanges(encode(ranges));
      case Message.ComparedRanges ranges -> envelope.setComparedRanges(encode(ranges));
      case Message.Compare compare -> envelope.setCompare(encode(compare));
      case Message.Compared compared -> envelope.setCompared(encode(compared));
      case Message.Ahead ahead ->
          envelope.setAhead(AheadMessage.newBuilder().setContent(encode(ahead.content())));
      case Message.Told told -> envelope.setTold(encode(told));
    }
    return envelope.build();
  }

  private static HelloMessage encode(Message.Hello hello) {
    HelloMessage.Builder value =
        HelloMessage.newBuilder()
            .setIdentity(ValueCodec.encode(hello.identity()))
            .setClock(ValueCodec.encode(hello.clock()))
            .setFilter(ValueCodec.encode(hello.filter()));
    hello.holds().ifPresent(holds -> value.setHolds(ValueCodec.encode(holds)));
    hello.acknowledged().ifPresent(told -> value.setAcknowledged(ValueCodec.encode(told)));
    hello.synced().ifPresent(told -> value.setSynced(ValueCodec.encode(told)));
    return value.build();
  }

  private static ChangesMessage encode(Message.Changes changes) {
    ChangesMessage.Builder value =
        ChangesMessage.newBuilder()
            .setJournal(ValueCodec.encode(changes.journal()))
            .setAfter(changes.after())
            .setThrough(changes.through());
    changes.changes().forEach(change -> value.addChanges(encode(change)));
    for (Message.Content content : changes.contents()) {
      switch (content) {
        case Message.InlineContent it -> value.addContents(encode(it));
        case Message.ContentDelta it -> value.addDeltas(encode(it));
      }
    }
    changes.endMark().ifPresent(clock -> value.setEndMark(ValueCodec.encode(clock)));
    return value.build();
  }

  private static InlineContentValue encode(Message.InlineContent content) {
    return InlineContentValue.newBuilder()
        .setDigest(ValueCodec.encode(content.digest()))
        .setChunks(ValueCodec.encode(content.chunks().chunks()))
        .setData(ValueCodec.encode(content.data()))
        .build();
  }

  private static ContentDeltaValue encode(Message.ContentDelta delta) {
    ContentDeltaValue.Builder value =
        ContentDeltaValue.newBuilder()
            .setDigest(ValueCodec.encode(delta.digest()))
            .setBase(ValueCodec.encode(delta.base()))
            .setFresh(ValueCodec.encode(delta.fresh().chunks()))
            .setData(ValueCodec.encode(delta.data()));
    for (DeltaRun run : delta.runs()) {
      value.addRuns(run.from()).addRuns(run.count()).addRuns(run.fresh());
    }
    return value.build();
  }

  private static ChangeValue encode(Change change) {
    return ChangeValue.newBuilder()
        .setNumber(change.number())
        .setPath(ValueCodec.encode(change.path()))
        .setRecord(RecordCodec.encode(change.record()))
        .setGroup(change.group())
        .build();
  }

  private static AcknowledgementMessage encode(Message.Acknowledgement acknowledgement) {
    return AcknowledgementMessage.newBuilder()
        .setJournal(ValueCodec.encode(acknowledgement.journal()))
        .setMerged(acknowledgement.merged())
        .setDurable(acknowledgement.durable())
        .build();
  }

  private static FactsMessage encode(Message.Facts facts) {
    FactsMessage.Builder value =
        FactsMessage.newBuilder()
            .setNode(ValueCodec.encode(facts.node()))
            .setJournal(ValueCodec.encode(facts.journal()))
            .setVersion(facts.version())
            .setApplied(ValueCodec.encode(facts.applied()))
            .setMore(facts.more())
            .setPaused(facts.paused())
            .setSince(facts.since())
            .setSynced(facts.synced());
    for (RelativePath exception : facts.exceptions()) {
      value.addExceptions(ValueCodec.encode(exception));
    }
    return value.build();
  }

  private static ManifestWantedMessage encode(Message.ManifestWanted wanted) {
    return ManifestWantedMessage.newBuilder()
        .setRequest(wanted.request())
        .setPath(ValueCodec.encode(wanted.path()))
        .setFile(ValueCodec.encode(wanted.file()))
        .setFrom(wanted.from())
        .build();
  }

  private static ManifestMessage encode(Message.Manifest manifest) {
    return ManifestMessage.newBuilder()
        .setRequest(manifest.request())
        .setTotal(manifest.total())
        .setFrom(manifest.from())
        .setChunks(ValueCodec.encode(manifest.chunks()))
        .build();
  }

  private static ChunksWantedMessage encode(Message.ChunksWanted wanted) {
    return ChunksWantedMessage.newBuilder()
        .setRequest(wanted.request())
        .setPath(ValueCodec.encode(wanted.path()))
        .setFile(ValueCodec.encode(wanted.file()))
        .addAllIndexes(wanted.indexes())
        .build();
  }

  private static ChunkDataMessage encode(Message.ChunkData data) {
    return ChunkDataMessage.newBuilder()
        .setRequest(data.request())
        .setIndex(data.index())
        .setData(ValueCodec.encode(data.data()))
        .build();
  }

  private static ChunkAheadMessage encode(Message.ChunkAhead ahead) {
    return ChunkAheadMessage.newBuilder()
        .setReading(ahead.reading())
        .setPath(ValueCodec.encode(ahead.path()))
        .setOffset(ahead.offset())
        .setData(ValueCodec.encode(ahead.data()))
        .build();
  }

  private static CompareRangesMessage encode(Message.CompareRanges compare) {
    CompareRangesMessage.Builder value =
        CompareRangesMessage.newBuilder()
            .setRequest(compare.request())
            .setAfter(ValueCodec.encode(compare.after()))
            .setToEnd(compare.toEnd());
    for (RecordRange range : compare.ranges()) {
      value.addRanges(
          RangeValue.newBuilder()
              .setLast(ValueCodec.encode(range.last()))
              .setPaths(range.paths())
              .setDigest(ValueCodec.encode(range.digest())));
    }
    return value.build();
  }

  private static ComparedRangesMessage encode(Message.ComparedRanges compared) {
    return ComparedRangesMessage.newBuilder()
        .setRequest(compared.request())
        .addAllDiffering(compared.differing())
        .build();
  }

  private static CompareMessage encode(Message.Compare compare) {
    CompareMessage.Builder value =
        CompareMessage.newBuilder()
            .setRequest(compare.request())
            .setAfter(ValueCodec.encode(compare.after()));
    compare.through().ifPresent(through -> value.setThrough(ValueCodec.encode(through)));
    for (Message.Fingerprint fingerprint : compare.fingerprints()) {
      value.addFingerprints(
          FingerprintValue.newBuilder()
              .setPath(ValueCodec.encode(fingerprint.path()))
              .setHash(fingerprint.hash()));
    }
    return value.build();
  }

  private static ComparedMessage encode(Message.Compared compared) {
    ComparedMessage.Builder value =
        ComparedMessage.newBuilder().setRequest(compared.request()).setLast(compared.last());
    compared.differing().forEach(change -> value.addDiffering(encode(change)));
    compared.wanted().forEach(path -> value.addWanted(ValueCodec.encode(path)));
    return value.build();
  }

  private static ToldMessage encode(Message.Told told) {
    ToldMessage.Builder value = ToldMessage.newBuilder();
    told.records().forEach(change -> value.addRecords(encode(change)));
    return value.build();
  }
}
