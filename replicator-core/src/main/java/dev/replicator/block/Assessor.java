package dev.replicator.block;

import java.util.Optional;

/** Turns what one node sees into one state: the first that is not as it should be. */
final class Assessor {
  private final BlockConfig config;
  private final String self;
  private final Observation seen;

  private Assessor(BlockConfig config, String self, Observation seen) {
    this.config = config;
    this.self = self;
    this.seen = seen;
  }

  static Assessment assess(BlockConfig config, String self, Observation seen) {
    return new Assessor(config, self, seen).assess();
  }

  private Assessment assess() {
    return seen.module()
        .found()
        .map(this::module)
        .orElseGet(() -> unreadable("module drbd", seen.module()));
  }

  private Assessment module(Observation.Module module) {
    return switch (module) {
      case Observation.Module.Absent() -> new Assessment.NoModule();
      case Observation.Module.Loaded(String version, Generation generation) ->
          switch (generation) {
            case NINE -> new Assessment.Unsupported(version);
            case EIGHT ->
                seen.drbd()
                    .found()
                    .map(this::drbd)
                    .orElseGet(() -> unreadable("DRBD", seen.drbd()));
          };
    };
  }

  /** A split brain, frozen I/O or a lost disk is told whatever the files look like. */
  private Assessment drbd(Optional<Drbd> drbd) {
    if (drbd.isPresent()) {
      Optional<Assessment> alarm = alarm(drbd.get());
      if (alarm.isPresent()) {
        return alarm.get();
      }
    }
    return files().orElseGet(() -> drbd.map(this::link).orElseGet(this::backing));
  }

  private Optional<Assessment> alarm(Drbd state) {
    if (state.frozen()) {
      return Optional.of(new Assessment.Frozen(state));
    }
    if (isLeftOver(state)) {
      return Optional.empty();
    }
    if (state.disk() == DiskState.DISKLESS || state.disk() == DiskState.FAILED) {
      return Optional.of(new Assessment.Diskless(state));
    }
    return state.connection() == Connection.STAND_ALONE
        ? Optional.of(standAlone(state))
        : Optional.empty();
  }

  /** What parted from its peer for a reason is none: to bring that up again would connect it. */
  private boolean isLeftOver(Drbd state) {
    return state.disk() == DiskState.DISKLESS
        && state.connection() == Connection.STAND_ALONE
        && state.role() == Role.SECONDARY
        && seen.cause() == KernelLog.Cause.NONE;
  }

  /**
   * The kernel's log may have lost its line: then a side that wrote what the peer has not seen is
   * as good as split, for the peer may have written as well.
   */
  private Assessment standAlone(Drbd state) {
    return switch (seen.cause()) {
      case SPLIT_BRAIN -> new Assessment.SplitBrain(state);
      case UNRELATED_DATA -> new Assessment.UnrelatedData(state);
      case NONE ->
          seen.generation().found().filter(GenerationIds::aheadOfPeer).isPresent()
              ? new Assessment.SplitBrain(state)
              : new Assessment.StandAlone(state, KernelLog.Cause.NONE);
      case WRONG_SECRET, SECRET_MISSING, INCOMPATIBLE, PORT_IN_USE ->
          new Assessment.StandAlone(state, seen.cause());
    };
  }

  private Optional<Assessment> files() {
    Optional<Observation.Files> files = seen.files().found();
    if (files.isEmpty()) {
      return Optional.of(unreadable("the files of the configuration", seen.files()));
    }
    if (!files.get().foreign().isEmpty()) {
      return Optional.of(new Assessment.ForeignFiles(files.get().foreign()));
    }
    if (!files.get().outdated().isEmpty()) {
      return Optional.of(new Assessment.FilesOutdated(files.get().outdated()));
    }
    return files.get().misread().isEmpty()
        ? Optional.empty()
        : Optional.of(new Assessment.Misread(files.get().misread()));
  }

  private Assessment backing() {
    String disk = config.node(self).orElseThrow().disk();
    Optional<Observation.Backing> found = seen.backing().found();
    if (found.isEmpty()) {
      return unreadable(disk, seen.backing());
    }
    Observation.Backing backing = found.get();
    if (!backing.exists()) {
      return new Assessment.DiskMissing(disk);
    }
    if (!backing.users().isEmpty()) {
      return new Assessment.DiskInUse(disk, backing.users());
    }
    if (backing.metadata()) {
      return new Assessment.Down();
    }
    if (!(backing.content() instanceof Content.Blank)) {
      return new Assessment.DiskOccupied(disk, backing.content());
    }
    return seen.past() == Past.SERVED
        ? new Assessment.DiskBlank(disk)
        : new Assessment.NoMetadata(disk);
  }

  private Assessment link(Drbd state) {
    if (isLeftOver(state)) {
      return new Assessment.HalfUp();
    }
    return switch (state.disk()) {
      case ATTACHING, DETACHING, NEGOTIATING -> new Assessment.Settling(state);
      case DISKLESS, FAILED, INCONSISTENT, OUTDATED, UNKNOWN, CONSISTENT, UP_TO_DATE ->
          switch (state.connection()) {
            case CONNECTED -> connected(state);
            case CONNECTING -> alone(state);
            case STAND_ALONE -> standAlone(state);
            case DISCONNECTING,
                UNCONNECTED,
                TIMEOUT,
                BROKEN_PIPE,
                NETWORK_FAILURE,
                PROTOCOL_ERROR,
                TEAR_DOWN ->
                new Assessment.Settling(state);
          };
    };
  }

  /** A primary goes on serving; nobody becomes one without the peer. */
  private Assessment alone(Drbd state) {
    return state.role() == Role.PRIMARY && state.disk() == DiskState.UP_TO_DATE
        ? serving(new Assessment.Degraded(state.text()))
        : new Assessment.PeerAway(state, seen.cause());
  }

  private Assessment connected(Drbd state) {
    return switch (state.replication()) {
      case OFF -> new Assessment.Settling(state);
      case ESTABLISHED -> established(state);
      case VERIFY_SOURCE, VERIFY_TARGET -> new Assessment.Verifying(state);
      case PAUSED_SOURCE, PAUSED_TARGET -> new Assessment.SyncPaused(state);
      case AHEAD, BEHIND -> new Assessment.Unexpected(state);
      case STARTING_SOURCE,
          STARTING_TARGET,
          BITMAP_SOURCE,
          BITMAP_TARGET,
          SYNC_UUID,
          SYNC_SOURCE,
          SYNC_TARGET ->
          new Assessment.Syncing(state);
    };
  }

  private Assessment established(Drbd state) {
    if (state.disk() == DiskState.INCONSISTENT && state.peerDisk() == DiskState.INCONSISTENT) {
      return firstSync();
    }
    if (state.disk() != DiskState.UP_TO_DATE) {
      return new Assessment.Unexpected(state);
    }
    if (state.peerDisk() == DiskState.DISKLESS || state.peerDisk() == DiskState.FAILED) {
      return state.role() == Role.PRIMARY
          ? serving(new Assessment.Degraded(state.text()))
          : new Assessment.PeerAway(state, seen.cause());
    }
    if (state.peerDisk() != DiskState.UP_TO_DATE) {
      return new Assessment.Unexpected(state);
    }
    if (state.outOfSyncKib().orElse(0) > 0) {
      return new Assessment.OutOfSync(state.outOfSyncKib().getAsLong());
    }
    if (state.role() != Role.PRIMARY) {
      return new Assessment.NotPrimary();
    }
    return serving(
        state.peerRole() == Role.PRIMARY
            ? new Assessment.Healthy()
            : new Assessment.PeerNotPrimary());
  }

  private Assessment firstSync() {
    Optional<GenerationIds> generation = seen.generation().found();
    if (generation.isEmpty()) {
      return unreadable("get-gi", seen.generation());
    }
    return generation.get().justCreated()
        ? new Assessment.NeverSynced(config.elects(self))
        : new Assessment.BothInconsistent();
  }

  /**
   * @param otherwise what it is when the file system is served as it should be
   */
  private Assessment serving(Assessment otherwise) {
    Optional<Observation.Stack> stack = seen.stack().found();
    if (stack.isEmpty()) {
      return unreadable("OCFS2", seen.stack());
    }
    return cluster(stack.get()).orElseGet(() -> mounted(otherwise));
  }

  private Optional<Assessment> cluster(Observation.Stack stack) {
    if (!stack.modules() || !stack.configfs() || !stack.dlmfs()) {
      return Optional.of(new Assessment.StackMissing(stack));
    }
    if (stack.cluster().isEmpty()) {
      return Optional.of(new Assessment.ClusterOffline());
    }
    ClusterTree tree = stack.cluster().get();
    Optional<String> difference = tree.difference(config);
    if (difference.isPresent()) {
      return Optional.of(new Assessment.ClusterDiffers(difference.get(), tree.beating()));
    }
    if (tree.localNodes() != 1) {
      return Optional.of(new Assessment.NoLocalNode(tree.localNodes()));
    }
    Optional<ClusterTimeout> timeout = tree.differing(config.fileSystem());
    if (timeout.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        tree.beating()
            ? new Assessment.ClusterDiffers(timeout.get().path(), true)
            : new Assessment.TimeoutsDiffer(timeout.get()));
  }

  private Assessment mounted(Assessment otherwise) {
    Optional<Observation.Mounted> mounted = seen.mounted().found();
    if (mounted.isEmpty()) {
      return unreadable("/proc/mounts", seen.mounted());
    }
    return switch (mounted.get()) {
      case Observation.Mounted.Here(boolean writable) ->
          writable ? served(otherwise) : new Assessment.ReadOnly();
      case Observation.Mounted.Elsewhere(String target) ->
          new Assessment.MountedElsewhere("the device at " + target);
      case Observation.Mounted.Covered(String source) ->
          new Assessment.MountedElsewhere(source + " at " + config.fileSystem().mountPoint());
      case Observation.Mounted.Nowhere() -> unmounted();
    };
  }

  private Assessment served(Assessment otherwise) {
    boolean told = otherwise instanceof Assessment.Degraded || seen.kernelDiffers().isEmpty();
    return told ? otherwise : new Assessment.KernelDiffers(seen.kernelDiffers());
  }

  private Assessment unmounted() {
    Optional<Content> content = seen.content().found();
    if (content.isEmpty()) {
      return unreadable(config.device(), seen.content());
    }
    return switch (content.get()) {
      case Content.Blank() -> blank();
      case Content.Ocfs2(String label) when label.equals(config.fileSystem().label()) ->
          new Assessment.NotMounted();
      case Content.Ocfs2 _, Content.DrbdMetadata _, Content.Other _ ->
          new Assessment.ForeignFileSystem(content.get());
    };
  }

  /** Only who began the first sync knows that nothing is lost by a new file system. */
  private Assessment blank() {
    boolean ours = config.elects(self);
    boolean expected = ours ? seen.past() == Past.FIRST_SYNC : seen.past() != Past.SERVED;
    return expected
        ? new Assessment.NoFileSystem(ours)
        : new Assessment.FileSystemGone(seen.past());
  }

  private static Assessment unreadable(String what, Seen<?> seen) {
    return seen instanceof Seen.Skipped
        ? new Assessment.NotLookedAt(what)
        : new Assessment.Unreadable(what + ": " + seen.missing());
  }
}
