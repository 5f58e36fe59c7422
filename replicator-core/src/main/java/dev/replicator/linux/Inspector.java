package dev.replicator.linux;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SortedMap;

/** Tells what an object is, by a descriptor of it or by its name in an open directory. */
final class Inspector {
  static final Look SUBVOLUME = new Look.Special("subvolume");

  private static final Look MOUNT_POINT = new Look.Special("mount point");

  private final HeldRoot root;
  private final Accounts users;
  private final Accounts groups;
  private final ExtendedAttributes extended;

  Inspector(HeldRoot root, Accounts users, Accounts groups, ExtendedAttributes extended) {
    this.root = root;
    this.users = users;
    this.groups = groups;
    this.extended = extended;
  }

  /** What is held: all of it is told of one and the same object. */
  Look look(Descriptor object) throws IOException {
    int number = object.number();
    FileStatus status = PathCalls.status(number);
    if (isElsewhere(status)) {
      return SUBVOLUME;
    }
    return switch (status.type()) {
      case ABSENT -> new Look.Special(status.kind());
      case SYMLINK -> found(status, PathCalls.linkText(number), ExtendedAttributes.NONE);
      case FILE, DIRECTORY -> found(status, Bytes.EMPTY, extended.of(number));
    };
  }

  /** Takes a regular file that is held, and not open. */
  interface Holder {
    void take(Descriptor file) throws IOException;
  }

  /** What {@code name} is in the directory that is held, itself and not what a link leads to. */
  Look look(Descriptor directory, byte[] name) throws IOException {
    return look(directory, name, file -> {});
  }

  /** The same; {@code also} takes it when it is a regular file. */
  Look look(Descriptor directory, byte[] name, Holder also) throws IOException {
    try (Descriptor object = PathCalls.openBeneath(directory.number(), name, PathCalls.LOCATE)) {
      Look look = look(object);
      if (look instanceof Look.Found found && found.type() == EntryType.FILE) {
        also.take(object);
      }
      return look;
    } catch (Errno failure) {
      if (failure.isGone()) {
        return new Look.Gone();
      }
      if (failure.number() == Errno.EXDEV) {
        return MOUNT_POINT;
      }
      throw failure;
    }
  }

  /**
   * The same at less cost, and of files without extended attributes: to ask for them takes a call
   * for each name.
   */
  Look glance(Descriptor directory, byte[] octets) throws IOException {
    try {
      MemorySegment name = Scratch.here().first(octets);
      FileStatus status = PathCalls.status(directory.number(), name);
      if (status.mountRoot()) {
        return MOUNT_POINT;
      }
      if (isElsewhere(status)) {
        // Where the kernel does not tell of mount points it may be one.
        return look(directory, octets);
      }
      return switch (status.type()) {
        case ABSENT -> new Look.Special(status.kind());
        case SYMLINK ->
            found(status, PathCalls.linkText(directory.number(), name), ExtendedAttributes.NONE);
        case FILE -> found(status, Bytes.EMPTY, ExtendedAttributes.NONE);
        case DIRECTORY -> glanceAtDirectory(directory, octets, status);
      };
    } catch (Errno failure) {
      return switch (failure.number()) {
        case Errno.ENOENT -> new Look.Gone();
        // It was a symbolic link until a moment ago.
        case Errno.EINVAL -> look(directory, octets);
        default -> throw failure;
      };
    }
  }

  /** Its ctime tells nothing: it changes with every name in it. */
  private Look glanceAtDirectory(Descriptor parent, byte[] name, FileStatus status)
      throws IOException {
    try {
      return look(parent, name);
    } catch (Errno tooMany) {
      if (tooMany.number() != Errno.E2BIG) {
        throw tooMany;
      }
      return found(status, Bytes.EMPTY, ExtendedAttributes.NONE);
    }
  }

  /** A subvolume is no mount, but no rename goes there. Files may have numbers of their own. */
  private boolean isElsewhere(FileStatus status) {
    return status.type() == EntryType.DIRECTORY && status.device() != root.device();
  }

  private Look.Found found(FileStatus status, Bytes text, SortedMap<String, Bytes> attached) {
    Stamp stamp = status.stamp();
    EntryType type = status.type();
    Attributes attributes =
        new Attributes(
            type,
            stamp.mode() & Attributes.MODE_MASK,
            users.of(stamp.uid()),
            groups.of(stamp.gid()),
            attached);
    return new Look.Found(stamp, type, text, attributes);
  }
}
