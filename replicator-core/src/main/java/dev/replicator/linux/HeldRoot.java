package dev.replicator.linux;

import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The descriptor of the directory that a root is, from which every path below it is opened, and the
 * mark that tells it from others.
 */
final class HeldRoot implements AutoCloseable {
  static final Look.RootLost LOST =
      new Look.RootLost(new Problem(Kind.HELD, "the root is not the directory that it was"));
  static final byte[] OWN = ".replicator".getBytes(StandardCharsets.US_ASCII);

  private static final RelativePath OWN_PATH = RelativePath.of(OWN);
  private static final byte[] HERE = {'.'};
  private static final byte[] MARK = "user.replicator.root".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EPOCH = "user.replicator.epoch".getBytes(StandardCharsets.US_ASCII);
  private static final int MARK_BYTES_MAX = 256;
  private static final byte[] MARK_FILE = "identity".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MARK_DRAFT = "identity.new".getBytes(StandardCharsets.US_ASCII);

  /** A path longer than this is opened in slices: the kernel takes no longer one at once. */
  private static final int SLICE_BYTES_MAX = Scratch.PATH_BYTES_MAX - 1;

  /** A directory, and the mount through which it is held. */
  private record Held(
      Descriptor descriptor, long device, long inode, long mount, long birthMillis) {
    boolean isSameAs(FileStatus status) {
      return status.device() == device
          && status.stamp().inode() == inode
          && status.mount() == mount;
    }

    boolean isBeside(Held other) {
      return device == other.device && mount == other.mount;
    }
  }

  private final byte[] path;
  private final Deque<Descriptor> opened = new ArrayDeque<>();
  private final Held first;
  private volatile Held held;
  private volatile Optional<RootIdentity> pinned = Optional.empty();

  private HeldRoot(byte[] path, Held held) {
    this.path = path;
    this.first = held;
    this.held = held;
    opened.push(held.descriptor);
  }

  static HeldRoot open(Path root) throws TreeException {
    byte[] path = AdminPath.octets(root);
    try {
      return new HeldRoot(path, hold(path));
    } catch (Errno failure) {
      if (failure.isGone()) {
        throw missing();
      }
      throw Errno.treeException(failure);
    }
  }

  private static TreeException missing() {
    return new TreeException(
        new Problem(Kind.INPUT_OUTPUT, "the root is missing or not a directory"));
  }

  private static Held hold(byte[] path) throws Errno {
    Descriptor descriptor = PathCalls.openNamed(path, PathCalls.READ | PathCalls.DIRECTORY);
    try {
      FileStatus status = PathCalls.status(descriptor.number());
      return new Held(
          descriptor,
          status.device(),
          status.stamp().inode(),
          status.mount(),
          status.birthMillis());
    } catch (Errno failure) {
      descriptor.close();
      throw failure;
    }
  }

  Descriptor descriptor() {
    return held.descriptor;
  }

  /** Of the file system that holds it. */
  long device() {
    return held.device;
  }

  /** Whether renames still lead to it from wherever they did when it was opened. */
  boolean isWhereItWasOpened() {
    return held.isBeside(first);
  }

  static boolean isOwn(RelativePath path) {
    return path.isWithin(OWN_PATH);
  }

  void pin(RootIdentity identity) {
    pinned = Optional.of(identity);
    isRoot();
  }

  /** Whether the root is still what it was when it was pinned; yes before that. */
  boolean isRoot() {
    try {
      FileStatus now = PathCalls.statusOfNamed(path);
      boolean itself =
          pinned
              .map(expected ->
                  expected.device() == now.device() && expected.inode() == now.stamp().inode())
              .orElse(true);
      return itself && (held.isSameAs(now) || holdAnew(now));
    } catch (Errno lost) {
      return pinned.isEmpty();
    }
  }

  /** It was mounted anew, or replaced before it was pinned: what is held is another. */
  private synchronized boolean holdAnew(FileStatus now) throws Errno {
    if (held.isSameAs(now)) {
      return true;
    }
    Held fresh = hold(path);
    opened.push(fresh.descriptor);
    if (!fresh.isSameAs(now)) {
      return false;
    }
    held = fresh;
    return true;
  }

  void requireRoot() throws TreeException {
    if (!isRoot()) {
      throw new TreeException(LOST.problem());
    }
  }

  /**
   * Opens what is at {@code path}: through no symbolic link, out of neither the root nor its file
   * system, and however long the path is.
   */
  Descriptor open(RelativePath path, int flags) throws IOException {
    byte[] octets = path.isRoot() ? HERE : path.toArray();
    int root = descriptor().number();
    if (octets.length <= SLICE_BYTES_MAX) {
      return PathCalls.openBeneath(root, octets, flags);
    }
    int from = 0;
    int to = endOfSlice(octets, from);
    Descriptor base = openSlice(root, octets, from, to);
    from = to + 1;
    while (octets.length - from > SLICE_BYTES_MAX) {
      to = endOfSlice(octets, from);
      try (Descriptor above = base) {
        base = openSlice(above.number(), octets, from, to);
      }
      from = to + 1;
    }
    try (Descriptor above = base) {
      return PathCalls.openBeneath(above.number(), octets, from, octets.length, flags);
    }
  }

  private static int endOfSlice(byte[] octets, int from) {
    int end = from + SLICE_BYTES_MAX;
    while (octets[end] != '/') {
      end--;
    }
    return end;
  }

  private static Descriptor openSlice(int base, byte[] octets, int from, int to) throws Errno {
    return PathCalls.openBeneath(base, octets, from, to, PathCalls.LOCATE | PathCalls.DIRECTORY);
  }

  /** Opens the directory in which {@code path} is, to change the name there. */
  Descriptor openParent(RelativePath path) throws TreeException {
    RelativePath parent = path.isRoot() ? path : path.parent();
    try {
      return open(parent, PathCalls.LOCATE | PathCalls.DIRECTORY);
    } catch (Errno failure) {
      throw failure.isGone()
          ? new TreeException(new Problem(Kind.OBSTRUCTED, "its directory is missing"), failure)
          : Errno.treeException(failure);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  RootIdentity identity() throws TreeException {
    try {
      Held now = hold(path);
      try (Descriptor descriptor = now.descriptor) {
        OptionalLong born =
            now.birthMillis == 0 ? OptionalLong.empty() : OptionalLong.of(now.birthMillis);
        return new RootIdentity(
            now.device,
            now.inode,
            mark(descriptor),
            born,
            DescriptorCalls.subvolume(descriptor.number()),
            epoch(descriptor));
      }
    } catch (Errno failure) {
      if (failure.isGone()) {
        throw missing();
      }
      throw Errno.treeException(failure);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /*
   * The mark is an extended attribute of the root itself: nothing to see in a web root, and gone
   * with the directory. Where the file system keeps no such attributes it is a file.
   */
  private static String mark(Descriptor root) throws IOException {
    try {
      byte[] value = PathCalls.attribute(root.number(), MARK);
      return new String(value, StandardCharsets.UTF_8);
    } catch (Errno none) {
      return markInFile(root);
    }
  }

  /** 0 where none is kept, or what is there is no number. */
  private static long epoch(Descriptor root) {
    try {
      byte[] value = PathCalls.attribute(root.number(), EPOCH);
      long number = Long.parseLong(new String(value, StandardCharsets.US_ASCII));
      return Math.clamp(number, 0, RootIdentity.EPOCH_MAX);
    } catch (Errno | NumberFormatException none) {
      return 0;
    }
  }

  private static String markInFile(Descriptor root) throws IOException {
    byte[] path = ".replicator/identity".getBytes(StandardCharsets.US_ASCII);
    try (Descriptor file = PathCalls.openBeneath(root.number(), path, PathCalls.LOCATE)) {
      if (!Reading.isFile(file)) {
        return "";
      }
      try (DescriptorChannel channel = Reading.of(file)) {
        ByteBuffer text = ByteBuffer.allocate(MARK_BYTES_MAX);
        channel.read(text);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
      }
    } catch (Errno failure) {
      if (failure.isGone()) {
        return "";
      }
      throw failure;
    }
  }

  /** The marker is written aside and moved, so that it is never there in part. */
  void mark(RootIdentity identity) throws TreeException {
    requireRoot();
    Descriptor root = descriptor();
    try {
      byte[] value = identity.marker().getBytes(StandardCharsets.UTF_8);
      if (mark(root).isEmpty() && !markByAttribute(root, value)) {
        markByFile(root, value);
      }
      if (!mark(root).equals(identity.marker())) {
        throw new TreeException(new Problem(Kind.OBSTRUCTED, "it has another marker"));
      }
      begin(root, identity.epoch());
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Tells false where a directory has no such attributes. */
  private static boolean markByAttribute(Descriptor root, byte[] value) throws Errno {
    try {
      PathCalls.setAttribute(root.number(), MARK, value, PathCalls.REPLACE_NOTHING);
      return true;
    } catch (Errno refused) {
      if (refused.number() == Errno.EEXIST) {
        return true;
      }
      if (refused.number() == Errno.EROFS || refused.number() == Errno.EIO) {
        throw refused;
      }
      return false;
    }
  }

  private static void begin(Descriptor root, long epoch) throws Errno {
    byte[] value = Long.toString(epoch).getBytes(StandardCharsets.US_ASCII);
    try {
      PathCalls.setAttribute(root.number(), EPOCH, value, 0);
    } catch (Errno refused) {
      if (refused.number() == Errno.EROFS || refused.number() == Errno.EIO) {
        throw refused;
      }
    }
  }

  private static void markByFile(Descriptor root, byte[] value) throws IOException {
    try (Descriptor own = Staging.openPrivate(root, OWN)) {
      Staging.removeIfThere(own, MARK_DRAFT);
      try (DescriptorChannel draft =
          new DescriptorChannel(
              PathCalls.openBeneath(
                  own.number(), MARK_DRAFT, PathCalls.READ_WRITE | PathCalls.CREATE))) {
        draft.write(ByteBuffer.wrap(value));
        draft.sync();
      }
      PathCalls.rename(
          own.number(), MARK_DRAFT, own.number(), MARK_FILE, PathCalls.REPLACE_NOTHING);
    }
  }

  @Override
  public synchronized void close() {
    opened.forEach(Descriptor::close);
  }
}
