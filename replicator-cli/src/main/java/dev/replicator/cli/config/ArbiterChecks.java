package dev.replicator.cli.config;

import dev.replicator.block.BlockConfig;
import dev.replicator.block.BlockNode;
import dev.replicator.block.Fencing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Compares the names of arbiters with the peers that are known here. A node that is only about to
 * join knows nobody yet, and must start all the same: so a name that is missing is an error only
 * where the configuration is checked.
 */
final class ArbiterChecks {
  private final Findings findings;
  private final boolean strict;

  ArbiterChecks(Findings findings, boolean strict) {
    this.findings = findings;
    this.strict = strict;
  }

  void check(Configuration configuration, List<RootReader.Draft> drafts) {
    TreeSet<String> names = new TreeSet<>();
    configuration.peers().forEach(peer -> names.add(peer.name()));
    try {
      new PeerStore(configuration.node().state()).peers().forEach(peer -> names.add(peer.name()));
    } catch (IOException unreadable) {
      // Whoever starts with this state directory is told; here nothing can be compared.
      return;
    }
    for (RootReader.Draft draft : drafts) {
      Optional<BlockConfig> block = draft.block();
      if (block.isPresent()
          && block.get().fencing() instanceof Fencing.Arbitrated(String arbiter, var _)) {
        check(draft.section(), block.get(), arbiter, configuration.node().name(), names);
      }
    }
  }

  private void check(
      Section root, BlockConfig block, String arbiter, String self, TreeSet<String> names) {
    Section drbd = root.table("drbd", "[root.drbd]").orElse(root);
    if (arbiter.equals(self)) {
      drbd.error("fence_arbiter", "fence_arbiter: a node is no arbiter of its own");
    } else if (!names.contains(arbiter)) {
      tell(
          drbd,
          "fence_arbiter: no peer of this node is called \""
              + arbiter
              + "\""
              + NearestWord.of(arbiter, names)
                  .map(near -> "; did you mean \"" + near + "\"?")
                  .orElse("; pair with it first"));
    }
    List<String> pair = block.nodes().stream().map(BlockNode::name).toList();
    if (pair.stream().noneMatch(names::contains)) {
      tell(
          drbd,
          "fence_arbiter: an arbiter knows nodes by their keys, and no peer here is called "
              + String.join(" or ", pair)
              + "; pair with the other one under that name");
    }
  }

  private void tell(Section drbd, String message) {
    if (strict) {
      drbd.error("fence_arbiter", message);
    } else {
      drbd.note("fence_arbiter", message);
    }
  }
}
