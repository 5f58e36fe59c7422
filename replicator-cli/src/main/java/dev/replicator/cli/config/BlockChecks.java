package dev.replicator.cli.config;

import dev.replicator.block.BlockConfig;
import dev.replicator.block.BlockNode;
import dev.replicator.block.Fencing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** What must not be between the roots of DRBD of one node, and between them and the node. */
final class BlockChecks {
  private final List<RootReader.Draft> drafts;

  BlockChecks(List<RootReader.Draft> drafts) {
    this.drafts = drafts.stream().filter(draft -> draft.block().isPresent()).toList();
  }

  /**
   * @param socket where the daemon of this configuration is asked
   */
  void check(Path socket) {
    unlike("resource", config -> List.of(config.resource()));
    unlike("minor", config -> List.of(config.device()));
    unlike("disk", config -> each(config, BlockNode::disk));
    unlike("address", config -> each(config, BlockNode::address));
    for (RootReader.Draft draft : drafts) {
      if (!cluster(config(draft)).equals(cluster(config(drafts.getFirst())))) {
        tell(
            draft,
            "cluster",
            "a machine is in one cluster of OCFS2: name, nodes, numbers, addresses and timeouts"
                + " must be those of root "
                + drafts.getFirst().name());
      }
      config(draft)
          .fencing()
          .calls()
          .map(Fencing.Handler::socket)
          .filter(other -> !other.equals(socket.toString()))
          .ifPresent(other ->
              tell(
                  draft,
                  "fence_socket",
                  "the handler would ask at " + other + ", and the daemon answers at " + socket));
    }
  }

  /** What stands in its one file, and holds for all file systems of the machine. */
  private static List<Object> cluster(BlockConfig config) {
    List<Object> all = new ArrayList<>();
    config.nodes().forEach(node -> all.addAll(List.of(node.name(), node.number(), node.cluster())));
    all.add(config.fileSystem().cluster());
    all.add(config.fileSystem().deadThreshold());
    all.add(config.fileSystem().idleMillis());
    return all;
  }

  private static List<String> each(BlockConfig config, Function<BlockNode, Object> value) {
    return config.nodes().stream().map(node -> node.name() + " " + value.apply(node)).toList();
  }

  /** No two roots may share one of the values. */
  private void unlike(String key, Function<BlockConfig, List<String>> values) {
    TreeMap<String, String> owners = new TreeMap<>();
    for (RootReader.Draft draft : drafts) {
      for (String value : values.apply(config(draft))) {
        String owner = owners.putIfAbsent(value, draft.name());
        if (owner != null) {
          tell(draft, key, value + " is that of root " + owner + " already");
        }
      }
    }
  }

  private static BlockConfig config(RootReader.Draft draft) {
    return draft.block().orElseThrow();
  }

  private static void tell(RootReader.Draft draft, String key, String message) {
    draft
        .section()
        .table("drbd", "[root.drbd]")
        .orElse(draft.section())
        .error(key, key + ": " + message);
  }
}
