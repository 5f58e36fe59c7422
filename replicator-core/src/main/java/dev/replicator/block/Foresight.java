package dev.replicator.block;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What is expected to be seen after a step that succeeds, or after a wait that ends well, with a
 * peer that does its part. {@code block plan} prints the way ahead from it, and a property test
 * walks it from every state; the runner never believes it, but looks again.
 */
final class Foresight {
  private static final Drbd FRESH =
      new Drbd(
          Role.SECONDARY,
          false,
          DiskState.UP_TO_DATE,
          Connection.CONNECTING,
          Role.UNKNOWN,
          Replication.OFF,
          DiskState.UNKNOWN,
          OptionalLong.of(0));

  private final BlockConfig config;

  Foresight(BlockConfig config) {
    this.config = config;
  }

  Observation after(Observation seen, Step step) {
    return switch (step) {
      case Step.WriteFile(String path) -> withFiles(seen, path);
      case Step.LoadModule(String name) ->
          name.equals("drbd")
              ? loaded(seen)
              : withStack(
                  seen, true, stack(seen).configfs(), stack(seen).dlmfs(), stack(seen).cluster());
      case Step.MountKernel(String type, String _) ->
          type.equals("configfs")
              ? withStack(seen, true, true, stack(seen).dlmfs(), stack(seen).cluster())
              : withStack(seen, true, stack(seen).configfs(), true, stack(seen).cluster());
      case Step.EraseSignatures() -> withBacking(seen, false, new Content.Blank());
      case Step.CreateMetadata() ->
          withGeneration(
              withBacking(seen, true, new Content.DrbdMetadata()),
              new GenerationIds(4, 0, List.of()));
      case Step.Adjust() ->
          withConfigured(withDrbd(seen, Optional.of(FRESH.withDisk(ownDisk(seen)))));
      case Step.TakeDown() ->
          withBacking(withDrbd(seen, Optional.empty()), true, new Content.DrbdMetadata());
      case Step.Connect(), Step.ConnectDiscarding() ->
          withLink(seen, Connection.CONNECTING, Role.UNKNOWN, Replication.OFF, DiskState.UNKNOWN);
      case Step.Disconnect() ->
          withLink(seen, Connection.STAND_ALONE, Role.UNKNOWN, Replication.OFF, DiskState.UNKNOWN);
      case Step.Promote() -> withRole(seen, Role.PRIMARY);
      case Step.BeginFirstSync() ->
          withRole(
              withDrbd(
                  withPast(seen, Past.FIRST_SYNC),
                  seen.resource()
                      .map(drbd ->
                          drbd.withDisk(DiskState.UP_TO_DATE)
                              .withReplication(Replication.SYNC_SOURCE))),
              Role.PRIMARY);
      case Step.Demote() -> withRole(seen, Role.SECONDARY);
      case Step.BeginVerify() ->
          withDrbd(
              seen, seen.resource().map(drbd -> drbd.withReplication(Replication.VERIFY_SOURCE)));
      case Step.RegisterCluster() -> withCluster(seen, Optional.of(registered()));
      case Step.UnregisterCluster() -> withCluster(seen, Optional.empty());
      case Step.SetTimeout(ClusterTimeout timeout) -> withCluster(seen, withTimeout(seen, timeout));
      case Step.MakeFileSystem _ ->
          withContent(seen, new Content.Ocfs2(config.fileSystem().label()));
      case Step.Mount() -> withMounted(seen, new Observation.Mounted.Here(true));
      case Step.Unmount() -> withMounted(seen, new Observation.Mounted.Nowhere());
    };
  }

  Observation after(Observation seen, Waiting waiting) {
    Optional<Drbd> drbd = seen.resource();
    return switch (waiting) {
      case SETTLING ->
          withDrbd(
              seen,
              drbd.map(one ->
                  (one.disk() == DiskState.ATTACHING
                              || one.disk() == DiskState.NEGOTIATING
                              || one.disk() == DiskState.DETACHING
                          ? one.withDisk(ownDisk(seen))
                          : one)
                      .withLink(
                          Connection.CONNECTING,
                          Role.UNKNOWN,
                          Replication.OFF,
                          DiskState.UNKNOWN)));
      case PEER -> withDrbd(seen, drbd.map(Foresight::met));
      case FENCING -> withDrbd(seen, drbd.map(Drbd::thawed));
      case FIRST_SYNC ->
          withDrbd(
              seen,
              drbd.map(one ->
                  one.withLink(
                      Connection.CONNECTED,
                      Role.PRIMARY,
                      Replication.SYNC_TARGET,
                      DiskState.UP_TO_DATE)));
      case SYNC, VICTIM -> withDrbd(seen, drbd.map(Foresight::inStep));
      case VERIFY ->
          withVerified(
              withDrbd(seen, drbd.map(one -> one.withReplication(Replication.ESTABLISHED))));
      case FILE_SYSTEM -> withContent(seen, new Content.Ocfs2(config.fileSystem().label()));
      case PEER_SECONDARY ->
          withDrbd(
              seen,
              drbd.map(one ->
                  one.withLink(
                      one.connection(), Role.SECONDARY, one.replication(), one.peerDisk())));
    };
  }

  /** A peer with as good a disk as ours, or with a better one that ours is synced from. */
  private static Drbd met(Drbd one) {
    return switch (one.disk()) {
      case UP_TO_DATE ->
          one.withLink(
                  Connection.CONNECTED,
                  one.role() == Role.PRIMARY ? Role.SECONDARY : Role.PRIMARY,
                  Replication.ESTABLISHED,
                  DiskState.UP_TO_DATE)
              .withOutOfSync(0);
      case INCONSISTENT ->
          one.withLink(
              Connection.CONNECTED,
              Role.SECONDARY,
              Replication.ESTABLISHED,
              DiskState.INCONSISTENT);
      case DISKLESS, ATTACHING, DETACHING, FAILED, NEGOTIATING, OUTDATED, UNKNOWN, CONSISTENT ->
          one.withLink(
              Connection.CONNECTED, Role.PRIMARY, Replication.SYNC_TARGET, DiskState.UP_TO_DATE);
    };
  }

  private static Drbd inStep(Drbd one) {
    return one.withDisk(DiskState.UP_TO_DATE)
        .withLink(
            Connection.CONNECTED, one.peerRole(), Replication.ESTABLISHED, DiskState.UP_TO_DATE)
        .withOutOfSync(0);
  }

  private static DiskState ownDisk(Observation seen) {
    return seen.generation().found().map(GenerationIds::justCreated).orElse(false)
        ? DiskState.INCONSISTENT
        : DiskState.UP_TO_DATE;
  }

  private ClusterTree registered() {
    Map<String, String> values = new TreeMap<>();
    for (BlockNode node : config.nodes()) {
      values.put("node/" + node.name() + "/num", Integer.toString(node.number()));
      values.put("node/" + node.name() + "/ipv4_address", node.cluster().address());
      values.put("node/" + node.name() + "/ipv4_port", Integer.toString(node.cluster().port()));
    }
    values.put("node/" + config.nodes().getFirst().name() + "/local", "1");
    values.put(
        ClusterTimeout.DEAD.path(), Integer.toString(ClusterFileSystem.DEAD_THRESHOLD_DEFAULT));
    values.put(ClusterTimeout.IDLE.path(), Integer.toString(ClusterFileSystem.IDLE_MILLIS_DEFAULT));
    return new ClusterTree(values);
  }

  private Optional<ClusterTree> withTimeout(Observation seen, ClusterTimeout timeout) {
    return stack(seen)
        .cluster()
        .map(tree -> {
          Map<String, String> values = new LinkedHashMap<>(tree.values());
          values.put(timeout.path(), Integer.toString(timeout.value(config.fileSystem())));
          return new ClusterTree(values);
        });
  }

  private static Observation.Stack stack(Observation seen) {
    return seen.stack()
        .found()
        .orElse(new Observation.Stack(false, false, false, Optional.empty()));
  }

  private static Observation loaded(Observation seen) {
    return with(
        seen,
        now -> {
          now.module = Seen.known(new Observation.Module.Loaded("8.4", Generation.EIGHT));
          now.drbd = Seen.known(Optional.empty());
        });
  }

  private static Observation withFiles(Observation seen, String path) {
    return seen.files()
        .found()
        .map(files ->
            new Observation.Files(
                without(files.outdated(), path), without(files.foreign(), path), files.misread()))
        .map(files -> with(seen, now -> now.files = Seen.known(files)))
        .orElse(seen);
  }

  private static List<String> without(List<String> paths, String path) {
    List<String> rest = new ArrayList<>(paths);
    rest.remove(path);
    return rest;
  }

  private static Observation withDrbd(Observation seen, Optional<Drbd> drbd) {
    return with(
        seen,
        now -> {
          now.drbd = Seen.known(drbd);
          now.progress = Optional.empty();
          now.cause = KernelLog.Cause.NONE;
        });
  }

  private static Observation withRole(Observation seen, Role role) {
    return withDrbd(seen, seen.resource().map(drbd -> drbd.withRole(role)));
  }

  private static Observation withLink(
      Observation seen, Connection link, Role peer, Replication work, DiskState disk) {
    return withDrbd(seen, seen.resource().map(drbd -> drbd.withLink(link, peer, work, disk)));
  }

  private static Observation withBacking(Observation seen, boolean metadata, Content content) {
    Observation.Backing backing = new Observation.Backing(true, metadata, content, List.of());
    return with(seen, now -> now.backing = Seen.known(backing));
  }

  private static Observation withGeneration(Observation seen, GenerationIds generation) {
    return with(
        seen,
        now -> {
          now.generation = Seen.known(generation);
          now.content = Seen.known(new Content.Blank());
        });
  }

  private static Observation withStack(
      Observation seen,
      boolean modules,
      boolean configfs,
      boolean dlmfs,
      Optional<ClusterTree> cluster) {
    Observation.Stack stack = new Observation.Stack(modules, configfs, dlmfs, cluster);
    return with(seen, now -> now.stack = Seen.known(stack));
  }

  private static Observation withCluster(Observation seen, Optional<ClusterTree> cluster) {
    return withStack(seen, true, true, true, cluster);
  }

  private static Observation withContent(Observation seen, Content content) {
    return with(seen, now -> now.content = Seen.known(content));
  }

  private static Observation withMounted(Observation seen, Observation.Mounted mounted) {
    return with(seen, now -> now.mounted = Seen.known(mounted));
  }

  private static Observation withPast(Observation seen, Past past) {
    return with(seen, now -> now.past = past);
  }

  /** The kernel was told what is configured now. */
  private static Observation withConfigured(Observation seen) {
    return with(seen, now -> now.kernelDiffers = List.of());
  }

  private static Observation withVerified(Observation seen) {
    return with(seen, now -> now.lastVerify += "and one more");
  }

  private static Observation with(Observation seen, Consumer<Draft> change) {
    Draft draft = new Draft(seen);
    change.accept(draft);
    return draft.seen();
  }

  /** An observation of which some is to be another. */
  private static final class Draft {
    private Seen<Observation.Module> module;
    private Seen<Observation.Files> files;
    private Seen<Optional<Drbd>> drbd;
    private Optional<Progress> progress;
    private Seen<Observation.Backing> backing;
    private Seen<GenerationIds> generation;
    private KernelLog.Cause cause;
    private Seen<Observation.Stack> stack;
    private Seen<Content> content;
    private Seen<Observation.Mounted> mounted;
    private Past past;
    private String lastVerify;
    private List<String> kernelDiffers;

    Draft(Observation seen) {
      module = seen.module();
      files = seen.files();
      drbd = seen.drbd();
      progress = seen.progress();
      backing = seen.backing();
      generation = seen.generation();
      cause = seen.cause();
      stack = seen.stack();
      content = seen.content();
      mounted = seen.mounted();
      past = seen.past();
      lastVerify = seen.lastVerify();
      kernelDiffers = seen.kernelDiffers();
    }

    Observation seen() {
      return new Observation(
          module,
          files,
          drbd,
          progress,
          backing,
          generation,
          cause,
          stack,
          content,
          mounted,
          past,
          lastVerify,
          kernelDiffers);
    }
  }
}
