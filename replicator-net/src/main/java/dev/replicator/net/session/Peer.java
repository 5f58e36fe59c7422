package dev.replicator.net.session;

import dev.replicator.model.NodeId;

/**
 * Another node as this one knows it.
 *
 * @param address {@code host:port} as {@link Address} prints it, for it is shown and stored; empty
 *     when it is not known: then the peer has to dial
 */
public record Peer(String name, String address, NodeId node) {
  public Peer {
    if (name.length() > SessionLimits.NAME_CHARACTERS_MAX) {
      throw new IllegalArgumentException("a name of " + name.length() + " characters");
    }
    if (!address.isEmpty()) {
      Address parsed = Address.parse(address);
      if (parsed.isWildcard() || parsed.port() == 0) {
        throw new IllegalArgumentException("nobody can dial " + parsed);
      }
      address = parsed.toString();
    }
  }
}
