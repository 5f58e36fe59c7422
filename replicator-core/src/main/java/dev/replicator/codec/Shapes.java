package dev.replicator.codec;

import dev.replicator.model.Limits;
import dev.replicator.proto.AheadMessage;
import dev.replicator.proto.AttributesElement;
import dev.replicator.proto.AttributesValue;
import dev.replicator.proto.ChangeValue;
import dev.replicator.proto.ChangesMessage;
import dev.replicator.proto.ChunkListValue;
import dev.replicator.proto.ChunksWantedMessage;
import dev.replicator.proto.CompareMessage;
import dev.replicator.proto.CompareRangesMessage;
import dev.replicator.proto.ComparedMessage;
import dev.replicator.proto.ComparedRangesMessage;
import dev.replicator.proto.ContentDeltaValue;
import dev.replicator.proto.ContentElement;
import dev.replicator.proto.DisplacedValue;
import dev.replicator.proto.DoubtValue;
import dev.replicator.proto.EntryValue;
import dev.replicator.proto.Envelope;
import dev.replicator.proto.FactsMessage;
import dev.replicator.proto.FormerLifeValue;
import dev.replicator.proto.HelloMessage;
import dev.replicator.proto.HistoryItemValue;
import dev.replicator.proto.InlineContentValue;
import dev.replicator.proto.IntentValue;
import dev.replicator.proto.KnowledgeValue;
import dev.replicator.proto.ManifestMessage;
import dev.replicator.proto.MaterialisedValue;
import dev.replicator.proto.MtimeElement;
import dev.replicator.proto.PeerProgressValue;
import dev.replicator.proto.RecordStateValue;
import dev.replicator.proto.RecordValue;
import dev.replicator.proto.RootStateValue;
import dev.replicator.proto.TargetValue;
import dev.replicator.proto.ToldMessage;
import dev.replicator.proto.VectorValue;
import dev.replicator.proto.WriteValue;

/** The limits of every kind of message, as shapes of the protobuf schema. */
final class Shapes {
  private static final int ELEMENTS_MAX = 3 * Limits.SIBLINGS_MAX;
  private static final int SEEN_MAX = 2 * Limits.SIBLINGS_MAX;
  private static final int TABLE_MAX = Limits.VECTOR_REPLICAS_MAX + ELEMENTS_MAX * SEEN_MAX;
  private static final int DOTS_MAX = 2 * Limits.KNOWN_DOTS_MAX;

  private static final Shape LEAF = new Shape("value");

  private static final Shape VECTOR =
      new Shape("vector")
          .fixed64s(VectorValue.REPLICAS_FIELD_NUMBER, Limits.VECTOR_REPLICAS_MAX)
          .varints(VectorValue.COUNTERS_FIELD_NUMBER, Limits.VECTOR_REPLICAS_MAX);

  private static final Shape ENTRY =
      new Shape("entry")
          .part(EntryValue.ABSENT_FIELD_NUMBER, LEAF)
          .part(EntryValue.DIRECTORY_FIELD_NUMBER, LEAF)
          .part(EntryValue.FILE_FIELD_NUMBER, LEAF);

  private static final Shape ATTRIBUTES =
      new Shape("attributes")
          .part(AttributesValue.OWNER_FIELD_NUMBER, LEAF)
          .part(AttributesValue.GROUP_FIELD_NUMBER, LEAF)
          .parts(AttributesValue.EXTENDED_FIELD_NUMBER, LEAF, Limits.EXTENDED_ATTRIBUTES_MAX);

  private static final Shape WRITE =
      new Shape("write").varints(WriteValue.SEEN_FIELD_NUMBER, SEEN_MAX);

  private static final Shape RECORD =
      new Shape("record")
          .fixed64s(RecordValue.REPLICAS_FIELD_NUMBER, TABLE_MAX)
          .varints(RecordValue.CONTEXT_FIELD_NUMBER, Limits.VECTOR_REPLICAS_MAX)
          .parts(RecordValue.WRITES_FIELD_NUMBER, WRITE, ELEMENTS_MAX)
          .parts(
              RecordValue.CONTENTS_FIELD_NUMBER,
              new Shape("content").part(ContentElement.VALUE_FIELD_NUMBER, ENTRY),
              Limits.SIBLINGS_MAX)
          .parts(
              RecordValue.MTIMES_FIELD_NUMBER,
              new Shape("mtime").part(MtimeElement.VALUE_FIELD_NUMBER, LEAF),
              Limits.SIBLINGS_MAX)
          .parts(
              RecordValue.ATTRIBUTES_FIELD_NUMBER,
              new Shape("attributes").part(AttributesElement.VALUE_FIELD_NUMBER, ATTRIBUTES),
              Limits.SIBLINGS_MAX);

  private static final Shape CHANGE =
      new Shape("change").part(ChangeValue.RECORD_FIELD_NUMBER, RECORD);

  static final Shape ENVELOPE =
      new Shape("envelope")
          .part(
              Envelope.HELLO_FIELD_NUMBER,
              new Shape("hello")
                  .part(HelloMessage.IDENTITY_FIELD_NUMBER, LEAF)
                  .part(HelloMessage.CLOCK_FIELD_NUMBER, VECTOR)
                  .part(HelloMessage.HOLDS_FIELD_NUMBER, LEAF)
                  .part(HelloMessage.ACKNOWLEDGED_FIELD_NUMBER, LEAF)
                  .part(HelloMessage.SYNCED_FIELD_NUMBER, LEAF))
          .part(Envelope.CHANGES_FIELD_NUMBER, changes())
          .part(Envelope.ACKNOWLEDGEMENT_FIELD_NUMBER, LEAF)
          .part(
              Envelope.FACTS_FIELD_NUMBER,
              new Shape("facts")
                  .part(FactsMessage.APPLIED_FIELD_NUMBER, VECTOR)
                  .blobs(FactsMessage.EXCEPTIONS_FIELD_NUMBER, Limits.EXCEPTIONS_MAX))
          .part(Envelope.MANIFEST_WANTED_FIELD_NUMBER, LEAF)
          .part(
              Envelope.MANIFEST_FIELD_NUMBER,
              new Shape("manifest")
                  .part(ManifestMessage.CHUNKS_FIELD_NUMBER, chunkList(Limits.MANIFEST_CHUNKS_MAX)))
          .part(
              Envelope.CHUNKS_WANTED_FIELD_NUMBER,
              new Shape("chunks wanted")
                  .varints(ChunksWantedMessage.INDEXES_FIELD_NUMBER, Limits.CHUNK_REQUESTS_MAX))
          .part(Envelope.CHUNK_DATA_FIELD_NUMBER, LEAF)
          .part(Envelope.CHUNK_AHEAD_FIELD_NUMBER, LEAF)
          .part(Envelope.CONTENT_UNAVAILABLE_FIELD_NUMBER, LEAF)
          .part(
              Envelope.COMPARE_RANGES_FIELD_NUMBER,
              new Shape("compareRanges")
                  .parts(CompareRangesMessage.RANGES_FIELD_NUMBER, LEAF, Limits.RANGES_MAX))
          .part(
              Envelope.COMPARED_RANGES_FIELD_NUMBER,
              new Shape("comparedRanges")
                  .varints(ComparedRangesMessage.DIFFERING_FIELD_NUMBER, Limits.RANGES_MAX))
          .part(
              Envelope.COMPARE_FIELD_NUMBER,
              new Shape("compare")
                  .parts(CompareMessage.FINGERPRINTS_FIELD_NUMBER, LEAF, Limits.SUMMARY_PATHS_MAX))
          .part(
              Envelope.COMPARED_FIELD_NUMBER,
              new Shape("compared")
                  .parts(ComparedMessage.DIFFERING_FIELD_NUMBER, CHANGE, Limits.SUMMARY_PATHS_MAX)
                  .blobs(ComparedMessage.WANTED_FIELD_NUMBER, Limits.SUMMARY_PATHS_MAX))
          .part(
              Envelope.AHEAD_FIELD_NUMBER,
              new Shape("ahead").part(AheadMessage.CONTENT_FIELD_NUMBER, content()))
          .part(
              Envelope.TOLD_FIELD_NUMBER,
              new Shape("told")
                  .parts(ToldMessage.RECORDS_FIELD_NUMBER, CHANGE, Limits.SUMMARY_PATHS_MAX));

  private static final Shape TARGET =
      new Shape("target")
          .part(TargetValue.ENTRY_FIELD_NUMBER, ENTRY)
          .part(TargetValue.MTIME_FIELD_NUMBER, LEAF)
          .part(TargetValue.ATTRIBUTES_FIELD_NUMBER, ATTRIBUTES);

  private static final Shape KNOWLEDGE =
      new Shape("knowledge")
          .fixed64s(KnowledgeValue.REPLICAS_FIELD_NUMBER, 4 * Limits.KNOWN_DOTS_MAX)
          .varints(KnowledgeValue.CONTENTS_FIELD_NUMBER, DOTS_MAX)
          .varints(KnowledgeValue.MTIMES_FIELD_NUMBER, DOTS_MAX)
          .varints(KnowledgeValue.ATTRIBUTES_FIELD_NUMBER, DOTS_MAX)
          .varints(KnowledgeValue.SIBLINGS_FIELD_NUMBER, DOTS_MAX);

  static final Shape RECORD_STATE =
      new Shape("record")
          .part(RecordStateValue.RECORD_FIELD_NUMBER, RECORD)
          .parts(
              RecordStateValue.DOUBTS_FIELD_NUMBER,
              new Shape("doubt").part(DoubtValue.REPLACED_FIELD_NUMBER, KNOWLEDGE),
              Limits.DOUBTS_MAX);

  static final Shape MATERIALISED =
      new Shape("materialised")
          .part(MaterialisedValue.STAMP_FIELD_NUMBER, LEAF)
          .part(MaterialisedValue.ACTUAL_FIELD_NUMBER, TARGET)
          .part(MaterialisedValue.ASKED_FIELD_NUMBER, ATTRIBUTES)
          .part(MaterialisedValue.KNOWLEDGE_FIELD_NUMBER, KNOWLEDGE);

  static final Shape INTENT =
      new Shape("intent")
          .part(IntentValue.EXPECTED_FIELD_NUMBER, MATERIALISED)
          .part(IntentValue.TARGET_FIELD_NUMBER, TARGET)
          .part(IntentValue.TO_FIELD_NUMBER, KNOWLEDGE)
          .part(IntentValue.STAGED_FIELD_NUMBER, LEAF);

  static final Shape DISPLACED =
      new Shape("displaced").part(DisplacedValue.WAS_FIELD_NUMBER, MATERIALISED);

  static final Shape PENDING = new Shape("pending");

  static final Shape PEER =
      new Shape("progress of a peer")
          .part(PeerProgressValue.THEIRS_FIELD_NUMBER, LEAF)
          .part(PeerProgressValue.FORMER_FIELD_NUMBER, LEAF);

  private static final Shape CLOCK =
      new Shape("clock")
          .fixed64s(VectorValue.REPLICAS_FIELD_NUMBER, Limits.FRAME_ITEMS_MAX)
          .varints(VectorValue.COUNTERS_FIELD_NUMBER, Limits.FRAME_ITEMS_MAX);

  static final Shape ROOT =
      new Shape("root")
          .part(RootStateValue.IDENTITY_FIELD_NUMBER, LEAF)
          .part(RootStateValue.CLOCK_FIELD_NUMBER, CLOCK)
          .parts(
              RootStateValue.UNPROVEN_FIELD_NUMBER,
              new Shape("former life").part(FormerLifeValue.IDENTITY_FIELD_NUMBER, LEAF),
              Limits.FORMER_LIVES_MAX)
          .part(RootStateValue.ROOT_IDENTITY_FIELD_NUMBER, LEAF)
          .part(RootStateValue.ADOPTION_FIELD_NUMBER, LEAF)
          .blobs(RootStateValue.UNREAD_FIELD_NUMBER, Limits.UNREAD_SCOPES_MAX);

  static final Shape CHUNKS = chunkList(Limits.FILE_CHUNKS_MAX);

  static final Shape HISTORY =
      new Shape("version").part(HistoryItemValue.VERSION_FIELD_NUMBER, TARGET);

  private Shapes() {}

  private static Shape chunkList(int chunksMax) {
    return new Shape("chunk list").varints(ChunkListValue.RUNS_FIELD_NUMBER, chunksMax);
  }

  private static Shape content() {
    return new Shape("content")
        .part(InlineContentValue.CHUNKS_FIELD_NUMBER, chunkList(Limits.MANIFEST_CHUNKS_MAX));
  }

  private static Shape delta() {
    return new Shape("delta")
        .varints(ContentDeltaValue.RUNS_FIELD_NUMBER, 3 * Limits.DELTA_RUNS_MAX)
        .part(ContentDeltaValue.FRESH_FIELD_NUMBER, chunkList(Limits.DELTA_CHUNKS_MAX));
  }

  private static Shape changes() {
    return new Shape("changes")
        .parts(ChangesMessage.CHANGES_FIELD_NUMBER, CHANGE, Limits.BATCH_CHANGES_MAX)
        .parts(ChangesMessage.CONTENTS_FIELD_NUMBER, content(), Limits.BATCH_CHANGES_MAX)
        .parts(ChangesMessage.DELTAS_FIELD_NUMBER, delta(), Limits.BATCH_CHANGES_MAX)
        .part(ChangesMessage.END_MARK_FIELD_NUMBER, VECTOR);
  }
}
