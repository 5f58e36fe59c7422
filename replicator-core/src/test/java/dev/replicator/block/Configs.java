package dev.replicator.block;

import java.time.Duration;
import java.util.List;

/** The configuration of the recorded lab, and what differs from it. */
final class Configs {
  static final Secret SECRET = new Secret("FooFunFactory");
  static final Fencing.Handler HANDLER =
      new Fencing.Handler(
          "/usr/lib/replicator/fence-peer",
          "/var/lib/replicator/control.sock",
          Duration.ofSeconds(20));
  static final Fencing.Preferred FENCED = new Fencing.Preferred("web1", HANDLER);
  static final Fencing.Arbitrated ARBITRATED = new Fencing.Arbitrated("web3", HANDLER);

  private Configs() {}

  static BlockConfig lab() {
    return with(FENCED);
  }

  static BlockConfig with(Fencing fencing) {
    return with(nodes(), fencing, fileSystem(31, 30_000));
  }

  static BlockConfig with(List<BlockNode> nodes, Fencing fencing, ClusterFileSystem fileSystem) {
    return new BlockConfig(
        "r0",
        0,
        nodes,
        "/etc/replicator/r0.secret",
        new DrbdTuning(Keyword.Algorithm.SHA1, Keyword.Algorithm.SHA1, 8 * 1_024, 10),
        Keyword.NoPrimary.DISCARD_ZERO_CHANGES,
        Keyword.OnePrimary.DISCONNECT,
        fencing,
        fileSystem);
  }

  static ClusterFileSystem fileSystem(int deadThreshold, int idleMillis) {
    return new ClusterFileSystem(
        "fsync", "fsync", 2, "/mnt/ocfs2", List.of("noatime"), deadThreshold, idleMillis);
  }

  static List<BlockNode> nodes() {
    return List.of(node("web1", 1), node("web2", 2));
  }

  static BlockNode node(String name, int number) {
    return new BlockNode(
        name,
        "/dev/vda",
        Endpoint.parse("10.66.0." + number + ":7788"),
        number,
        Endpoint.parse("10.66.0." + number + ":7777"));
  }
}
