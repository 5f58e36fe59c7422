package dev.replicator.linux;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.StagingArea.Displaced;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private directory in which objects wait before they get their name and after they lost it.
 */
final class Staging implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Staging.class);
  private static final int NAME_OCTETS = 16;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");
  private static final byte[] STAGING = "staging".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DEFAULT_LIST =
      "system.posix_acl_default".getBytes(StandardCharsets.US_ASCII);
  private static final int PRIVATE = 0700;
  private static final int COPY_BYTES = 64 * 1_024;

  private final Descriptor directory;
  private final Inspector inspector;
  private final SecureRandom random = new SecureRandom();
  private final Parts parts = new Parts(this);

  private Staging(Descriptor directory, Inspector inspector) {
    this.directory = directory;
    this.inspector = inspector;
  }

  /** Opens the staging directory below {@code storage}, which is open. */
  static Staging open(Descriptor storage, Inspector inspector) throws IOException {
    return new Staging(openPrivate(storage, STAGING), inspector);
  }

  /** Takes a directory that is open for such a one; closes it in the end. */
  static Staging holding(Descriptor directory, Inspector inspector) {
    return new Staging(directory, inspector);
  }

  /** Opens {@code name}, a real directory that only we can enter; made when it is not there. */
  static Descriptor openPrivate(Descriptor parent, byte[] name) throws IOException {
    try {
      PathCalls.makeDirectory(parent.number(), name, PRIVATE);
    } catch (Errno failure) {
      if (failure.number() != Errno.EEXIST) {
        throw failure;
      }
    }
    Descriptor made =
        PathCalls.openBeneath(parent.number(), name, PathCalls.READ | PathCalls.DIRECTORY);
    try {
      makePrivate(made);
      withoutDefaultList(made);
      return made;
    } catch (IOException failure) {
      made.close();
      throw failure;
    }
  }

  /** Nobody else enters a directory that is open; ours it is, whoever was here before us. */
  static void makePrivate(Descriptor opened) throws IOException {
    if (PathCalls.status(opened.number()).stamp().uid() != DescriptorCalls.user()) {
      PathCalls.changeOwner(opened.number(), DescriptorCalls.user(), -1);
    }
    PathCalls.changeMode(opened.number(), PRIVATE);
  }

  /** Else everything made here would begin with the rights of a stranger. */
  private static void withoutDefaultList(Descriptor made) throws Errno {
    try {
      PathCalls.removeAttribute(made.number(), DEFAULT_LIST);
    } catch (Errno none) {
      if (none.number() != Errno.ENODATA && none.number() != Errno.EOPNOTSUPP) {
        throw none;
      }
    }
  }

  static void removeIfThere(Descriptor parent, byte[] name) throws Errno {
    try {
      PathCalls.remove(parent.number(), name, 0);
    } catch (Errno failure) {
      if (failure.number() == Errno.EISDIR) {
        PathCalls.remove(parent.number(), name, PathCalls.REMOVE_DIRECTORY);
      } else if (failure.number() != Errno.ENOENT) {
        throw failure;
      }
    }
  }

  Descriptor directory() {
    return directory;
  }

  /** Whether the directory still has a name: of one that was removed only what is open is left. */
  boolean isThere() {
    try {
      return PathCalls.status(directory.number()).stamp().links() > 0;
    } catch (Errno unknown) {
      return true;
    }
  }

  Parts parts() {
    return parts;
  }

  String freshName() {
    byte[] octets = new byte[NAME_OCTETS];
    random.nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }

  /**
   * Where what stands at {@code path} waits while it is changed, when nothing was staged for that:
   * a name that is found again after a crash.
   */
  static String asideName(RelativePath path, Intent intent) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(path.toArray());
      digest.update((byte) 0);
      byte[] whole = digest.digest(intent.key().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, NAME_OCTETS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has SHA-256", impossible);
    }
  }

  /**
   * The same, for a change that begins.
   *
   * @throws TreeException BUSY while a crash's leftover waits there to be kept: under another name
   *     a second crash would have that one taken for what stood at {@code path}
   */
  String freeAsideName(RelativePath path, Intent intent) throws TreeException {
    String name = asideName(path, intent);
    if (find(name, Optional.empty()).isPresent()) {
      throw new TreeException(new Problem(Kind.BUSY, "what it replaced before waits to be kept"));
    }
    return name;
  }

  /** A name of staging as the kernel takes it: nothing else ever reaches it. */
  static byte[] octets(String name) throws TreeException {
    if (!NAME.matcher(name).matches()) {
      throw new TreeException(new Problem(Kind.REFUSED, "not a name of staging: " + name));
    }
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** A new empty file of ours, open for writing. */
  Descriptor createFile(String name) throws TreeException, IOException {
    return PathCalls.openBeneath(
        directory.number(), octets(name), PathCalls.READ_WRITE | PathCalls.CREATE);
  }

  /** Holds what waits under {@code name} without opening it. */
  Descriptor hold(String name) throws TreeException, IOException {
    return PathCalls.openBeneath(directory.number(), octets(name), PathCalls.LOCATE);
  }

  Look look(String name) throws TreeException, IOException {
    return inspector.look(directory, octets(name));
  }

  DescriptorChannel read(String name) throws TreeException {
    try (Descriptor object = hold(name)) {
      if (Reading.isFile(object)) {
        return Reading.of(object);
      }
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
    throw new TreeException(new Problem(Kind.OBSTRUCTED, "no file in staging: " + name));
  }

  /** What waits under {@code name}, when it is {@code stamp}'s object. */
  Optional<Look.Found> find(String name, Optional<Stamp> stamp) throws TreeException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      return look(name) instanceof Look.Found found
              && stamp.map(expected -> isSame(expected, found.stamp())).orElse(true)
          ? Optional.of(found)
          : Optional.empty();
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** First whether somebody may still write, then what it is: so nothing comes in between. */
  Displaced displaced(String name, Materialised expected) throws TreeException {
    try (Descriptor object = hold(name)) {
      return displaced(object, expected);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  private Displaced displaced(Descriptor object, Materialised expected) throws IOException {
    boolean writer = Reading.isFile(object) && Lease.isRefused(object);
    Optional<Look.Found> written =
        inspector.look(object) instanceof Look.Found found && !Exchange.isUntouched(found, expected)
            ? Optional.of(found)
            : Optional.empty();
    return writer
        ? new Displaced.BeingWritten(written)
        : written.<Displaced>map(Displaced.Written::new).orElseGet(Displaced.Untouched::new);
  }

  /** A copy is what was read of it, whatever its stamp, and nobody had a name of it. */
  Displaced released(Path place, Materialised expected) throws TreeException {
    Destination there = Destination.of(place);
    try (Descriptor parent = there.openParent();
        Descriptor object =
            PathCalls.openBeneath(parent.number(), there.name(), PathCalls.LOCATE)) {
      return isSame(PathCalls.status(object.number()).stamp(), expected.stamp())
          ? displaced(object, expected)
          : new Displaced.Untouched();
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Whether somebody has a file that waits open for writing. */
  boolean isWritten(String name) throws TreeException, IOException {
    try (Descriptor object = hold(name)) {
      return Reading.isFile(object) && Lease.isRefused(object);
    }
  }

  boolean isShared(String name) throws TreeException, IOException {
    try (Descriptor object = hold(name)) {
      return PathCalls.status(object.number()).stamp().links() > 1;
    }
  }

  static boolean isSame(Stamp one, Stamp other) {
    return one.inode() == other.inode();
  }

  /**
   * A second name first: it never replaces, and a crash leaves two names rather than none.
   *
   * @return a copy beside {@code destination} of what may be written to by another name
   */
  Optional<Path> release(String name, Path destination) throws TreeException {
    byte[] octets = octets(name);
    Destination there = Destination.of(destination);
    byte[] last = there.name();
    try (Descriptor parent = there.openParent();
        Descriptor object = hold(name)) {
      Stamp stamp = PathCalls.status(object.number()).stamp();
      if (!isThere(parent, last, stamp)) {
        if (Lease.isRefused(object)) {
          throw new TreeException(new Problem(Kind.BUSY, "somebody writes to it"));
        }
        if (stamp.links() > 1) {
          return Optional.of(destination.resolveSibling(draft(object, parent)));
        }
        if (!linked(octets, parent, last)) {
          copy(object, parent, last);
        }
      }
      PathCalls.remove(directory.number(), octets, 0);
      return Optional.empty();
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Where something is outside of staging. */
  private record Destination(byte[] parent, byte[] name) {
    static Destination of(Path destination) {
      byte[] named = AdminPath.octets(destination);
      int slash = named.length - 1;
      while (named[slash] != '/') {
        slash--;
      }
      return new Destination(
          slash == 0 ? new byte[] {'/'} : Arrays.copyOf(named, slash),
          Arrays.copyOfRange(named, slash + 1, named.length));
    }

    Descriptor openParent() throws IOException {
      return PathCalls.openNamed(parent, PathCalls.LOCATE | PathCalls.DIRECTORY);
    }
  }

  /** Whether a crash came between the two names of an earlier release. */
  private boolean isThere(Descriptor parent, byte[] last, Stamp stamp) throws IOException {
    return stamp.links() > 1
        && inspector.look(parent, last) instanceof Look.Found there
        && isSame(there.stamp(), stamp);
  }

  /** Tells false where a link does not reach. */
  private boolean linked(byte[] name, Descriptor parent, byte[] last) throws Errno {
    try {
      PathCalls.link(directory.number(), name, parent.number(), last);
      return true;
    } catch (Errno failure) {
      return switch (failure.number()) {
        case Errno.EXDEV, Errno.EPERM, Errno.EMLINK, Errno.EOPNOTSUPP -> false;
        default -> throw failure;
      };
    }
  }

  /** Whole under its name, or not there. */
  private void copy(Descriptor object, Descriptor parent, byte[] last)
      throws TreeException, IOException {
    byte[] draft = draft(object, parent).getBytes(StandardCharsets.US_ASCII);
    try {
      PathCalls.rename(parent.number(), draft, parent.number(), last, PathCalls.REPLACE_NOTHING);
      // What it is a copy of goes next, perhaps from another disk: nothing orders the two.
      syncDirectory(parent);
    } catch (IOException failure) {
      removeIfThere(parent, draft);
      throw failure;
    }
  }

  /** A copy under a name of its own; it may be on another disk, which is smaller. */
  private String draft(Descriptor object, Descriptor parent) throws TreeException, IOException {
    Tree.Space space = DescriptorCalls.space(parent.number());
    long bytes = PathCalls.status(object.number()).allocatedBytes();
    if (!space.leaves(bytes)) {
      throw new TreeException(space.lacks(bytes));
    }
    String name = freshName() + ".part";
    byte[] octets = name.getBytes(StandardCharsets.US_ASCII);
    try (DescriptorChannel from = Reading.of(object);
        DescriptorChannel to =
            new DescriptorChannel(
                PathCalls.openBeneath(
                    parent.number(), octets, PathCalls.READ_WRITE | PathCalls.CREATE))) {
      copy(from, to);
      to.sync();
      return name;
    } catch (IOException failure) {
      removeIfThere(parent, octets);
      throw failure;
    }
  }

  static void syncDirectory(Descriptor directory) throws IOException {
    try (Descriptor opened =
        PathCalls.reopen(directory.number(), PathCalls.READ | PathCalls.DIRECTORY)) {
      DescriptorCalls.sync(opened.number());
    }
  }

  /** Copies what is data; a hole stays one. */
  static void copy(DescriptorChannel from, DescriptorChannel to) throws IOException {
    long size = from.size();
    if (!to.copyFrom(from, 0, size, 0)) {
      copyThroughMemory(from, to);
    }
    to.resize(size);
  }

  /** To another file system. */
  private static void copyThroughMemory(DescriptorChannel from, DescriptorChannel to)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    long next = from.nextData(0);
    while (from.position(next).read(buffer) >= 0) {
      buffer.flip();
      to.position(next).write(buffer);
      buffer.clear();
      next = from.nextData(from.position());
    }
  }

  /** Takes what is under a name in a directory that is held, whatever it is. */
  void take(Descriptor from, byte[] name, String staged) throws TreeException, IOException {
    PathCalls.rename(
        from.number(), name, directory.number(), octets(staged), PathCalls.REPLACE_NOTHING);
  }

  /**
   * Gives every file below a directory that waits a name of its own, and removes the directory;
   * nothing happens to anything else.
   *
   * @return the names of what was in it, or the name of what is no directory
   */
  List<String> flatten(String name) throws TreeException, IOException {
    List<String> freed = new ArrayList<>();
    Deque<String> waiting = new ArrayDeque<>(List.of(name));
    while (!waiting.isEmpty()) {
      String next = waiting.removeFirst();
      if (!(find(next, Optional.empty()).orElse(null) instanceof Look.Found found)
          || found.type() != EntryType.DIRECTORY) {
        freed.add(next);
        continue;
      }
      try (Descriptor opened =
          PathCalls.openBeneath(
              directory.number(), octets(next), PathCalls.READ | PathCalls.DIRECTORY)) {
        for (byte[] child : Listing.names(opened)) {
          String fresh = freshName();
          take(opened, child, fresh);
          waiting.addLast(fresh);
        }
      }
      if (!isRemoved(next)) {
        log.warn("a directory in staging fills again: {}", next);
      }
    }
    return freed;
  }

  /** Removes an object; never what is in a directory. */
  void discard(String name) throws TreeException {
    byte[] octets = octets(name);
    try {
      removeIfThere(directory, octets);
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
  }

  /** Whether a directory is gone now: it is when it was empty. */
  boolean isRemoved(String name) throws TreeException {
    try {
      PathCalls.remove(directory.number(), octets(name), PathCalls.REMOVE_DIRECTORY);
      return true;
    } catch (Errno full) {
      return full.number() == Errno.ENOENT;
    }
  }

  /** Removes an object of no more use; a later start finds it when that fails. */
  void drop(String name) {
    try {
      discard(name);
    } catch (TreeException left) {
      log.warn("cannot remove {} from staging: {}", name, left.problem());
    }
  }

  List<String> names() throws TreeException {
    List<String> names = new ArrayList<>();
    try (Descriptor listed =
        PathCalls.openBeneath(
            directory.number(), new byte[] {'.'}, PathCalls.READ | PathCalls.DIRECTORY)) {
      Listing.read(
          listed,
          (segment, octets) -> {
            String name = new String(octets, StandardCharsets.ISO_8859_1);
            if (NAME.matcher(name).matches()) {
              names.add(name);
            }
          });
    } catch (IOException failure) {
      throw Errno.treeException(failure);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void close() {
    directory.close();
  }
}
