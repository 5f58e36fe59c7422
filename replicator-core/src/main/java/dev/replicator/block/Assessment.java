package dev.replicator.block;

import java.util.List;
import java.util.Locale;

/** What an observation means. Each case has its remedy in docs/BLOCK.md. */
public sealed interface Assessment {
  /** How far a state is from healthy, and who moves next. */
  enum Standing {
    HEALTHY,
    /** Served from here, but with less protection than there should be. */
    DEGRADED,
    /** The plan goes on by itself, or waits for the peer. */
    ON_THE_WAY,
    /** Nothing more happens until a person has decided. */
    PERSON
  }

  Standing standing();

  /** The name of the state, for metrics and for BLOCK.md: split-brain. */
  default String name() {
    return name(getClass());
  }

  /** As {@link #name}, of every state of this kind. */
  static String name(Class<?> kind) {
    return kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  /** What is the matter, in a sentence; where a person has to act, what to do. */
  default String reason() {
    return AssessmentText.of(this);
  }

  /** Before DRBD has the resource: the module, the files, the disk. */
  sealed interface Basis extends Assessment {
    @Override
    default Standing standing() {
      return switch (this) {
        case NoModule _, FilesOutdated _, NoMetadata _, Down _, HalfUp _ -> Standing.ON_THE_WAY;
        case Unreadable _,
            NotLookedAt _,
            Unsupported _,
            ForeignFiles _,
            Misread _,
            DiskMissing _,
            DiskInUse _,
            DiskOccupied _,
            DiskBlank _ ->
            Standing.PERSON;
      };
    }
  }

  record Unreadable(String why) implements Basis {}

  /** Met only in foresight: what was seen before left no reason to look there. */
  record NotLookedAt(String what) implements Basis {}

  record NoModule() implements Basis {}

  record Unsupported(String version) implements Basis {}

  record ForeignFiles(List<String> paths) implements Basis {
    public ForeignFiles {
      paths = List.copyOf(paths);
    }
  }

  record FilesOutdated(List<String> paths) implements Basis {
    public FilesOutdated {
      paths = List.copyOf(paths);
    }
  }

  record Misread(List<String> differences) implements Basis {
    public Misread {
      differences = List.copyOf(differences);
    }
  }

  record DiskMissing(String disk) implements Basis {}

  record DiskInUse(String disk, List<String> users) implements Basis {
    public DiskInUse {
      users = List.copyOf(users);
    }
  }

  record DiskOccupied(String disk, Content content) implements Basis {}

  record NoMetadata(String disk) implements Basis {}

  /** Nothing is on a disk from which this node served. */
  record DiskBlank(String disk) implements Basis {}

  /** There is metadata, and the kernel knows nothing of it. */
  record Down() implements Basis {}

  /** What a failed start leaves behind: a resource without a disk and a peer. */
  record HalfUp() implements Basis {}

  /** DRBD: the peer, and whose data is whole. */
  sealed interface Link extends Assessment {
    @Override
    default Standing standing() {
      return switch (this) {
        case Settling _,
            Frozen _,
            PeerAway _,
            NeverSynced _,
            Syncing _,
            Verifying _,
            NotPrimary _ ->
            Standing.ON_THE_WAY;
        case Diskless _,
            SplitBrain _,
            UnrelatedData _,
            StandAlone _,
            BothInconsistent _,
            SyncPaused _,
            OutOfSync _,
            Unexpected _ ->
            Standing.PERSON;
      };
    }
  }

  record Settling(Drbd state) implements Link {}

  record Frozen(Drbd state) implements Link {}

  record Diskless(Drbd state) implements Link {}

  record SplitBrain(Drbd state) implements Link {}

  /** The two disks never held the same data: one of them is another disk than it should be. */
  record UnrelatedData(Drbd state) implements Link {}

  record StandAlone(Drbd state, KernelLog.Cause cause) implements Link {}

  record PeerAway(Drbd state, KernelLog.Cause cause) implements Link {}

  /**
   * @param ours whether this node begins the first sync
   */
  record NeverSynced(boolean ours) implements Link {}

  record BothInconsistent() implements Link {}

  record Syncing(Drbd state) implements Link {}

  record SyncPaused(Drbd state) implements Link {}

  record Verifying(Drbd state) implements Link {}

  record OutOfSync(long kib) implements Link {}

  record Unexpected(Drbd state) implements Link {}

  record NotPrimary() implements Link {}

  /** OCFS2 on a primary: the cluster, the file system, the mount. */
  sealed interface Service extends Assessment {
    @Override
    default Standing standing() {
      return switch (this) {
        case Healthy _ -> Standing.HEALTHY;
        case Degraded _, PeerNotPrimary _, KernelDiffers _ -> Standing.DEGRADED;
        case StackMissing _, ClusterOffline _, TimeoutsDiffer _, NoFileSystem _, NotMounted _ ->
            Standing.ON_THE_WAY;
        case NoLocalNode _, ForeignFileSystem _, FileSystemGone _, MountedElsewhere _, ReadOnly _ ->
            Standing.PERSON;
        case ClusterDiffers(String _, boolean beating) ->
            beating ? Standing.PERSON : Standing.ON_THE_WAY;
      };
    }
  }

  record StackMissing(Observation.Stack stack) implements Service {}

  record ClusterOffline() implements Service {}

  record NoLocalNode(long found) implements Service {}

  /**
   * @param beating whether a file system holds the cluster, which then cannot be changed
   */
  record ClusterDiffers(String difference, boolean beating) implements Service {}

  record TimeoutsDiffer(ClusterTimeout first) implements Service {}

  /**
   * @param ours whether this node makes it
   */
  record NoFileSystem(boolean ours) implements Service {}

  record ForeignFileSystem(Content content) implements Service {}

  /** The device is blank, and nothing says that it never held anything. */
  record FileSystemGone(Past past) implements Service {}

  record MountedElsewhere(String what) implements Service {}

  record ReadOnly() implements Service {}

  record NotMounted() implements Service {}

  /** Served here; the peer is away, has no disk, or is catching up. */
  record Degraded(String why) implements Service {}

  /** Served here; the peer is in step and not primary yet. */
  record PeerNotPrimary() implements Service {}

  /** Served here, by options that are no longer those of the configuration. */
  record KernelDiffers(List<String> differences) implements Service {
    public KernelDiffers {
      differences = List.copyOf(differences);
    }
  }

  record Healthy() implements Service {}
}
