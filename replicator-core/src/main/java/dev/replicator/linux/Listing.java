package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The names in a directory, by {@code getdents64}. */
final class Listing {
  private static final long LENGTH_OFFSET = 16;
  private static final long NAME_OFFSET = 19;

  private Listing() {}

  /** Takes the names one after the other. */
  interface Names {
    /**
     * @param text the name as the kernel wrote it, ended by a NUL; valid during the call
     */
    void take(MemorySegment text, byte[] octets) throws IOException;
  }

  /** All names in a directory that is open for reading, but "." and "..", in no order. */
  static byte[][] names(Descriptor directory) throws IOException {
    List<byte[]> names = new ArrayList<>();
    read(directory, (text, octets) -> names.add(octets));
    return names.toArray(new byte[0][]);
  }

  /** Reads a directory that is open for reading, but for "." and "..". */
  static void read(Descriptor directory, Names names) throws IOException {
    try (Buffer buffer = Buffer.borrow()) {
      MemorySegment list = buffer.memory();
      int filled = DescriptorCalls.entries(directory.number(), list);
      while (filled > 0) {
        take(list, filled, names);
        filled = DescriptorCalls.entries(directory.number(), list);
      }
    }
  }

  private static void take(MemorySegment list, int filled, Names names) throws IOException {
    long offset = 0;
    while (offset < filled) {
      int length = Short.toUnsignedInt(list.get(JAVA_SHORT, offset + LENGTH_OFFSET));
      MemorySegment text = list.asSlice(offset + NAME_OFFSET, length - NAME_OFFSET);
      byte[] octets = octets(text);
      if (!isDots(octets)) {
        names.take(text, octets);
      }
      offset += length;
    }
  }

  private static byte[] octets(MemorySegment text) {
    int length = 0;
    while (text.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    byte[] octets = new byte[length];
    MemorySegment.copy(text, JAVA_BYTE, 0, octets, 0, length);
    return octets;
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || name.length == 2 && name[1] == '.');
  }
}
