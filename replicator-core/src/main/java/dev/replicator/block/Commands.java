package dev.replicator.block;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The argument lists and deadlines of steps: absolute programs, no shell, no input. */
final class Commands {
  static final String DRBDADM = "/usr/sbin/drbdadm";
  static final String DRBDSETUP = "/usr/sbin/drbdsetup";
  static final String CONFIGFS = "/sys/kernel/config";
  private static final String MKFS = "/usr/sbin/mkfs.ocfs2";
  private static final String O2CB = "/usr/sbin/o2cb";

  private final BlockConfig config;
  private final String disk;

  Commands(BlockConfig config, String self) {
    this.config = config;
    this.disk = config.node(self).orElseThrow().disk();
  }

  /** Empty for a step that only writes a file. */
  Optional<List<String>> of(Step step) {
    String resource = config.resource();
    ClusterFileSystem fileSystem = config.fileSystem();
    return switch (step) {
      case Step.WriteFile _, Step.SetTimeout _ -> Optional.empty();
      case Step.LoadModule(String name) -> command("/usr/sbin/modprobe", "--", name);
      case Step.MountKernel(String type, String target) ->
          command("/usr/bin/mount", "--mkdir", "-t", type, type, target);
      case Step.EraseSignatures() -> command("/usr/sbin/wipefs", "--all", disk);
      case Step.CreateMetadata() -> command(DRBDADM, "create-md", resource);
      case Step.Adjust() -> command(DRBDADM, "adjust", resource);
      case Step.TakeDown() -> command(DRBDSETUP, "down", resource);
      case Step.Connect() -> command(DRBDADM, "connect", resource);
      case Step.ConnectDiscarding() -> command(DRBDADM, "connect", "--discard-my-data", resource);
      case Step.Disconnect() -> command(DRBDADM, "disconnect", resource);
      case Step.Promote() -> command(DRBDADM, "primary", resource);
      case Step.BeginFirstSync() -> command(DRBDADM, "primary", "--force", resource);
      case Step.Demote() -> command(DRBDADM, "secondary", resource);
      case Step.BeginVerify() -> command(DRBDADM, "verify", resource);
      case Step.RegisterCluster() -> command(O2CB, "register-cluster", fileSystem.cluster());
      case Step.UnregisterCluster() -> command(O2CB, "unregister-cluster", fileSystem.cluster());
      case Step.MakeFileSystem(boolean over) -> Optional.of(makeFileSystem(over));
      case Step.Mount() ->
          command(
              "/usr/bin/mount",
              "-t",
              "ocfs2",
              "-o",
              fileSystem.options().isEmpty() ? "rw" : String.join(",", fileSystem.options()),
              config.device(),
              fileSystem.mountPoint());
      case Step.Unmount() -> command("/usr/bin/umount", fileSystem.mountPoint());
    };
  }

  /** Without the names of stack and cluster it would mount under any (transcript 51). */
  private List<String> makeFileSystem(boolean over) {
    List<String> words = new ArrayList<>(List.of(MKFS));
    if (over) {
      words.add("-x");
    }
    words.addAll(List.of("-b", "4K", "-C", "4K"));
    words.addAll(List.of("-N", Integer.toString(config.fileSystem().slots())));
    words.addAll(List.of("-L", config.fileSystem().label()));
    words.add("--cluster-stack=o2cb");
    words.add("--cluster-name=" + config.fileSystem().cluster());
    words.add(config.device());
    return words;
  }

  /** After which a tool is killed, and its hanging told. */
  static Duration deadline(Step step) {
    return Duration.ofSeconds(
        switch (step) {
          case Step.MakeFileSystem _ -> 900;
          case Step.Mount _, Step.Unmount _ -> 180;
          case Step.CreateMetadata _ -> 300;
          case Step.WriteFile _,
              Step.LoadModule _,
              Step.MountKernel _,
              Step.EraseSignatures _,
              Step.Adjust _,
              Step.TakeDown _,
              Step.Connect _,
              Step.ConnectDiscarding _,
              Step.Disconnect _,
              Step.Promote _,
              Step.BeginFirstSync _,
              Step.Demote _,
              Step.BeginVerify _,
              Step.RegisterCluster _,
              Step.UnregisterCluster _,
              Step.SetTimeout _ ->
              60;
        });
  }

  /** As a person would type it. */
  String text(Step step) {
    if (step instanceof Step.SetTimeout(ClusterTimeout timeout)) {
      return "write " + timeout.value(config.fileSystem()) + " to " + path(timeout);
    }
    return of(step)
        .map(words -> String.join(" ", words))
        .orElseGet(() -> step instanceof Step.WriteFile(String path) ? "write " + path : "");
  }

  String clusterDirectory() {
    return CONFIGFS + "/cluster/" + config.fileSystem().cluster();
  }

  String path(ClusterTimeout timeout) {
    return clusterDirectory() + "/" + timeout.path();
  }

  private static Optional<List<String>> command(String... words) {
    return Optional.of(List.of(words));
  }
}
