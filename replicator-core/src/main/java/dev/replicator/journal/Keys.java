package dev.replicator.journal;

import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.RelativePath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keys whose order as unsigned bytes is the order in which a journal answers. */
final class Keys {
  /*
   * A path is its own key, so that the order of keys is the order of paths. No path holds a NUL:
   * it ends a path within a longer key, and the key after a path and all its equals is the path
   * with a NUL behind it.
   */
  private static final byte END = 0;

  private static final int FILE_BYTES = 2 * Long.BYTES;
  private static final int CONTENT_BYTES = Long.BYTES;
  private static final int DOT_BYTES = 2 * Long.BYTES;

  private Keys() {}

  /** The least key behind that of {@code path}. */
  static byte[] behind(RelativePath path) {
    return Arrays.copyOf(path.toArray(), path.length() + 1);
  }

  /** What the names of one file begin with. */
  static byte[] namesOf(FileKey file) {
    return ByteBuffer.allocate(FILE_BYTES).putLong(file.device()).putLong(file.inode()).array();
  }

  /** Device and inode, then path. */
  static byte[] nameOf(FileKey file, byte[] path) {
    ByteBuffer key = ByteBuffer.allocate(FILE_BYTES + path.length);
    return key.put(namesOf(file)).put(path).array();
  }

  static RelativePath named(byte[] nameKey) {
    return RelativePath.of(Arrays.copyOfRange(nameKey, FILE_BYTES, nameKey.length));
  }

  /*
   * Eight bytes tell contents apart well enough: what is found is looked at before it is believed.
   */
  static byte[] pathsOf(Digest content) {
    return Arrays.copyOf(content.octets().toArray(), CONTENT_BYTES);
  }

  /** First bytes of the digest, then path. */
  static byte[] pathOf(Digest content, byte[] path) {
    return ByteBuffer.allocate(CONTENT_BYTES + path.length).put(pathsOf(content)).put(path).array();
  }

  static RelativePath pathOfContent(byte[] contentKey) {
    return RelativePath.of(Arrays.copyOfRange(contentKey, CONTENT_BYTES, contentKey.length));
  }

  static byte[] name(String staged) {
    return staged.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long number(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /** What all versions of {@code path} begin with. */
  static byte[] historyOf(RelativePath path) {
    return behind(path);
  }

  /** Path, then falling time, then dot. */
  static byte[] history(HistoryItem item) {
    byte[] path = item.path().toArray();
    ByteBuffer key = ByteBuffer.allocate(path.length + 1 + Long.BYTES + DOT_BYTES);
    key.put(path).put(END).putLong(~rising(item.leftMillis()));
    return dot(key, item.dot()).array();
  }

  /** The least key behind that of {@code item} in the history. */
  static byte[] behind(HistoryItem item) {
    byte[] key = history(item);
    return Arrays.copyOf(key, key.length + 1);
  }

  /** What the times of all later versions are not below. */
  static byte[] historyTime(long millis) {
    return number(rising(millis));
  }

  /** Rising time, then path, then dot. */
  static byte[] historyTime(HistoryItem item) {
    byte[] path = item.path().toArray();
    ByteBuffer key = ByteBuffer.allocate(Long.BYTES + path.length + 1 + DOT_BYTES);
    key.putLong(rising(item.leftMillis())).put(path).put(END);
    return dot(key, item.dot()).array();
  }

  /** The key in the history of what stands under {@code timeKey} in the order of times. */
  static byte[] historyOfTime(byte[] timeKey) {
    int pathLength = timeKey.length - Long.BYTES - 1 - DOT_BYTES;
    ByteBuffer key = ByteBuffer.allocate(timeKey.length);
    key.put(timeKey, Long.BYTES, pathLength + 1);
    key.putLong(~number(timeKey));
    key.put(timeKey, timeKey.length - DOT_BYTES, DOT_BYTES);
    return key.array();
  }

  /** Signed longs in the order of unsigned bytes. */
  private static long rising(long millis) {
    return millis ^ Long.MIN_VALUE;
  }

  private static ByteBuffer dot(ByteBuffer key, Dot dot) {
    return key.putLong(dot.replica().bits()).putLong(dot.counter());
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
