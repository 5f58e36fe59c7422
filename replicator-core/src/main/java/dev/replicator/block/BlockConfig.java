package dev.replicator.block;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One root that DRBD (protocol C, dual primary) and OCFS2 keep. Each value is checked where it is
 * made; {@link #problems} tells what is wrong between them.
 *
 * @param resource DRBD's name of it
 * @param minor of {@code /dev/drbdN}
 * @param nodes exactly two, in the order of their names, however they were listed: the first begins
 *     the first sync and makes the file system
 * @param secretFile readable by its owner alone
 */
public record BlockConfig(
    String resource,
    int minor,
    List<BlockNode> nodes,
    String secretFile,
    DrbdTuning tuning,
    Keyword.NoPrimary noPrimary,
    Keyword.OnePrimary onePrimary,
    Fencing fencing,
    ClusterFileSystem fileSystem) {
  /** Beats of o2hb that must be left after DRBD and the handler are done. */
  private static final int MARGIN_SECONDS = 4;

  public BlockConfig {
    Syntax.resource(resource);
    Syntax.path(secretFile);
    nodes = nodes.stream().sorted(Comparator.comparing(BlockNode::name)).toList();
    if (minor < 0 || minor > BlockLimits.MINOR_MAX) {
      throw new IllegalArgumentException("the minor must be from 0 to " + BlockLimits.MINOR_MAX);
    }
  }

  /** What must not be, between values that are right alone; empty when all is well. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    checkNodes(problems);
    checkFencing(problems);
    checkTimeouts(problems);
    if (fileSystem.slots() < nodes.size()) {
      problems.add("slots: every node that mounts needs one");
    }
    return List.copyOf(problems);
  }

  private void checkNodes(List<String> problems) {
    if (nodes.size() != BlockLimits.NODES) {
      problems.add("there must be exactly 2 nodes; DRBD 8.4 connects no more");
      return;
    }
    BlockNode first = nodes.getFirst();
    BlockNode second = nodes.getLast();
    if (first.name().equals(second.name())) {
      problems.add("both nodes have the name " + first.name());
    }
    if (first.address().address().equals(second.address().address())) {
      problems.add("both nodes have the address " + first.address().address());
    }
    if (first.number() == second.number()) {
      problems.add("both nodes have the cluster number " + first.number());
    }
    if (first.cluster().equals(second.cluster())) {
      problems.add("both nodes have the cluster address " + first.cluster());
    }
    for (BlockNode node : nodes) {
      if (node.address().equals(node.cluster())) {
        problems.add(node.name() + ": DRBD and o2net need ports of their own");
      }
    }
  }

  private void checkFencing(List<String> problems) {
    switch (fencing) {
      case Fencing.Off(boolean confirmed) -> {
        if (!confirmed) {
          problems.add(
              "two primaries without fencing are refused: any loss of the link, even with nothing"
                  + " written, is a split brain; configure fencing, or confirm_no_fencing = true");
        }
      }
      case Fencing.Preferred(String survivor, var _) -> {
        if (node(survivor).isEmpty()) {
          problems.add("the preferred survivor " + survivor + " is none of the nodes");
        }
      }
      case Fencing.Arbitrated(String arbiter, var _) -> {
        if (node(arbiter).isPresent()) {
          problems.add("the arbiter " + arbiter + " must not be one of the two nodes");
        }
      }
    }
  }

  private void checkTimeouts(List<String> problems) {
    int detection = tuning.detectionSecondsMax();
    int frozen = detection + (int) fenceSeconds() + MARGIN_SECONDS;
    if (fileSystem.deadSeconds() <= frozen) {
      problems.add(
          "dead_threshold: DRBD may block writes for "
              + (frozen - MARGIN_SECONDS)
              + " s (ping and fencing), and o2hb resets a node that is silent for "
              + fileSystem.deadSeconds()
              + " s; at least "
              + (frozen / 2 + 2)
              + " is needed");
    }
    if (fileSystem.idleMillis() <= detection * 1_000) {
      problems.add(
          "idle_timeout: must be longer than DRBD needs to notice a dead link, "
              + detection
              + " s");
    }
  }

  /** The same, whose fence handler asks at {@code socket}. */
  public BlockConfig asking(String socket) {
    return new BlockConfig(
        resource,
        minor,
        nodes,
        secretFile,
        tuning,
        noPrimary,
        onePrimary,
        fencing.asking(socket),
        fileSystem);
  }

  private long fenceSeconds() {
    return fencing.calls().map(handler -> handler.deadline().toSeconds()).orElse(0L);
  }

  /** {@code /dev/drbdN}. */
  public String device() {
    return "/dev/drbd" + minor;
  }

  public Optional<BlockNode> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** The other one of {@code name}. */
  public BlockNode peer(String name) {
    return nodes.stream().filter(node -> !node.name().equals(name)).findFirst().orElseThrow();
  }

  /** Whether {@code name} begins the first sync and makes the file system. */
  boolean elects(String name) {
    return nodes.getFirst().name().equals(name);
  }
}
