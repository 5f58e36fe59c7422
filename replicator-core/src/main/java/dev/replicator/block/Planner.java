package dev.replicator.block;

import java.util.Optional;

/**
 * Decides what comes next for one node: pure, and with no memory but the goal.
 *
 * <p>Nothing that loses data is decided without a word of the operator: a disk that is not blank
 * needs its name in the permits, and a split brain its victim. {@code adjust} is only decided while
 * the kernel has no such resource, so never on StandAlone, where it would connect.
 */
final class Planner {
  private final BlockConfig config;
  private final String self;
  private final Goal goal;
  private final Permits permits;
  private final Observation seen;
  private final Assessment assessment;

  private Planner(BlockConfig config, String self, Goal goal, Permits permits, Observation seen) {
    this.config = config;
    this.self = self;
    this.goal = goal;
    this.permits = permits;
    this.seen = seen;
    this.assessment = Assessor.assess(config, self, seen);
  }

  static Decision decide(
      BlockConfig config, String self, Goal goal, Permits permits, Observation seen) {
    Planner planner = new Planner(config, self, goal, permits, seen);
    return switch (goal) {
      case Goal.Up() -> planner.up();
      case Goal.Down(boolean alone) -> planner.down(alone);
      case Goal.Verified verified -> planner.verified(verified);
      case Goal.Resolved(String victim) -> planner.resolved(victim.equals(self));
    };
  }

  /** The goal after a step that it has to remember, which was decided by {@code seen}. */
  static Goal after(Goal goal, Step step, Observation seen) {
    return goal instanceof Goal.Verified && step instanceof Step.BeginVerify
        ? new Goal.Verified(true, seen.lastVerify())
        : goal;
  }

  private Decision up() {
    return switch (assessment) {
      case Assessment.Basis basis -> begin(basis);
      case Assessment.Link link -> connect(link);
      case Assessment.Service service -> serve(service);
    };
  }

  private Decision begin(Assessment.Basis basis) {
    return switch (basis) {
      case Assessment.NoModule() -> act(new Step.LoadModule("drbd"));
      case Assessment.FilesOutdated(var paths) -> act(new Step.WriteFile(paths.getFirst()));
      case Assessment.ForeignFiles(var paths) ->
          paths.stream()
              .filter(path -> !permits.takeOver().contains(path))
              .findFirst()
              .map(_ -> ask())
              .orElseGet(() -> act(new Step.WriteFile(paths.getFirst())));
      case Assessment.NoMetadata _ -> act(new Step.CreateMetadata());
      case Assessment.DiskBlank(String disk) ->
          permits.destroy().contains(disk) ? act(new Step.CreateMetadata()) : ask();
      case Assessment.DiskOccupied(String disk, Content _) ->
          permits.destroy().contains(disk) ? act(new Step.EraseSignatures()) : ask();
      case Assessment.Down() -> act(new Step.Adjust());
      case Assessment.HalfUp() -> act(new Step.TakeDown());
      case Assessment.Unreadable _,
          Assessment.NotLookedAt _,
          Assessment.Unsupported _,
          Assessment.Misread _,
          Assessment.DiskMissing _,
          Assessment.DiskInUse _ ->
          ask();
    };
  }

  private Decision connect(Assessment.Link link) {
    return switch (link) {
      case Assessment.Settling _ -> new Decision.Await(Waiting.SETTLING);
      case Assessment.Frozen _ -> new Decision.Await(Waiting.FENCING);
      case Assessment.PeerAway _ -> new Decision.Await(Waiting.PEER);
      case Assessment.NeverSynced(boolean ours) ->
          ours ? firstSync() : new Decision.Await(Waiting.FIRST_SYNC);
      case Assessment.Syncing _ -> new Decision.Await(Waiting.SYNC);
      case Assessment.Verifying _ -> new Decision.Await(Waiting.VERIFY);
      case Assessment.NotPrimary() -> act(new Step.Promote());
      case Assessment.Diskless _,
          Assessment.SplitBrain _,
          Assessment.UnrelatedData _,
          Assessment.StandAlone _,
          Assessment.BothInconsistent _,
          Assessment.SyncPaused _,
          Assessment.OutOfSync _,
          Assessment.Unexpected _ ->
          ask();
    };
  }

  /** Two new disks where there was a site before are an accident, or somebody said so. */
  private Decision firstSync() {
    return seen.past() != Past.SERVED || permits.destroy().contains(disk())
        ? act(new Step.BeginFirstSync())
        : new Decision.AskPerson(
            "both disks are new, and this node served from another one before: are they the right"
                + " ones? If nothing of it is needed, --yes-destroy "
                + disk()
                + " begins anew");
  }

  private Decision serve(Assessment.Service service) {
    return switch (service) {
      case Assessment.StackMissing(Observation.Stack stack) -> act(missing(stack));
      case Assessment.ClusterOffline() -> act(new Step.RegisterCluster());
      case Assessment.ClusterDiffers(String _, boolean beating) ->
          beating ? ask() : act(new Step.UnregisterCluster());
      case Assessment.TimeoutsDiffer(ClusterTimeout first) -> act(new Step.SetTimeout(first));
      case Assessment.NoFileSystem(boolean ours) ->
          ours ? act(new Step.MakeFileSystem(false)) : new Decision.Await(Waiting.FILE_SYSTEM);
      case Assessment.ForeignFileSystem _ ->
          config.elects(self) && permits.destroy().contains(disk())
              ? act(new Step.MakeFileSystem(true))
              : ask();
      case Assessment.FileSystemGone _ -> {
        if (!permits.destroy().contains(disk())) {
          yield ask();
        }
        yield config.elects(self)
            ? act(new Step.MakeFileSystem(false))
            : new Decision.Await(Waiting.FILE_SYSTEM);
      }
      case Assessment.NotMounted() -> act(new Step.Mount());
      case Assessment.Degraded _,
          Assessment.PeerNotPrimary _,
          Assessment.KernelDiffers _,
          Assessment.Healthy _ ->
          new Decision.Done(assessment.reason());
      case Assessment.NoLocalNode _, Assessment.MountedElsewhere _, Assessment.ReadOnly _ -> ask();
    };
  }

  private static Step missing(Observation.Stack stack) {
    if (!stack.modules()) {
      return new Step.LoadModule("ocfs2_stack_o2cb");
    }
    return stack.configfs()
        ? new Step.MountKernel("ocfs2_dlmfs", "/dlm")
        : new Step.MountKernel("configfs", "/sys/kernel/config");
  }

  /** Unmount, unregister, secondary on both, and only then down. */
  private Decision down(boolean alone) {
    if (seen.module().found().orElse(new Observation.Module.Absent())
        instanceof Observation.Module.Absent) {
      return seen.module() instanceof Seen.Known ? new Decision.Done("DRBD is down") : ask();
    }
    if (assessment instanceof Assessment.Frozen) {
      return new Decision.Await(Waiting.FENCING);
    }
    Optional<Decision> released = release();
    if (released.isPresent()) {
      return released.get();
    }
    if (seen.drbd() instanceof Seen.Failed) {
      return ask();
    }
    if (seen.resource().isEmpty()) {
      return new Decision.Done("DRBD is down");
    }
    Drbd state = seen.resource().get();
    return state.peerRole() == Role.PRIMARY && state.connected() && !alone
        ? new Decision.Await(Waiting.PEER_SECONDARY)
        : act(new Step.TakeDown());
  }

  /** What must be let go before the device; empty when it is a secondary that nobody uses. */
  private Optional<Decision> release() {
    if (!(seen.mounted() instanceof Seen.Known<Observation.Mounted>(var mounted))) {
      return Optional.of(ask());
    }
    switch (mounted) {
      case Observation.Mounted.Here _ -> {
        return Optional.of(act(new Step.Unmount()));
      }
      case Observation.Mounted.Elsewhere(String target) -> {
        return Optional.of(
            new Decision.AskPerson(config.device() + " is mounted at " + target + ": unmount it"));
      }
      case Observation.Mounted.Covered _, Observation.Mounted.Nowhere _ -> {}
    }
    Optional<ClusterTree> cluster = seen.stack().found().flatMap(Observation.Stack::cluster);
    if (goal instanceof Goal.Down && cluster.isPresent() && !cluster.get().beating()) {
      return Optional.of(act(new Step.UnregisterCluster()));
    }
    return seen.resource().isPresent() && seen.resource().get().role() == Role.PRIMARY
        ? Optional.of(act(new Step.Demote()))
        : Optional.empty();
  }

  private Decision verified(Goal.Verified verified) {
    return switch (assessment) {
      case Assessment.Verifying _ -> new Decision.Await(Waiting.VERIFY);
      case Assessment.Settling _ -> new Decision.Await(Waiting.SETTLING);
      case Assessment.Basis _ -> ask();
      case Assessment.OutOfSync _ -> verified.begun() ? ask() : act(new Step.BeginVerify());
      case Assessment.NotPrimary _ -> verify(verified);
      case Assessment.Degraded _ -> ask();
      case Assessment.Service _ -> verify(verified);
      case Assessment.Link _ -> ask();
    };
  }

  /** That none goes on any more does not say that one came to its end. */
  private Decision verify(Goal.Verified verified) {
    if (!verified.begun()) {
      return act(new Step.BeginVerify());
    }
    return !seen.lastVerify().isEmpty() && !seen.lastVerify().equals(verified.before())
        ? new Decision.Done("both disks hold the same")
        : new Decision.AskPerson(
            "the kernel tells of no verify that came to its end: run `replicator block verify`"
                + " again");
  }

  /*
   * The victim lets go of the device, becomes secondary and connects, giving up what it wrote; the
   * survivor only connects. Whatever came of it, up goes on from there.
   */
  private Decision resolved(boolean victim) {
    if (!apart()) {
      return up();
    }
    if (!victim && assessment instanceof Assessment.OutOfSync) {
      return new Decision.Await(Waiting.VICTIM);
    }
    if (!victim) {
      return assessment instanceof Assessment.SplitBrain
              || assessment instanceof Assessment.StandAlone
          ? act(new Step.Connect())
          : up();
    }
    Optional<Decision> released = release();
    if (released.isPresent()) {
      return released.get();
    }
    return seen.resource().map(Drbd::connection).orElse(Connection.CONNECTED)
            == Connection.STAND_ALONE
        ? act(new Step.ConnectDiscarding())
        : act(new Step.Disconnect());
  }

  /** Whether the two sides hold different data, as far as this one knows. */
  private boolean apart() {
    return switch (assessment) {
      case Assessment.SplitBrain _, Assessment.OutOfSync _ -> true;
      case Assessment.StandAlone(Drbd _, KernelLog.Cause cause) -> cause == KernelLog.Cause.NONE;
      // A primary whose peer is away went on alone; it may not know of a split brain yet. Until it
      // is secondary it must not be mounted again.
      case Assessment.Service _ ->
          seen.resource().map(Drbd::connection).orElse(Connection.CONNECTED)
              == Connection.CONNECTING;
      case Assessment.Basis _, Assessment.Link _ -> false;
    };
  }

  private String disk() {
    return config.node(self).orElseThrow().disk();
  }

  private Decision ask() {
    return new Decision.AskPerson(assessment.reason());
  }

  private static Decision act(Step step) {
    return new Decision.Act(step);
  }
}
