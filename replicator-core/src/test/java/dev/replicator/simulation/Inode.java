package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Stamp;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** An object of the simulated disk, and what of it is on stable storage. */
final class Inode {
  static final long DEVICE = 1;

  /** What an object is. */
  enum Kind {
    FILE(0100000),
    DIRECTORY(0040000),
    SYMLINK(0120000),
    FIFO(0010000);

    private final int bits;

    Kind(int bits) {
      this.bits = bits;
    }

    EntryType type() {
      return switch (this) {
        case FILE -> EntryType.FILE;
        case DIRECTORY -> EntryType.DIRECTORY;
        case SYMLINK -> EntryType.SYMLINK;
        case FIFO -> EntryType.ABSENT;
      };
    }
  }

  /** Everything about an object but its number and names. */
  record State(
      byte[] content,
      int mode,
      int uid,
      int gid,
      SortedMap<String, Bytes> extended,
      long mtimeNanos,
      long ctimeNanos) {}

  final long number;
  final Kind kind;
  byte[] content = new byte[0];
  final NavigableMap<Bytes, Inode> children = new TreeMap<>();
  int mode;
  int uid;
  int gid;
  SortedMap<String, Bytes> extended = new TreeMap<>();
  long mtimeNanos;
  long ctimeNanos;
  int links;
  Optional<State> durable = Optional.empty();

  Inode(long number, Kind kind, int mode, int uid, int gid) {
    this.number = number;
    this.kind = kind;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
  }

  Stamp stamp() {
    return new Stamp(
        DEVICE,
        number,
        kind == Kind.DIRECTORY ? 0 : content.length,
        mtimeNanos,
        ctimeNanos,
        kind.bits | mode,
        uid,
        gid,
        kind == Kind.DIRECTORY ? 2 : links);
  }

  void resize(int size) {
    content = Arrays.copyOf(content, size);
  }

  /** What is written to stable storage now, without its names. */
  void save() {
    durable =
        Optional.of(new State(content.clone(), mode, uid, gid, extended, mtimeNanos, ctimeNanos));
  }

  void set(State state) {
    content = state.content().clone();
    mode = state.mode();
    uid = state.uid();
    gid = state.gid();
    extended = state.extended();
    mtimeNanos = state.mtimeNanos();
    ctimeNanos = state.ctimeNanos();
  }
}
