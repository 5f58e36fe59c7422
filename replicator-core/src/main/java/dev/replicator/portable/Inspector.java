package dev.replicator.portable;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Principal;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.concurrent.TimeUnit;

/** Reads what stands at one path of the file system, never following a symbolic link there. */
final class Inspector {
  private static final String EVERYTHING = "dev,ino,nlink,mode,uid,gid,size,lastModifiedTime,ctime";
  private static final int TYPE_MASK = 0170000;
  private static final int FIFO = 0010000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int DIRECTORY = 0040000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int FILE = 0100000;
  private static final int SYMLINK = 0120000;
  private static final int SOCKET = 0140000;
  private static final Principal NOBODY = new Principal("", 0);

  /** What stands where a directory is needed. */
  sealed interface Component {}

  record Directory(long device, long inode) implements Component {}

  record NotDirectory() implements Component {}

  private final Names names;
  private final boolean stamps;
  private final boolean posix;
  private final Principals owners = Principals.owners();
  private final Principals groups = Principals.groups();

  /**
   * @param root any path of the file system
   */
  Inspector(Names names, Path root) {
    this.names = names;
    var views = root.getFileSystem().supportedFileAttributeViews();
    this.stamps = names.raw() && views.contains("unix");
    this.posix = views.contains("posix");
  }

  /** Whether device, inode, ctime and owner are told. */
  boolean stamps() {
    return stamps;
  }

  boolean posix() {
    return posix;
  }

  Principals owners() {
    return owners;
  }

  Principals groups() {
    return groups;
  }

  /** What stands at {@code path}: Gone on ENOENT, whatever became of the root. */
  Look look(Path path) throws IOException {
    try {
      return stamps ? lookFully(path) : lookPlainly(path);
    } catch (NoSuchFileException gone) {
      return new Look.Gone();
    } catch (NotLinkException changed) {
      // A symbolic link until a moment ago.
      return stamps ? lookFully(path) : lookPlainly(path);
    }
  }

  /** Whether {@code path} is a directory: as cheap as a look can be. */
  Component directory(Path path, LinkOption... options) throws IOException {
    try {
      if (stamps) {
        UnixStat stat = UnixStat.of(path, "mode,dev,ino", options);
        return (stat.integer("mode") & TYPE_MASK) == DIRECTORY
            ? new Directory(stat.number("dev"), stat.number("ino"))
            : new NotDirectory();
      }
      BasicFileAttributes read = Files.readAttributes(path, BasicFileAttributes.class, options);
      return read.isDirectory() ? new Directory(0, inode(read)) : new NotDirectory();
    } catch (NoSuchFileException gone) {
      return new NotDirectory();
    }
  }

  private Look lookFully(Path path) throws IOException {
    UnixStat stat = UnixStat.of(path, EVERYTHING, LinkOption.NOFOLLOW_LINKS);
    int mode = stat.integer("mode");
    Stamp stamp =
        new Stamp(
            stat.number("dev"),
            stat.number("ino"),
            stat.number("size"),
            stat.nanos("lastModifiedTime"),
            stat.nanos("ctime"),
            mode,
            stat.integer("uid"),
            stat.integer("gid"),
            stat.integer("nlink"));
    EntryType type =
        switch (mode & TYPE_MASK) {
          case DIRECTORY -> EntryType.DIRECTORY;
          case FILE -> EntryType.FILE;
          case SYMLINK -> EntryType.SYMLINK;
          default -> EntryType.ABSENT;
        };
    if (type == EntryType.ABSENT) {
      return new Look.Special(kind(mode & TYPE_MASK));
    }
    Principal owner = owners.of(stamp.uid(), path);
    Principal group = groups.of(stamp.gid(), path);
    int bits = mode & Attributes.MODE_MASK;
    return new Look.Found(stamp, type, text(path, type), new Attributes(type, bits, owner, group));
  }

  private static String kind(int type) {
    return switch (type) {
      case FIFO -> "FIFO";
      case SOCKET -> "socket";
      case BLOCK_DEVICE -> "block device";
      case CHARACTER_DEVICE -> "character device";
      default -> "special file";
    };
  }

  private Look lookPlainly(Path path) throws IOException {
    BasicFileAttributes read =
        posix
            ? Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (read.isOther()) {
      return new Look.Special("special file");
    }
    EntryType type =
        read.isDirectory()
            ? EntryType.DIRECTORY
            : read.isSymbolicLink() ? EntryType.SYMLINK : EntryType.FILE;
    int bits = read instanceof PosixFileAttributes full ? mode(full) : 0;
    Stamp stamp =
        new Stamp(0, inode(read), read.size(), nanos(read.lastModifiedTime()), 0, bits, 0, 0, 1);
    Attributes attributes = new Attributes(type, bits, NOBODY, NOBODY);
    return new Look.Found(stamp, type, text(path, type), attributes);
  }

  private static int mode(PosixFileAttributes attributes) {
    int mode = 0;
    for (PosixFilePermission permission : attributes.permissions()) {
      mode |= 1 << (PosixFilePermission.values().length - 1 - permission.ordinal());
    }
    return mode;
  }

  private static long inode(BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    if (key instanceof Number number) {
      return number.longValue();
    }
    return key == null ? 0 : key.hashCode();
  }

  private Bytes text(Path path, EntryType type) throws IOException {
    return type == EntryType.SYMLINK ? names.linkText(Files.readSymbolicLink(path)) : Bytes.EMPTY;
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
