package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import java.util.SplittableRandom;

/** How the watcher of a node tells what users do: once, or now and then twice. */
interface Hints {
  Hints ONCE = SimulatedNode::watched;

  void tell(SimulatedNode node, Event event);

  /**
   * Some are told again: at once, or up to four seconds later, when what they tell of may be gone.
   */
  static Hints twice(SimulatedCluster cluster, SplittableRandom random) {
    return (node, event) -> {
      node.watched(event);
      if (random.nextInt(3) > 0 || !node.isUp()) {
        return;
      }
      int life = node.life();
      long later = random.nextBoolean() ? 0 : random.nextLong(4_000);
      cluster.schedule(
          later,
          () -> {
            if (node.life() == life) {
              cluster.struck(Knob.REPEATED_EVENTS);
              node.watched(event);
            }
          });
    };
  }
}
