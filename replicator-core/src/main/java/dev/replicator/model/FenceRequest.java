package dev.replicator.model;

import java.util.regex.Pattern;

/**
 * What a node says to the arbiter of a pair, of which it is one itself. Who says it is never part
 * of it: the connection proves that.
 */
public sealed interface FenceRequest {
  /** DRBD's name of what the two share. */
  String resource();

  /** The other one of the pair. */
  NodeId other();

  /**
   * The link is cut: may the sender go on without the other one?
   *
   * @param generation of the data that the sender froze at
   */
  record Fence(String resource, NodeId other, long generation) implements FenceRequest {
    public Fence {
      checkResource(resource);
    }
  }

  /**
   * The sender sees both disks up to date, so that it would freeze if the link were cut.
   *
   * @param number the last grant that the sender had heard of before it looked
   */
  record Together(String resource, NodeId other, long generation, long number)
      implements FenceRequest {
    public Together {
      checkResource(resource);
    }
  }

  /**
   * The sender knows one of the two disks to be behind: nothing may be granted on what was said.
   */
  record Apart(String resource, NodeId other) implements FenceRequest {
    public Apart {
      checkResource(resource);
    }
  }

  /** Only asks what holds now. */
  record Look(String resource, NodeId other) implements FenceRequest {
    public Look {
      checkResource(resource);
    }
  }

  private static void checkResource(String text) {
    if (text.length() > Limits.FENCE_RESOURCE_CHARACTERS_MAX
        || !Pattern.matches("[A-Za-z0-9][A-Za-z0-9_-]*", text)) {
      throw new IllegalArgumentException("a name of a resource that cannot be");
    }
  }
}
