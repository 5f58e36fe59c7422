package dev.replicator.codec;

import static dev.replicator.codec.ValueCodec.require;

import com.google.protobuf.WireFormat;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A place in the bytes of a protobuf message. Reads nothing but tags and lengths; is stricter than
 * the generated parsers, so that what it accepts means the same to them.
 */
final class WireCursor {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int VARINT_BITS = 7;
  private static final int VARINT_MASK = 0x7f;

  private final byte[] bytes;
  private int position;
  private int limit;
  private int field;
  private int type;

  WireCursor(byte[] bytes, int start) {
    this.bytes = bytes;
    this.position = start;
    this.limit = bytes.length;
  }

  /** Goes to the value of the next field; false at the end of the message. */
  boolean next() throws CodecException {
    if (position == limit) {
      return false;
    }
    long tag = varint();
    require(tag == (int) tag, "field number out of range");
    field = WireFormat.getTagFieldNumber((int) tag);
    type = WireFormat.getTagWireType((int) tag);
    require(field > 0, "field without a number");
    return true;
  }

  /** Goes to the value of the first field {@code number} of the rest of the message. */
  boolean next(int number) throws CodecException {
    while (next()) {
      if (field == number) {
        return true;
      }
      skip();
    }
    return false;
  }

  int field() {
    return field;
  }

  boolean isLengthDelimited() {
    return type == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  long varint() throws CodecException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
      require(position < limit, "ends within a number");
      byte octet = bytes[position++];
      value |= (long) (octet & VARINT_MASK) << shift;
      if (octet >= 0) {
        return value;
      }
    }
    throw new CodecException("number without an end");
  }

  long fixed64() throws CodecException {
    require(type == WireFormat.WIRETYPE_FIXED64, "field of another type");
    int from = position;
    skip(Long.BYTES);
    return (long) LONGS.get(bytes, from);
  }

  /** A length-delimited value as it is. */
  byte[] octets() throws CodecException {
    require(isLengthDelimited(), "field of another type");
    int length = length();
    position += length;
    return Arrays.copyOfRange(bytes, position - length, position);
  }

  /** Goes into a length-delimited value; {@link #leave} takes the answer. */
  int enter() throws CodecException {
    require(isLengthDelimited(), "field of another type");
    int outer = limit;
    int length = length();
    limit = position + length;
    return outer;
  }

  /** Goes behind the value that was entered. */
  void leave(int outer) {
    position = limit;
    limit = outer;
  }

  int position() {
    return position;
  }

  int bytesLeft() {
    return limit - position;
  }

  /** How many numbers the rest of a packed value holds. */
  int varintsLeft() {
    int count = 0;
    for (int index = position; index < limit; index++) {
      if (bytes[index] >= 0) {
        count++;
      }
    }
    return count;
  }

  void skip() throws CodecException {
    switch (type) {
      case WireFormat.WIRETYPE_VARINT -> varint();
      case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES);
      case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> skip(length());
      default -> throw new CodecException("field of a type that is not used");
    }
  }

  private int length() throws CodecException {
    long length = varint();
    require(length >= 0 && length <= bytesLeft(), "ends within a field");
    return (int) length;
  }

  private void skip(int count) throws CodecException {
    require(count <= bytesLeft(), "ends within a field");
    position += count;
  }
}
