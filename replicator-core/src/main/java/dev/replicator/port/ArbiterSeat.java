package dev.replicator.port;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import java.util.function.Consumer;

/** Where this node decides for two others. */
public interface ArbiterSeat {
  /**
   * Answers once what was decided survives a power cut; returns at once.
   *
   * @param asker proven by its key
   */
  void asked(NodeId asker, FenceRequest request, Consumer<FenceAnswer> answer);
}
