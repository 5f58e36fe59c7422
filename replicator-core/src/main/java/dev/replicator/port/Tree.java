package dev.replicator.port;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.Trace;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * The directory tree of one root, and a staging directory from which a rename into it works. Safe
 * for use by several threads on different paths. Never follows a symbolic link below the root,
 * never opens what is not a regular file, never crosses a mount point.
 *
 * <p>Expected outcomes are values ({@link Look}, {@link Exchanged}); {@link TreeException} carries
 * a {@link Problem} for everything that can go wrong with one path.
 */
public interface Tree extends StagingArea, AutoCloseable {

  /**
   * What this tree can do; where the platform cannot, the engine says so in {@code status}.
   *
   * @param groups whether {@link #arrive} works
   */
  record Capabilities(
      boolean owners,
      boolean verifiedExchange,
      boolean rawNames,
      boolean extendedAttributes,
      boolean groups) {}

  /** What stands at a path now. */
  sealed interface Look {
    /** ENOENT, the root being verified as itself after the answer. */
    record Gone() implements Look {}

    /**
     * @param linkTarget the text of a symlink, empty bytes for other types
     */
    record Found(Stamp stamp, EntryType type, Bytes linkTarget, Attributes attributes)
        implements Look {
      /**
       * Whether nothing was written since {@code expected}. Symlinks compare their text, time and
       * owner, directories what they are and not what is in them.
       */
      public boolean holds(Materialised expected) {
        return holds(expected.trace());
      }

      /** The same. */
      public boolean holds(Trace expected) {
        Stamp then = expected.stamp();
        return switch (expected.type()) {
          case ABSENT -> false;
          case FILE -> type == EntryType.FILE && stamp.equals(then);
          case SYMLINK ->
              type == EntryType.SYMLINK
                  && linkTarget.equals(expected.linkTarget())
                  && stamp.mtimeNanos() == then.mtimeNanos()
                  && stamp.uid() == then.uid()
                  && stamp.gid() == then.gid();
          case DIRECTORY ->
              type == EntryType.DIRECTORY
                  && stamp.device() == then.device()
                  && stamp.inode() == then.inode()
                  && stamp.mode() == then.mode()
                  && stamp.uid() == then.uid()
                  && stamp.gid() == then.gid()
                  && attributes.extended().equals(expected.extended());
        };
      }

      /** Whether this is {@code expected} under another name, with nothing else done to it. */
      public boolean isRenamed(Materialised expected) {
        return expected.isRenamed(stamp, attributes);
      }

      /** Whether this is what was staged, and nobody did anything to it but put into it. */
      public boolean isAsStaged(Stamp staged) {
        return type == EntryType.DIRECTORY
            ? stamp.equalsExceptContent(staged)
            : stamp.equalsExceptCtime(staged);
      }

      /**
       * What was staged as it was then: whatever somebody did to it since is to be found by the
       * next look.
       */
      public Found asStaged(Stamp staged) {
        if (isAsStaged(staged)) {
          return this;
        }
        int mode = staged.mode() & Attributes.MODE_MASK;
        Principal owner =
            stamp.uid() == staged.uid() ? attributes.owner() : new Principal("", staged.uid());
        Principal group =
            stamp.gid() == staged.gid() ? attributes.group() : new Principal("", staged.gid());
        Attributes then = new Attributes(type, mode, owner, group, attributes.extended());
        return new Found(staged, type, linkTarget, then);
      }
    }

    /** A device, socket, FIFO or mount point: reported, not replicated. */
    record Special(String kind) implements Look {}

    /** The root is not the directory that it was. */
    record RootLost(Problem problem) implements Look {}
  }

  /** One name in a directory. */
  record Child(RelativePath path, Look look) {}

  /** A regular file being written in staging, where nobody else sees it. Not thread-safe. */
  interface StagedFile extends AutoCloseable {
    /**
     * To be written, and read where it is a {@link DiskChannel}; a range never written reads as
     * zeros and takes no disk where that works.
     */
    SeekableByteChannel channel();

    /** Under which it waits in staging until {@link Tree#exchange} or {@link Tree#discard}. */
    String name();

    /** Sets size, owner, mode, extended attributes and mtime, closes it, and tells its stamp. */
    Stamp seal(long size, Instant mtime, Attributes attributes) throws TreeException;

    /** Closes it; when it was not sealed, removes it. */
    @Override
    void close() throws TreeException;
  }

  /** How an exchange ended. */
  sealed interface Exchanged {
    /**
     * The target is in place.
     *
     * @param stamp of the path as it was put: a user who wrote since made another
     * @param actual what really is there, as far as it could be enforced
     * @param displaced the name in staging of the file that was replaced or removed, "" without one
     */
    record Done(Stamp stamp, Target actual, String displaced) implements Exchanged {}

    /** The path is gone as asked. */
    record Removed(String displaced) implements Exchanged {}

    /** The path did not hold what was expected: nothing was touched. */
    record Unexpected() implements Exchanged {}

    /** Somebody has the file at the path open for writing: nothing was touched. */
    record BeingWritten() implements Exchanged {}

    /**
     * The target is in place, and only then what it replaced turned out not to be what was
     * expected: a local write that must not be lost. It waits in staging under {@code displaced}.
     * After a removal {@code actual} is Absent and {@code stamp} of no meaning.
     */
    record Overtaken(Stamp stamp, Target actual, Look.Found displacedLook, String displaced)
        implements Exchanged {}

    /** Nothing changed at the path. */
    record Failed(Problem problem) implements Exchanged {}
  }

  /** How a directory was put with all that is in it. */
  sealed interface Arrived {
    /**
     * It is in place.
     *
     * @param members what they were before anybody else could reach them
     * @param kept what waits in staging for the vault, because it had nowhere else to go
     */
    record Done(List<Put> members, List<String> kept) implements Arrived {}

    /** Something else is there than expected. Nothing is shown, and nothing waits in staging. */
    record Unexpected() implements Arrived {}

    /** The same, for another reason. */
    record Failed(Problem problem) implements Arrived {}
  }

  /** How one path of a directory that was put as a whole ended, as if it were put by itself. */
  record Put(RelativePath path, Exchanged exchanged) {}

  /** How an intent that was open at a crash really ended. */
  sealed interface Settled {
    /**
     * The staged object is under its name.
     *
     * @param displaced the name in staging of what was replaced or removed, "" where that is gone
     */
    record Applied(Stamp stamp, Target actual, String displaced) implements Settled {
      public Applied(Stamp stamp, Target actual) {
        this(stamp, actual, "");
      }
    }

    /**
     * The staged object is under its name, and what it displaced was not what was expected: a local
     * write that waits in staging under {@code displaced}. After a removal {@code actual} is Absent
     * and {@code stamp} of no meaning.
     */
    record Overtaken(Stamp stamp, Target actual, Look.Found displacedLook, String displaced)
        implements Settled {}

    /** It is still in staging, or the path is as it was before: nothing happened. */
    record NotApplied() implements Settled {}

    /** Neither: whatever is there is a local write that may only supersede what both sides know. */
    record Unclear() implements Settled {}
  }

  /** How a sync ended. */
  sealed interface Synced {
    /**
     * Everything is on stable storage.
     *
     * @param skipped paths that could not be opened: whatever is there now was not synced
     */
    record Done(List<RelativePath> skipped) implements Synced {}

    /** The root is not the directory that it was: nothing is known of the paths. */
    record RootLost(Problem problem) implements Synced {}

    /** The disk refused: what was written may be lost, and a second try would not tell. */
    record Failed(Problem problem) implements Synced {}
  }

  Capabilities capabilities();

  /**
   * Whether the directory that the tree works with is still there, and where renames from it reach
   * the root. When somebody removed it, or another file system was taken for the root since, the
   * tree puts nothing any more, and has to be opened again.
   */
  boolean isWorkable() throws TreeException;

  /**
   * Which directory the root is now.
   *
   * @throws TreeException when it is missing or not a directory
   */
  RootIdentity identity() throws TreeException;

  /**
   * Marks the root, by an extended attribute or in {@code .replicator}, replacing no marker; and
   * puts the epoch of {@code identity} in the place of the one before, where that can be kept.
   */
  void mark(RootIdentity identity) throws TreeException;

  /** From now on answers are only given while the root is {@code identity}. */
  void pin(RootIdentity identity);

  Look look(RelativePath path) throws TreeException;

  /**
   * All names of a directory but our own {@code .replicator}, sorted by path. Extended attributes
   * are told of directories alone: those of a file change its ctime.
   */
  List<Child> list(RelativePath directory) throws TreeException;

  /** As {@link #list}, page by page, so that never all of its names are held as objects. */
  default Listing listing(RelativePath directory) throws TreeException {
    return Listing.of(list(directory));
  }

  /** A directory that is being listed, for one thread. */
  interface Listing extends AutoCloseable {
    /** At most {@code limit} further children, in order; empty at the end. */
    List<Child> next(int limit) throws TreeException;

    @Override
    void close();

    /** Of what was read before. */
    static Listing of(List<Child> children) {
      return new ReadListing(children);
    }
  }

  /**
   * Opens a regular file for reading, positioned at 0.
   *
   * @throws TreeException when the path no longer has {@code stamp}
   */
  SeekableByteChannel read(RelativePath path, Stamp stamp) throws TreeException;

  /** As {@link #read}, also when it is longer by now: somebody may have appended to it. */
  SeekableByteChannel readOn(RelativePath path, Stamp stamp) throws TreeException;

  StagedFile stageFile() throws TreeException;

  /**
   * A file for {@code content} that may be written over several starts: what an earlier one held
   * that was closed and not sealed is in it. One at a time for each content. A tree that keeps no
   * parts begins anew.
   */
  default StagedFile stagePart(Digest content) throws TreeException {
    return stageFile();
  }

  /**
   * Has the part of {@code from} be that of {@code to} from now on; nobody has either open.
   *
   * @return false where there is none, or {@code to} has one: then nothing happened
   */
  default boolean passPart(Digest from, Digest to) throws TreeException {
    return false;
  }

  /** Removes the part of {@code content}; nothing happens when there is none. */
  default void dropPart(Digest content) throws TreeException {}

  /** Removes the parts to which nobody wrote since {@code time}, but those of {@code spared}. */
  default void dropParts(Instant time, Set<Digest> spared) throws TreeException {}

  /** Stages a symbolic link or an empty directory with its attributes. */
  Staged stage(Target target) throws TreeException;

  /** A staged object. */
  record Staged(String name, Stamp stamp) {}

  /**
   * Brings {@code intent} about at {@code path}, whose parent exists. Creating never replaces;
   * replacing never leaves the name missing and checks what it replaces against {@code
   * intent.expected()}; removing a directory never removes what is in it. Metadata alone is changed
   * on the existing inode, or on a copy of it when it has several names.
   */
  Exchanged exchange(RelativePath path, Intent intent);

  /**
   * As {@link #exchange}, but answers {@link Exchanged.BeingWritten} while somebody has the file
   * that is there open for writing, where that can be told.
   */
  default Exchanged exchangeUnlessWritten(RelativePath path, Intent intent) {
    return exchange(path, intent);
  }

  /**
   * Makes a directory appear with all that was staged for it and below it: by one rename that
   * replaces nothing, or by one exchange in place of the directory that is expected there. Whatever
   * is in that and is no member is in the new one under its name; what somebody put there in the
   * last moment, too, and what he removed is gone. What members replace waits in staging
   * afterwards, as after {@link #exchange}, and so does what has nowhere to go, for the next start.
   *
   * @param members directories before what is in them, the one that all others are below first.
   *     Each has a staged object but the removals. Of a directory that is replaced, all directories
   *     are members.
   */
  default Arrived arrive(List<GroupMember> members) {
    for (GroupMember member : members) {
      try {
        discard(member.intent().stagedName());
      } catch (TreeException left) {
        return new Arrived.Failed(left.problem());
      }
    }
    return new Arrived.Failed(new Problem(Problem.Kind.UNSUPPORTED, "path by path only"));
  }

  /**
   * Gives a directory or a file another name, replacing nothing, when all of it is as expected:
   * what is not would come along. What somebody does to it in the last moment is done to it at
   * {@code to}.
   *
   * @param from what is moved, first of {@code expected}
   * @param expected everything that is there
   * @return why nothing was moved; empty when it was
   */
  default Optional<Problem> move(
      RelativePath from, RelativePath to, SortedMap<RelativePath, Materialised> expected) {
    return Optional.of(new Problem(Problem.Kind.UNSUPPORTED, "path by path only"));
  }

  /**
   * Removes what was staged for a directory that did not appear, wherever {@link #arrive} left it
   * in staging at a crash, and nothing else: each object is known by its stamp.
   */
  default void disband(List<GroupMember> members) throws TreeException {}

  /**
   * After a crash, and before any of them is settled: ends what {@link #arrive} does once the
   * exchange of a directory is done. Nothing happens when it was not, or was ended.
   *
   * @param stayed what else the journal has below the directory that was replaced
   */
  default void disperse(List<GroupMember> members, Map<RelativePath, Stamp> stayed)
      throws TreeException {}

  /**
   * Whether somebody has the file at {@code path} open for writing, where that can be told. One
   * that was made before {@code bornMillisMin}, or may have been, is not meant; 0 means any.
   */
  default boolean isBeingWritten(RelativePath path, long bornMillisMin) throws TreeException {
    return false;
  }

  /**
   * Tells, after a crash, how an intent ended. Changes nothing, but that a directory which was
   * displaced with something in it goes back to its name, and that a change of metadata that was
   * cut off is ended.
   */
  Settled settle(RelativePath path, Intent intent) throws TreeException;

  /** Returns once what was put at {@code paths} and their directories is on stable storage. */
  Synced sync(List<RelativePath> paths);

  /**
   * Where something else is mounted below the root, or another subvolume was met there, as far as
   * that can be told; in order.
   */
  default List<RelativePath> mountPoints() throws TreeException {
    return List.of();
  }

  /**
   * What a file system has and what of it is free, in bytes and inodes.
   *
   * @param inodes 0 where it makes them as it needs them, or that cannot be told
   */
  record Space(long total, long free, long inodes, long freeInodes) {
    private static final long RESERVE_BYTES_MAX = 64L * 1024 * 1024;
    private static final long RESERVE_INODES_MAX = 1_000;
    private static final int RESERVE_PARTS = 50;

    public Space(long total, long free) {
      this(total, free, 0, 0);
    }

    /** Never filled: the journal and the site need room to go on. */
    public long reserve() {
      return Math.min(RESERVE_BYTES_MAX, total / RESERVE_PARTS);
    }

    private long reserveInodes() {
      return Math.min(RESERVE_INODES_MAX, inodes / RESERVE_PARTS);
    }

    private boolean hasInodes() {
      return inodes <= 0 || freeInodes < 0 || freeInodes > reserveInodes();
    }

    /** Whether one more file of {@code bytes} leaves the reserve alone. */
    public boolean leaves(long bytes) {
      return free - bytes >= reserve() && hasInodes();
    }

    public Problem lacks(long bytes) {
      String figures =
          hasInodes()
              ? "%d bytes free, %d wanted, %d kept in reserve".formatted(free, bytes, reserve())
              : "%d inodes free, %d kept in reserve".formatted(freeInodes, reserveInodes());
      return new Problem(Problem.Kind.DISK_FULL, figures);
    }
  }

  /** The room of the file system that holds the root. */
  Space space() throws IOException;

  /** Where the path of the root leads now, for people; empty where no symbolic link is on it. */
  default Optional<String> leadsTo() {
    return Optional.empty();
  }

  @Override
  void close();
}
