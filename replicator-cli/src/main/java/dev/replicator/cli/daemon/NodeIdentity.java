package dev.replicator.cli.daemon;

import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.IdentityException;
import dev.replicator.net.identity.NodeKey;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/*
 * A state directory without a key is one that was never set up, or one whose disk is not mounted:
 * nothing tells them apart. A daemon that drew a key there would be a stranger to all peers, serve
 * what it has, and call that well. So only who sets a node up draws one.
 */

/** Who this node is: the key in its state directory. */
public final class NodeIdentity {
  private NodeIdentity() {}

  /**
   * The identity that this node has.
   *
   * @throws Failure with {@code CONFIGURATION} where it has none
   */
  public static NodeId of(Configuration configuration, StateDirectory state) throws Failure {
    return key(configuration, state).node();
  }

  /** The same, drawn when there is none. */
  public static NodeId draw(StateDirectory state) throws Failure {
    return drawn(state).node();
  }

  static NodeKey key(Configuration configuration, StateDirectory state) throws Failure {
    refuseToBeAnother(state);
    // What DRBD keeps diverges from nothing, and its configuration is written by hand.
    boolean drawing = configuration.roots().stream().allMatch(root -> root.block().isPresent());
    if (!drawing && !hasKey(state)) {
      throw new Failure(
          ExitCode.CONFIGURATION,
          keyFile(state)
              + " is missing, so nobody knows this node: where "
              + configuration.node().state()
              + " is a file system of its own, mount it; a new node has its key drawn by"
              + " `replicator init`");
    }
    return drawn(state);
  }

  private static NodeKey drawn(StateDirectory state) throws Failure {
    refuseToBeAnother(state);
    try {
      return NodeKey.loadOrCreate(state.path());
    } catch (IdentityException unusable) {
      throw new Failure(ExitCode.REFUSED, String.valueOf(unusable.getMessage()), unusable);
    }
  }

  private static Path keyFile(StateDirectory state) {
    return state.path().resolve(NodeKey.KEY_FILE);
  }

  private static boolean hasKey(StateDirectory state) {
    return Files.exists(keyFile(state), LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * A certificate without its key is what a first start leaves that was cut short, but not where
   * somebody knows this node already: a key that was drawn anew would make a stranger of it.
   */
  private static void refuseToBeAnother(StateDirectory state) throws Failure {
    Path certificate = state.path().resolve(NodeKey.CERTIFICATE_FILE);
    if (hasKey(state) || !Files.exists(certificate) || !state.hasServed()) {
      return;
    }
    throw new Failure(
        ExitCode.REFUSED,
        keyFile(state)
            + " is missing, by which the peers know this node: put it back from a backup. To begin"
            + " anew with another key, remove "
            + certificate
            + " too, `replicator init`, `replicator peer remove` this node on its peers, and pair"
            + " it again");
  }
}
