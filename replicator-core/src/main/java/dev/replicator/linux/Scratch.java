package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory outside of the heap for the short arguments of one call of one thread at a time. */
final class Scratch {
  /** The longest path that the kernel takes, its final NUL included. */
  static final int PATH_BYTES_MAX = 4_096;

  private static final int STRUCTURE_BYTES = 256;
  private static final ThreadLocal<Scratch> HERE = ThreadLocal.withInitial(Scratch::new);

  private final MemorySegment whole =
      Arena.ofAuto().allocate(STRUCTURE_BYTES + 2L * PATH_BYTES_MAX, STRUCTURE_BYTES);
  final MemorySegment structure = whole.asSlice(0, STRUCTURE_BYTES);
  private final MemorySegment first = whole.asSlice(STRUCTURE_BYTES, PATH_BYTES_MAX);
  private final MemorySegment second =
      whole.asSlice(STRUCTURE_BYTES + PATH_BYTES_MAX, PATH_BYTES_MAX);

  private Scratch() {}

  static Scratch here() {
    return HERE.get();
  }

  MemorySegment first(byte[] text) throws Errno {
    return text(first, text, 0, text.length);
  }

  MemorySegment first(byte[] text, int from, int to) throws Errno {
    return text(first, text, from, to);
  }

  MemorySegment second(byte[] text) throws Errno {
    return text(second, text, 0, text.length);
  }

  private static MemorySegment text(MemorySegment memory, byte[] text, int from, int to)
      throws Errno {
    if (to - from >= PATH_BYTES_MAX) {
      throw new Errno(Errno.ENAMETOOLONG, "path");
    }
    MemorySegment.copy(text, from, memory, JAVA_BYTE, 0, to - from);
    memory.set(JAVA_BYTE, to - from, (byte) 0);
    return memory;
  }
}
