package dev.replicator.cli.daemon;

import dev.replicator.block.ArbiterReports;
import dev.replicator.block.BlockConfig;
import dev.replicator.block.BlockRoot;
import dev.replicator.block.DiskFiles;
import dev.replicator.block.FencingRule;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.host.ProcessFollower;
import dev.replicator.host.ProcessRunner;
import dev.replicator.port.Arbiter;
import dev.replicator.runtime.ReplicatedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Roots that DRBD and OCFS2 keep. */
public final class BlockRoots {
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private BlockRoots() {}

  /** Only a daemon that serves brings it up: who compares another root once, or tries, looks on. */
  static ReplicatedRoot open(String name, BlockConfig config, RootFactory.Setting setting)
      throws Failure {
    String self = self(name, config, host());
    return new BlockRoot(
        name,
        config,
        self,
        !setting.serving(),
        setting.state(),
        new ProcessRunner(),
        new ProcessFollower(),
        new DiskFiles(),
        setting.chronicle());
  }

  /** Which node of a root this host is: DRBD compares names as well. */
  public static String self(String root, BlockConfig config, String host) throws Failure {
    if (config.node(host).isEmpty()) {
      throw new Failure(
          ExitCode.CONFIGURATION,
          "root " + root + ": this host is " + host + ", and none of its [[root.drbd.node]]");
    }
    return host;
  }

  /** As {@code uname -n} prints it. */
  public static String host() throws Failure {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException failure) {
      throw new Failure(ExitCode.NOT_MET, "cannot tell the name of this host", failure);
    }
  }

  /** Keeps arbiters told of the roots here that have one. */
  static ArbiterReports reports(Configuration configuration, Network network) throws Failure {
    List<BlockConfig> configs = configs(configuration);
    String self = configs.isEmpty() ? "" : host();
    return new ArbiterReports(
        configs, self, network::named, network.arbiters(), new ProcessRunner());
  }

  static Arbiter arbiter(Configuration configuration, Network network, ArbiterReports reports) {
    return cut -> {
      try {
        return new FencingRule(configs(configuration), host(), reports, network.arbiters())
            .fence(cut);
      } catch (Failure unknown) {
        return Arbiter.Verdict.UNREACHABLE;
      }
    };
  }

  private static List<BlockConfig> configs(Configuration configuration) {
    return configuration.roots().stream().map(RootConfig::block).flatMap(Optional::stream).toList();
  }
}
