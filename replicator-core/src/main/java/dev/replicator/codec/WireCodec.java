package dev.replicator.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.proto.Envelope;

/** What nodes say to each other, as the bytes of one {@code Envelope}. */
public final class WireCodec {
  private static final Parser<Envelope> PARSER = DiscardUnknownFieldsParser.wrap(Envelope.parser());

  private static final int NESTING_MAX = 16;

  private WireCodec() {}

  /**
   * The bytes of {@code message}.
   *
   * @throws IllegalArgumentException when a peer would refuse them, being beyond a limit
   */
  public static byte[] encode(Message message) {
    byte[] bytes = MessageWriter.encode(message).toByteArray();
    try {
      check(bytes);
    } catch (CodecException e) {
      throw new IllegalArgumentException("message beyond a limit: " + e.reason(), e);
    }
    return bytes;
  }

  /**
   * The message that {@code bytes} stand for.
   *
   * @throws CodecException when they stand for none, or break a limit
   */
  public static Message decode(byte[] bytes) throws CodecException {
    check(bytes);
    Envelope envelope = parse(PARSER, bytes, 0);
    try {
      return MessageReader.message(envelope);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CodecException("invalid message: " + e.getMessage(), e);
    }
  }

  private static void check(byte[] bytes) throws CodecException {
    ValueCodec.require(
        bytes.length <= Limits.ENVELOPE_BYTES_MAX, "message of " + bytes.length + " bytes");
    Shapes.ENVELOPE.check(bytes, 0, Limits.FRAME_ITEMS_MAX);
  }

  /** The message from {@code start} to the end of {@code bytes}. */
  static <T extends MessageLite> T parse(Parser<T> parser, byte[] bytes, int start)
      throws CodecException {
    // Contents are most of a message: its parts may share the bytes, for nobody changes them.
    CodedInputStream input =
        UnsafeByteOperations.unsafeWrap(bytes, start, bytes.length - start).newCodedInput();
    input.enableAliasing(true);
    input.setRecursionLimit(NESTING_MAX);
    try {
      T value = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return value;
    } catch (InvalidProtocolBufferException e) {
      throw new CodecException("cannot be parsed: " + e.getMessage(), e);
    }
  }
}
