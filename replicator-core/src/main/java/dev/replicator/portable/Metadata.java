package dev.replicator.portable;

import dev.replicator.model.Attributes;
import dev.replicator.model.EntryType;
import dev.replicator.model.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.Set;

/** Writes owner, mode and modification time, as far as this process may. */
final class Metadata {
  private static final int SET_ID_BITS = 06000;
  private static final int NOBODY = 65_534;

  private final Inspector inspector;
  private final Path probe;
  private final boolean owners;

  /**
   * @param probe a file of ours in a private directory, given away to learn what we may do
   */
  Metadata(Inspector inspector, Path probe) {
    this.inspector = inspector;
    this.probe = probe;
    this.owners = inspector.stamps() && mayGiveAway(probe);
  }

  private static boolean mayGiveAway(Path probe) {
    try {
      int mine = UnixStat.of(probe, "uid", LinkOption.NOFOLLOW_LINKS).integer("uid");
      Files.setAttribute(probe, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(probe, "unix:uid", mine, LinkOption.NOFOLLOW_LINKS);
      return mine != NOBODY;
    } catch (IOException mayNot) {
      return false;
    }
  }

  /** Whether files can be given to other users. */
  boolean owners() {
    return owners;
  }

  /**
   * Gives {@code path}, of the type of {@code attributes}, its owner, mtime and mode, in this
   * order: a change of owner takes set-id bits away, and an unreadable file takes no mtime any more
   * from those who are not root.
   */
  void apply(Path path, Instant mtime, Attributes attributes) throws IOException {
    if (owners) {
      give(path, "uid", inspector.owners(), attributes.owner());
      give(path, "gid", inspector.groups(), attributes.group());
    }
    switch (attributes.type()) {
      case FILE -> setTime(path, mtime);
      case SYMLINK -> {
        try {
          setTime(path, mtime);
        } catch (IOException notOfLinks) {
          // Who looks afterwards sees what it is.
        }
      }
      case DIRECTORY, ABSENT -> {}
    }
    if (attributes.type() != EntryType.SYMLINK) {
      setMode(path, enforced(attributes));
    }
  }

  private static void setTime(Path path, Instant mtime) throws IOException {
    Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(FileTime.from(possible(mtime)), null, null);
  }

  /** Java sets no fraction of a second before 1970: it would take 1970 instead. */
  private static Instant possible(Instant mtime) {
    return mtime.isBefore(Instant.EPOCH) ? mtime.truncatedTo(ChronoUnit.SECONDS) : mtime;
  }

  /** The mode that we set: a file never gets set-id bits from a peer. */
  static int enforced(Attributes attributes) {
    return attributes.type() == EntryType.FILE
        ? attributes.mode() & ~SET_ID_BITS
        : attributes.mode();
  }

  private void give(Path path, String attribute, Principals known, Principal asked)
      throws IOException {
    int current = UnixStat.of(path, attribute, LinkOption.NOFOLLOW_LINKS).integer(attribute);
    boolean anybody = asked.name().isEmpty() && asked.id() == -1;
    OptionalInt id = known.resolve(asked, probe);
    int otherwise = current == 0 && !anybody ? NOBODY : current;
    if (current != id.orElse(otherwise)) {
      Files.setAttribute(
          path, "unix:" + attribute, id.orElse(otherwise), LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void setMode(Path path, int mode) throws IOException {
    if (inspector.stamps()) {
      setUnixMode(path, mode);
    } else if (inspector.posix()) {
      Files.setPosixFilePermissions(path, permissions(mode));
    }
  }

  /**
   * Without following a link Java has to open what it changes, and whom the present mode keeps out
   * of a directory of his own cannot. Root is kept out of none, so this changes at most what
   * belongs to the same user without rights as the directory that somebody swaps for a link.
   */
  private static void setUnixMode(Path path, int mode) throws IOException {
    try {
      Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException unopened) {
      if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw unopened;
      }
      Files.setAttribute(path, "unix:mode", mode);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (PosixFilePermission permission : all) {
      if ((mode & (1 << (all.length - 1 - permission.ordinal()))) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }
}
