package dev.replicator.cli.daemon;

import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.port.Chronicle;
import dev.replicator.port.PeerLink;
import dev.replicator.runtime.ReplicatedRoot;
import java.nio.file.Path;
import java.util.SortedMap;

/** Opens roots: journal, vault, tree and watcher put together. */
public interface RootFactory {
  /**
   * What a root needs besides its own configuration.
   *
   * @param state a directory of its own, which exists, for journal, vault and staging
   * @param peers names of all peers that this node trusts
   * @param initial what shows when two trees meet, for a journal that is new
   * @param observing for a dry run: nothing is changed, here or elsewhere
   * @param serving whether it lasts, and is not only there for one command
   * @param chronicle told of what happens to the root
   */
  record Setting(
      NodeId self,
      Path state,
      SortedMap<NodeId, String> peers,
      Initial initial,
      boolean observing,
      boolean serving,
      Chronicle chronicle) {}

  /**
   * Opens a root without starting it. The caller owns it and stops it.
   *
   * @throws Failure with {@code REFUSED} when the journal is of another format, corrupt, or held by
   *     another process
   */
  ReplicatedRoot open(RootConfig config, PeerLink link, Setting setting) throws Failure;
}
