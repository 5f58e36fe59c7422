package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * A file, directory or symbolic link on a simulated disk.
 *
 * @param text content of a file or text of a link, "" for a directory
 * @param links how many names it has
 */
record Thing(
    long inode,
    EntryType type,
    String text,
    long mtimeNanos,
    long ctimeNanos,
    Attributes metadata,
    int links) {
  private static final long DEVICE = 1;
  static final Principal WEB = new Principal("www-data", 33);

  static Attributes attributes(EntryType type, int mode) {
    return new Attributes(type, type == EntryType.SYMLINK ? 0777 : mode, WEB, WEB);
  }

  static Digest digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return Digest.of(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  static Entry.File file(String text) {
    return new Entry.File(digest(text), text.length());
  }

  Entry entry() {
    return switch (type) {
      case DIRECTORY -> Entry.DIRECTORY;
      case FILE -> file(text);
      case SYMLINK -> new Entry.Symlink(Bytes.copyOf(text.getBytes(StandardCharsets.UTF_8)));
      case ABSENT -> Entry.ABSENT;
    };
  }

  Target target() {
    Instant mtime = type.isTimed() ? Instant.ofEpochSecond(0, mtimeNanos) : Instant.EPOCH;
    return new Target(entry(), mtime, metadata);
  }

  Stamp stamp() {
    int kind = type.ordinal() << 12;
    int owner = metadata.owner().id();
    int group = metadata.group().id();
    return new Stamp(
        DEVICE,
        inode,
        text.length(),
        mtimeNanos,
        ctimeNanos,
        kind | metadata.mode(),
        owner,
        group,
        links);
  }

  /** Whether nothing was written since {@code expected}, as the port of the tree says it. */
  boolean holds(Materialised expected) {
    Stamp then = expected.stamp();
    return switch (expected.entry()) {
      case Entry.Absent absent -> false;
      case Entry.File file -> type == EntryType.FILE && stamp().equals(then);
      case Entry.Symlink link -> entry().equals(link) && mtimeNanos == then.mtimeNanos();
      case Entry.Directory directory ->
          type == EntryType.DIRECTORY && inode == then.inode() && stamp().mode() == then.mode();
    };
  }

  boolean isAsExpected(Effect.Inspect asked) {
    return !asked.reread()
        && asked.expected().map(was -> asked.renamed() ? isRenamed(was) : holds(was)).orElse(false);
  }

  /** Whether this file is one that was {@code expected} elsewhere, as the port says it. */
  boolean isRenamed(Materialised expected) {
    return expected.isRenamed(stamp(), metadata);
  }

  Thing withText(String fresh, long nowNanos) {
    return new Thing(inode, type, fresh, nowNanos, nowNanos, metadata, links);
  }

  Thing withMtime(long mtime, long nowNanos) {
    return new Thing(inode, type, text, mtime, nowNanos, metadata, links);
  }

  Thing withMetadata(Attributes fresh, long nowNanos) {
    return new Thing(inode, type, text, mtimeNanos, nowNanos, fresh, links);
  }

  /** Another file with the same content. */
  Thing copied(long fresh) {
    return new Thing(fresh, type, text, mtimeNanos, ctimeNanos, metadata, 1);
  }

  /** As after a name came or went. */
  Thing withLinks(int names, long nowNanos) {
    return new Thing(inode, type, text, mtimeNanos, nowNanos, metadata, names);
  }

  /** As after a rename: the inode's ctime changes. */
  Thing moved(long nowNanos) {
    return new Thing(inode, type, text, mtimeNanos, nowNanos, metadata, links);
  }

  /** Its size and data were not yet on the disk when the power failed. */
  Thing emptied() {
    if (type != EntryType.FILE) {
      return this;
    }
    return new Thing(inode, type, "", mtimeNanos, ctimeNanos, metadata, links);
  }
}
