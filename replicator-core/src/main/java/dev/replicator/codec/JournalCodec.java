package dev.replicator.codec;

import static dev.replicator.codec.ValueCodec.require;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.replicator.model.Census;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.EntryType;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Presence;
import dev.replicator.model.RecordState;
import dev.replicator.model.RootState;
import dev.replicator.model.Trace;
import dev.replicator.proto.ChunkListValue;
import dev.replicator.proto.DisplacedValue;
import dev.replicator.proto.EntryValue;
import dev.replicator.proto.FileValue;
import dev.replicator.proto.HistoryItemValue;
import dev.replicator.proto.IntentValue;
import dev.replicator.proto.MaterialisedValue;
import dev.replicator.proto.PeerProgressValue;
import dev.replicator.proto.PendingValue;
import dev.replicator.proto.RecordStateValue;
import dev.replicator.proto.RootStateValue;
import dev.replicator.proto.StampValue;
import dev.replicator.proto.TargetValue;
import java.util.Optional;

/** What a journal stores: one byte with the format version, then the value in protobuf. */
public final class JournalCodec {
  /** Raised when older software can no longer make sense of what newer software stores. */
  public static final int FORMAT = 1;

  /** So few bytes cannot stand for much: what is made of them is counted, not what they hold. */
  private static final int UNCHECKED_BYTES_MAX = 4_096;

  private static final Parser<RecordStateValue> RECORD =
      DiscardUnknownFieldsParser.wrap(RecordStateValue.parser());
  private static final Parser<MaterialisedValue> MATERIALISED =
      DiscardUnknownFieldsParser.wrap(MaterialisedValue.parser());
  private static final Parser<IntentValue> INTENT =
      DiscardUnknownFieldsParser.wrap(IntentValue.parser());
  private static final Parser<DisplacedValue> DISPLACED =
      DiscardUnknownFieldsParser.wrap(DisplacedValue.parser());
  private static final Parser<PendingValue> PENDING =
      DiscardUnknownFieldsParser.wrap(PendingValue.parser());
  private static final Parser<PeerProgressValue> PEER =
      DiscardUnknownFieldsParser.wrap(PeerProgressValue.parser());
  private static final Parser<RootStateValue> ROOT =
      DiscardUnknownFieldsParser.wrap(RootStateValue.parser());
  private static final Parser<ChunkListValue> CHUNKS =
      DiscardUnknownFieldsParser.wrap(ChunkListValue.parser());
  private static final Parser<HistoryItemValue> HISTORY =
      DiscardUnknownFieldsParser.wrap(HistoryItemValue.parser());

  private JournalCodec() {}

  public static byte[] encode(RecordState state) {
    return bytes(StateWriter.encode(state));
  }

  public static RecordState recordState(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.RECORD_STATE, RECORD, StateReader::recordState);
  }

  public static byte[] encode(Materialised materialised) {
    return bytes(StateWriter.encode(materialised));
  }

  public static Materialised materialised(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.MATERIALISED, MATERIALISED, StateReader::materialised);
  }

  /** What a scan needs of an encoded {@link Materialised}, without making the rest of it. */
  public static Trace trace(byte[] bytes) throws CodecException {
    requireFormat(bytes);
    Trace trace = TraceReader.read(bytes, 1);
    // Of the few directories it is the attributes that tell, and these are not read in passing.
    return trace.type() == EntryType.DIRECTORY ? materialised(bytes).trace() : trace;
  }

  public static byte[] encode(Intent intent) {
    return bytes(StateWriter.encode(intent));
  }

  public static Intent intent(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.INTENT, INTENT, StateReader::intent);
  }

  public static byte[] encode(Displaced displaced) {
    return bytes(StateWriter.encode(displaced));
  }

  public static Displaced displaced(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.DISPLACED, DISPLACED, StateReader::displaced);
  }

  public static byte[] encode(Pending pending) {
    return bytes(StateWriter.encode(pending));
  }

  public static Pending pending(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.PENDING, PENDING, StateReader::pending);
  }

  public static byte[] encode(PeerProgress progress) {
    return bytes(StateWriter.encode(progress));
  }

  public static PeerProgress peerProgress(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.PEER, PEER, StateReader::peerProgress);
  }

  public static byte[] encode(RootState root) {
    return bytes(StateWriter.encode(root));
  }

  public static RootState rootState(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.ROOT, ROOT, StateReader::rootState);
  }

  public static byte[] encode(ChunkList chunks) {
    return bytes(ValueCodec.encode(chunks.chunks()));
  }

  public static ChunkList chunkList(byte[] bytes) throws CodecException {
    return read(
        bytes,
        Shapes.CHUNKS,
        CHUNKS,
        value -> new ChunkList(ValueCodec.chunks(value, Limits.FILE_CHUNKS_MAX)));
  }

  public static byte[] encode(HistoryItem item) {
    return bytes(StateWriter.encode(item));
  }

  public static HistoryItem historyItem(byte[] bytes) throws CodecException {
    return read(bytes, Shapes.HISTORY, HISTORY, StateReader::historyItem);
  }

  /** The number of an encoded {@link RecordState}, without making the rest of it. */
  public static long recordNumber(byte[] bytes) throws CodecException {
    requireFormat(bytes);
    WireCursor cursor = new WireCursor(bytes, 1);
    return cursor.next(RecordStateValue.NUMBER_FIELD_NUMBER) ? cursor.varint() : 0;
  }

  /** By what an encoded {@link Materialised} is counted and found, without making it. */
  public static Presence presence(byte[] bytes) throws CodecException {
    requireFormat(bytes);
    WireCursor cursor = new WireCursor(bytes, 1);
    require(cursor.next(MaterialisedValue.STAMP_FIELD_NUMBER), "materialised without a stamp");
    int behind = cursor.enter();
    long device = 0;
    long inode = 0;
    int mode = 0;
    int links = 0;
    while (cursor.next()) {
      switch (cursor.field()) {
        case StampValue.DEVICE_FIELD_NUMBER -> device = cursor.varint();
        case StampValue.INODE_FIELD_NUMBER -> inode = cursor.varint();
        case StampValue.MODE_FIELD_NUMBER -> mode = (int) cursor.varint();
        case StampValue.LINKS_FIELD_NUMBER -> links = (int) cursor.varint();
        default -> cursor.skip();
      }
    }
    cursor.leave(behind);
    require(cursor.next(MaterialisedValue.ACTUAL_FIELD_NUMBER), "materialised without a target");
    cursor.enter();
    require(cursor.next(TargetValue.ENTRY_FIELD_NUMBER), "target without an entry");
    cursor.enter();
    require(cursor.next(), "entry without a kind");
    return switch (cursor.field()) {
      case EntryValue.ABSENT_FIELD_NUMBER -> Presence.NONE;
      case EntryValue.FILE_FIELD_NUMBER -> {
        cursor.enter();
        require(cursor.next(FileValue.DIGEST_FIELD_NUMBER), "file without a digest");
        byte[] digest = cursor.octets();
        require(digest.length == Digest.LENGTH_BYTES, "digest of another length");
        yield new Presence(
            Census.of(EntryType.FILE, mode, links),
            Optional.of(new FileKey(device, inode)),
            Optional.of(Digest.of(digest)));
      }
      // A symbolic link counts as a directory does.
      default ->
          new Presence(
              Census.of(EntryType.DIRECTORY, mode, links), Optional.empty(), Optional.empty());
    };
  }

  static void requireFormat(byte[] bytes) throws CodecException {
    require(bytes.length > 0, "value without a format version");
    require(bytes[0] == FORMAT, "value of format " + (bytes[0] & 0xff) + ", not " + FORMAT);
  }

  private static byte[] bytes(MessageLite value) {
    ByteString encoded = value.toByteString();
    byte[] bytes = new byte[1 + encoded.size()];
    bytes[0] = FORMAT;
    encoded.copyTo(bytes, 1);
    return bytes;
  }

  /** Makes a model value of a parsed one. */
  private interface Reader<P, T> {
    T read(P value) throws CodecException;
  }

  private static <P extends MessageLite, T> T read(
      byte[] bytes, Shape shape, Parser<P> parser, Reader<P, T> reader) throws CodecException {
    requireFormat(bytes);
    if (bytes.length > UNCHECKED_BYTES_MAX) {
      shape.check(bytes, 1, Math.max(Limits.FRAME_ITEMS_MAX, Limits.FILE_CHUNKS_MAX));
    }
    P value = WireCodec.parse(parser, bytes, 1);
    try {
      return reader.read(value);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CodecException("invalid value: " + e.getMessage(), e);
    }
  }
}
