package dev.replicator.cli.daemon;

import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.IdentityException;
import dev.replicator.net.identity.NodeKey;

/** Who this node is: the key in its state directory, drawn when there is none. */
public final class NodeIdentity {
  private NodeIdentity() {}

  public static NodeId of(StateDirectory state) throws Failure {
    return key(state).node();
  }

  static NodeKey key(StateDirectory state) throws Failure {
    try {
      return NodeKey.loadOrCreate(state.path());
    } catch (IdentityException unusable) {
      throw new Failure(ExitCode.REFUSED, String.valueOf(unusable.getMessage()), unusable);
    }
  }
}
