package dev.replicator.block;

import dev.replicator.port.Arbiter;
import java.util.List;

/** Grants the preferred survivor of a resource, and nobody else, to fence the other node. */
public final class SurvivorRule implements Arbiter {
  private final List<BlockConfig> configs;
  private final String self;

  /**
   * @param self the host name of the node that asks
   */
  public SurvivorRule(List<BlockConfig> configs, String self) {
    this.configs = List.copyOf(configs);
    this.self = self;
  }

  @Override
  public Verdict fence(String resource, String node) {
    return configs.stream()
        .filter(config -> config.resource().equals(resource))
        .filter(config -> config.node(node).isPresent() && !node.equals(self))
        .findFirst()
        .map(config ->
            switch (config.fencing()) {
              case Fencing.Off _ -> Verdict.REFUSED;
              case Fencing.Preferred preferred ->
                  preferred.survivor().equals(self) ? Verdict.GRANTED : Verdict.REFUSED;
            })
        .orElse(Verdict.REFUSED);
  }
}
