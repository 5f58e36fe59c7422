package dev.replicator.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Copies ranges from file to file in the kernel: whole blocks that stand alike in both are shared
 * where the file system can, the rest is copied there, and holes are left out.
 */
final class RangeCopy {
  /** {@code FICLONERANGE}, of a {@code struct file_clone_range} of 32 bytes. */
  private static final long CLONE_RANGE = 0x4020_940dL;

  /** The block of almost every file system; one with a larger refuses to share, and copies. */
  private static final long BLOCK_BYTES = 4_096;

  /** One call cannot be interrupted. */
  private static final long CALL_BYTES_MAX = 64L * 1024 * 1024;

  private static final MethodHandle IOCTL =
      CLibrary.variadic("ioctl", JAVA_INT, 2, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle COPY_FILE_RANGE =
      CLibrary.function(
          "copy_file_range", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private final DescriptorChannel source;
  private final DescriptorChannel target;

  RangeCopy(DescriptorChannel source, DescriptorChannel target) {
    this.source = source;
    this.target = target;
  }

  /**
   * @return false where the kernel cannot: then nothing was written
   */
  boolean run(long from, long length, long to) throws Errno {
    long head = -from & (BLOCK_BYTES - 1);
    long whole = length - head & -BLOCK_BYTES;
    boolean alike = (from - to & (BLOCK_BYTES - 1)) == 0;
    if (!alike || whole <= 0 || !isShared(from + head, whole, to + head)) {
      return isCopied(from, length, to);
    }
    long tail = head + whole;
    boolean rest = isCopied(from, head, to) && isCopied(from + tail, length - tail, to + tail);
    if (!rest) {
      throw new Errno(Errno.EOPNOTSUPP, "copy_file_range");
    }
    return true;
  }

  private boolean isShared(long from, long length, long to) {
    MemorySegment range = Scratch.here().structure;
    range.set(JAVA_LONG, 0, (long) source.number());
    range.set(JAVA_LONG, 8, from);
    range.set(JAVA_LONG, 16, length);
    range.set(JAVA_LONG, 24, to);
    try {
      return (int) IOCTL.invokeExact(CLibrary.state(), target.number(), CLONE_RANGE, range) == 0;
    } catch (Throwable thrown) {
      throw CLibrary.broken(thrown);
    }
  }

  /** Copies what is data; a source that became shorter ends it early. */
  private boolean isCopied(long from, long length, long to) throws Errno {
    long shift = to - from;
    long end = from + length;
    long position = source.nextData(from);
    boolean begun = false;
    while (position < end) {
      long hole = Math.min(source.nextHole(position), end);
      if (hole <= position && source.nextData(position) <= position) {
        // Behind the end of a file there is neither: somebody cut it off meanwhile.
        return true;
      }
      while (position < hole) {
        long copied = copy(position, position + shift, hole - position);
        if (copied < 0 && !begun) {
          return false;
        }
        if (Errno.check(copied, "copy_file_range") == 0) {
          return true;
        }
        begun = true;
        position += copied;
      }
      position = source.nextData(position);
    }
    return true;
  }

  /** How many bytes, 0 at the end of the source, or the error number negated. */
  private long copy(long from, long to, long length) {
    MemorySegment state = CLibrary.state();
    MemorySegment offsets = Scratch.here().structure;
    long result;
    do {
      offsets.set(JAVA_LONG, 0, from);
      offsets.set(JAVA_LONG, Long.BYTES, to);
      try {
        result =
            CLibrary.result(
                (long)
                    COPY_FILE_RANGE.invokeExact(
                        state,
                        source.number(),
                        offsets,
                        target.number(),
                        offsets.asSlice(Long.BYTES),
                        Math.min(length, CALL_BYTES_MAX),
                        0),
                state);
      } catch (Throwable thrown) {
        throw CLibrary.broken(thrown);
      }
    } while (result == -Errno.EINTR);
    return result;
  }
}
