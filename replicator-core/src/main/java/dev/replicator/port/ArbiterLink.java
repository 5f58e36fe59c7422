package dev.replicator.port;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import java.time.Duration;

/** The way to nodes that decide for this one and another. */
public interface ArbiterLink {
  /**
   * Waits for the answer of {@code arbiter}, for at most {@code patience}: without one it is {@code
   * NOT_ABLE}, with the reason. A late answer is dropped.
   */
  FenceAnswer ask(NodeId arbiter, FenceRequest request, Duration patience);
}
