package dev.replicator.simulation;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeUser;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The disk of one simulated node: a root, a staging directory beside it, and users who work in the
 * root. Names are bytes; every change takes the next moment of the clock, so that no two are alike.
 * It outlives the trees that are opened on it, as a disk outlives a process. Deterministic; for one
 * thread.
 */
public final class FakeDisk implements TreeUser {
  static final int USER_ID = 33;
  static final long TOTAL_BYTES = 1L << 40;

  /** Told of every change below the root, after it happened. */
  interface Listener {
    /** A name came or went, or what it names changed. */
    void changed(RelativePath path);

    /** A directory came under this name. */
    void appeared(RelativePath directory);

    /** A directory came under this name with all that is in it. */
    void movedIn(RelativePath directory);
  }

  private static final int UNSYNCED_NAMES_MAX = 100_000;

  /** A name that came or went and is not yet on stable storage; a group is one system call. */
  record NameChange(
      long group, Inode directory, Bytes name, Optional<Inode> before, Optional<Inode> after) {
    void undo() {
      directory.children.remove(name);
      before.ifPresent(inode -> directory.children.put(name, inode));
    }
  }

  private final LongSupplier wallNanos;
  private final Deque<NameChange> unsynced = new ArrayDeque<>();
  private long group;
  private boolean grouping;
  private boolean moving;
  private final List<Listener> listeners = new ArrayList<>();
  private long freeBytes = TOTAL_BYTES;
  private long lastInode;
  private long lastNanos;
  private long tickNanos = 1;
  private Optional<Inode> root;
  private final Inode staging;

  /** A disk whose clock advances by a microsecond with every change. */
  public FakeDisk() {
    this(() -> 0);
  }

  /**
   * @param wallNanos the time of the node; a change happens at least a microsecond after the last
   */
  public FakeDisk(LongSupplier wallNanos) {
    this.wallNanos = wallNanos;
    this.lastNanos = 1_700_000_000_000_000_000L;
    this.root = Optional.of(create(Inode.Kind.DIRECTORY, 0755, USER_ID));
    this.staging = create(Inode.Kind.DIRECTORY, 0700, 0);
    saveAll();
  }

  long freeBytes() {
    return freeBytes;
  }

  /** From now on so much room is left, whatever is written. */
  public void leave(long bytes) {
    freeBytes = bytes;
  }

  void listen(Listener listener) {
    listeners.add(listener);
  }

  void forget(Listener listener) {
    listeners.remove(listener);
  }

  Optional<Inode> root() {
    return root;
  }

  Inode staging() {
    return staging;
  }

  long now() {
    lastNanos = Math.max(lastNanos + 1_000, wallNanos.getAsLong());
    return lastNanos / tickNanos * tickNanos;
  }

  /** From now on its clock stands still for so long, whatever changes. */
  public void tick(long nanos) {
    tickNanos = nanos;
  }

  Inode create(Inode.Kind kind, int mode, int uid) {
    lastInode++;
    Inode created = new Inode(lastInode, kind, mode, uid, uid);
    created.mtimeNanos = now();
    created.ctimeNanos = created.mtimeNanos;
    return created;
  }

  /** What stands at {@code path}; no symbolic link is followed on the way. */
  Optional<Inode> at(RelativePath path) {
    if (path.isRoot()) {
      return root;
    }
    return at(path.parent())
        .filter(parent -> parent.kind == Inode.Kind.DIRECTORY)
        .flatMap(parent -> Optional.ofNullable(parent.children.get(name(path))));
  }

  private Inode directory(RelativePath path) {
    return at(path)
        .filter(found -> found.kind == Inode.Kind.DIRECTORY)
        .orElseThrow(() -> new IllegalArgumentException("no directory " + path));
  }

  private Inode existing(RelativePath path) {
    return at(path).orElseThrow(() -> new IllegalArgumentException("nothing at " + path));
  }

  static Bytes name(RelativePath path) {
    return Bytes.copyOf(path.name());
  }

  /** Gives {@code inode} a name, in the place of what had it. */
  void put(RelativePath path, Inode inode) {
    link(directory(path.parent()), name(path), inode);
    tell(path, inode);
  }

  /** Takes a name away. */
  Inode take(RelativePath path) {
    Inode taken = unlink(directory(path.parent()), name(path));
    changed(path);
    return taken;
  }

  void link(Inode directory, Bytes name, Inode inode) {
    atomically(() -> {
      if (directory.children.containsKey(name)) {
        unlink(directory, name);
      }
      directory.children.put(name, inode);
      inode.links++;
      changed(directory, name, inode, Optional.empty(), Optional.of(inode));
    });
  }

  Inode unlink(Inode directory, Bytes name) {
    Inode inode = directory.children.remove(name);
    if (inode == null) {
      throw new IllegalArgumentException("nothing called " + name);
    }
    inode.links--;
    atomically(() -> changed(directory, name, inode, Optional.of(inode), Optional.empty()));
    return inode;
  }

  private void changed(
      Inode directory, Bytes name, Inode inode, Optional<Inode> before, Optional<Inode> after) {
    directory.mtimeNanos = now();
    directory.ctimeNanos = directory.mtimeNanos;
    inode.ctimeNanos = now();
    unsynced.add(new NameChange(group, directory, name, before, after));
    if (unsynced.size() > UNSYNCED_NAMES_MAX) {
      unsynced.remove();
    }
  }

  /** Does what one system call would do: after a loss of power all of it is there or nothing. */
  void atomically(Runnable change) {
    if (grouping) {
      change.run();
      return;
    }
    group++;
    grouping = true;
    try {
      change.run();
    } finally {
      grouping = false;
    }
  }

  List<NameChange> unsynced() {
    return List.copyOf(unsynced);
  }

  /** All names are on stable storage: a journal is written in order. */
  void saveNames() {
    unsynced.clear();
  }

  private void tell(RelativePath path, Inode inode) {
    if (inode.kind == Inode.Kind.DIRECTORY && moving) {
      List.copyOf(listeners).forEach(listener -> listener.movedIn(path));
    } else if (inode.kind == Inode.Kind.DIRECTORY) {
      List.copyOf(listeners).forEach(listener -> listener.appeared(path));
    } else {
      changed(path);
    }
  }

  void changed(RelativePath path) {
    List.copyOf(listeners).forEach(listener -> listener.changed(path));
  }

  private static byte[] octets(String content) {
    return content.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void write(RelativePath path, String content) {
    if (at(path).isEmpty()) {
      put(path, create(Inode.Kind.FILE, 0644, USER_ID));
    }
    write(path, existing(path), octets(content));
  }

  /** A file that somebody keeps open for writing, whatever becomes of its name. */
  public final class Handle {
    private final RelativePath path;
    private final Inode inode;

    private Handle(RelativePath path, Inode inode) {
      this.path = path;
      this.inode = inode;
    }

    public void write(String content) {
      FakeDisk.this.write(path, inode, octets(content));
    }
  }

  public Handle open(RelativePath path) {
    return new Handle(path, existing(path));
  }

  private void write(RelativePath path, Inode inode, byte[] content) {
    inode.content = content;
    inode.mtimeNanos = now();
    inode.ctimeNanos = inode.mtimeNanos;
    changed(path);
  }

  @Override
  public void replace(RelativePath path, String content) {
    Inode fresh = create(Inode.Kind.FILE, 0644, USER_ID);
    fresh.content = octets(content);
    put(path, fresh);
  }

  @Override
  public String read(RelativePath path) {
    return new String(existing(path).content, StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean exists(RelativePath path) {
    return at(path).isPresent();
  }

  @Override
  public void makeDirectory(RelativePath path) {
    putNew(path, create(Inode.Kind.DIRECTORY, 0755, USER_ID));
  }

  @Override
  public void link(RelativePath path, Bytes target) {
    Inode link = create(Inode.Kind.SYMLINK, 0777, USER_ID);
    link.content = target.toArray();
    putNew(path, link);
  }

  private void putNew(RelativePath path, Inode inode) {
    if (exists(path)) {
      throw new IllegalArgumentException(path + " exists");
    }
    put(path, inode);
  }

  @Override
  public void hardLink(RelativePath existing, RelativePath path) {
    putNew(path, existing(existing));
  }

  @Override
  public boolean makeFifo(RelativePath path) {
    putNew(path, create(Inode.Kind.FIFO, 0644, USER_ID));
    return true;
  }

  @Override
  public void remove(RelativePath path) {
    if (!existing(path).children.isEmpty()) {
      throw new IllegalArgumentException(path + " is not empty");
    }
    take(path);
  }

  @Override
  public void move(RelativePath from, RelativePath to) {
    moving = true;
    atomically(() -> put(to, take(from)));
    moving = false;
  }

  @Override
  public void changeMode(RelativePath path, int mode) {
    Inode inode = existing(path);
    inode.mode = mode;
    inode.ctimeNanos = now();
    changed(path);
  }

  @Override
  public void touch(RelativePath path, Instant mtime) {
    Inode inode = existing(path);
    inode.mtimeNanos = mtime.getEpochSecond() * 1_000_000_000L + mtime.getNano();
    inode.ctimeNanos = now();
    changed(path);
  }

  @Override
  public void replaceRoot() {
    root = Optional.of(create(Inode.Kind.DIRECTORY, 0755, USER_ID));
  }

  @Override
  public void takeRootAway() {
    root = Optional.empty();
  }

  /** Everything as it is now is on stable storage. */
  public void saveAll() {
    root.ifPresent(FakeDisk::saveTree);
    saveTree(staging);
    saveNames();
  }

  private static void saveTree(Inode inode) {
    inode.save();
    inode.children.values().forEach(FakeDisk::saveTree);
  }

  /** The whole tree below the root as text, one line for each name: for comparing nodes. */
  public List<String> listing() {
    List<String> lines = new ArrayList<>();
    root.ifPresent(top -> list(RelativePath.ROOT, top, lines));
    return lines;
  }

  private static void list(RelativePath path, Inode inode, List<String> lines) {
    for (Map.Entry<Bytes, Inode> child : inode.children.entrySet()) {
      RelativePath at = path.child(child.getKey().toArray());
      Inode found = child.getValue();
      lines.add(
          String.format(
              "%s %s %o %d:%d %s",
              at,
              found.kind,
              found.mode,
              found.uid,
              found.gid,
              Bytes.copyOf(found.content).toHex()));
      list(at, found, lines);
    }
  }
}
