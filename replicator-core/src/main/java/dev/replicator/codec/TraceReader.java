package dev.replicator.codec;

import static dev.replicator.codec.ValueCodec.require;

import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Stamp;
import dev.replicator.model.Trace;
import dev.replicator.proto.EntryValue;
import dev.replicator.proto.MaterialisedValue;
import dev.replicator.proto.StampValue;
import dev.replicator.proto.TargetValue;
import java.util.Collections;

/**
 * Reads of an encoded {@link dev.replicator.model.Materialised} what a scan compares, straight from
 * the bytes: a scan does so for every path that there is.
 */
final class TraceReader {
  private final WireCursor cursor;
  private EntryType type = EntryType.ABSENT;
  private Bytes linkTarget = Bytes.EMPTY;
  private boolean entrySeen;
  private boolean stampSeen;
  private long device;
  private long inode;
  private long size;
  private long mtimeNanos;
  private long ctimeNanos;
  private int mode;
  private int uid;
  private int gid;
  private int links;

  private TraceReader(WireCursor cursor) {
    this.cursor = cursor;
  }

  static Trace read(byte[] bytes, int start) throws CodecException {
    TraceReader reader = new TraceReader(new WireCursor(bytes, start));
    reader.materialised();
    return reader.trace();
  }

  private Trace trace() throws CodecException {
    require(stampSeen, "materialised without a stamp");
    require(entrySeen, "materialised without an entry");
    Stamp stamp = new Stamp(device, inode, size, mtimeNanos, ctimeNanos, mode, uid, gid, links);
    return new Trace(stamp, type, linkTarget, Collections.emptySortedMap());
  }

  private void materialised() throws CodecException {
    while (cursor.next()) {
      switch (cursor.field()) {
        case MaterialisedValue.STAMP_FIELD_NUMBER -> {
          stampSeen = true;
          int outer = cursor.enter();
          stamp();
          cursor.leave(outer);
        }
        case MaterialisedValue.ACTUAL_FIELD_NUMBER -> {
          int outer = cursor.enter();
          while (cursor.next(TargetValue.ENTRY_FIELD_NUMBER)) {
            int target = cursor.enter();
            entry();
            cursor.leave(target);
          }
          cursor.leave(outer);
        }
        default -> cursor.skip();
      }
    }
  }

  private void stamp() throws CodecException {
    while (cursor.next()) {
      switch (cursor.field()) {
        case StampValue.DEVICE_FIELD_NUMBER -> device = cursor.varint();
        case StampValue.INODE_FIELD_NUMBER -> inode = cursor.varint();
        case StampValue.SIZE_FIELD_NUMBER -> size = cursor.varint();
        case StampValue.MTIME_NANOS_FIELD_NUMBER -> mtimeNanos = cursor.fixed64();
        case StampValue.CTIME_NANOS_FIELD_NUMBER -> ctimeNanos = cursor.fixed64();
        case StampValue.MODE_FIELD_NUMBER -> mode = (int) cursor.varint();
        case StampValue.UID_FIELD_NUMBER -> uid = (int) cursor.varint();
        case StampValue.GID_FIELD_NUMBER -> gid = (int) cursor.varint();
        case StampValue.LINKS_FIELD_NUMBER -> links = (int) cursor.varint();
        default -> cursor.skip();
      }
    }
  }

  private void entry() throws CodecException {
    while (cursor.next()) {
      EntryType told =
          switch (cursor.field()) {
            case EntryValue.ABSENT_FIELD_NUMBER -> EntryType.ABSENT;
            case EntryValue.DIRECTORY_FIELD_NUMBER -> EntryType.DIRECTORY;
            case EntryValue.FILE_FIELD_NUMBER -> EntryType.FILE;
            case EntryValue.SYMLINK_FIELD_NUMBER -> EntryType.SYMLINK;
            default -> throw new CodecException("entry of no known kind");
          };
      entrySeen = true;
      type = told;
      if (type == EntryType.SYMLINK) {
        linkTarget = Bytes.copyOf(cursor.octets());
      } else {
        cursor.skip();
      }
    }
  }
}
