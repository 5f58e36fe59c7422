package dev.replicator.net.pairing;

import dev.replicator.model.Bytes;

/** Names an invitation without giving away its secret: 64 random bits. */
public record InvitationId(Bytes octets) {
  static final int LENGTH_BYTES = 8;

  public InvitationId {
    if (octets.length() != LENGTH_BYTES) {
      throw new IllegalArgumentException("an invitation id of " + octets.length() + " bytes");
    }
  }

  @Override
  public String toString() {
    return octets.toHex();
  }
}
