package dev.replicator.block;

import dev.replicator.model.NodeId;

/** Nodes by number, in that order. */
final class Nodes {
  private static final int KEY_BYTES = 32;

  private Nodes() {}

  static NodeId of(int number) {
    byte[] key = new byte[KEY_BYTES];
    key[0] = (byte) number;
    return NodeId.of(key);
  }
}
