package dev.replicator.cli.daemon;

import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.IdentityException;
import dev.replicator.net.identity.NodeKey;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Who this node is: the key in its state directory, drawn when there is none. */
public final class NodeIdentity {
  private NodeIdentity() {}

  public static NodeId of(StateDirectory state) throws Failure {
    return key(state).node();
  }

  static NodeKey key(StateDirectory state) throws Failure {
    refuseToBeAnother(state);
    try {
      return NodeKey.loadOrCreate(state.path());
    } catch (IdentityException unusable) {
      throw new Failure(ExitCode.REFUSED, String.valueOf(unusable.getMessage()), unusable);
    }
  }

  /**
   * A certificate without its key is what a first start leaves that was cut short, but not where
   * somebody knows this node already: a key that was drawn anew would make a stranger of it.
   */
  private static void refuseToBeAnother(StateDirectory state) throws Failure {
    Path key = state.path().resolve(NodeKey.KEY_FILE);
    Path certificate = state.path().resolve(NodeKey.CERTIFICATE_FILE);
    if (Files.exists(key, LinkOption.NOFOLLOW_LINKS)
        || !Files.exists(certificate)
        || !state.hasServed()) {
      return;
    }
    throw new Failure(
        ExitCode.REFUSED,
        key
            + " is missing, by which the peers know this node: put it back from a backup. To begin"
            + " anew with another key, remove "
            + certificate
            + " too, `replicator peer remove` this node on its peers, and pair it again");
  }
}
