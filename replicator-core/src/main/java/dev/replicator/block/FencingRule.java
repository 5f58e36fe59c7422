package dev.replicator.block;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.port.Arbiter;
import dev.replicator.port.ArbiterLink;
import java.util.List;
import java.util.Optional;

/** Answers DRBD's handler as the configuration of the resource says. */
public final class FencingRule implements Arbiter {
  /** What the rule knows of others. */
  public interface Surroundings {
    /** The peer of this name; empty when there is none. */
    Optional<NodeId> peer(String name);

    /**
     * The generation at which this daemon last saw both disks up to date, if nothing spoke against
     * it since.
     */
    Optional<Long> together(String resource);
  }

  private final List<BlockConfig> configs;
  private final String self;
  private final Surroundings surroundings;
  private final ArbiterLink link;

  /**
   * @param self the host name of the node that asks
   */
  public FencingRule(
      List<BlockConfig> configs, String self, Surroundings surroundings, ArbiterLink link) {
    this.configs = List.copyOf(configs);
    this.self = self;
    this.surroundings = surroundings;
    this.link = link;
  }

  @Override
  public Verdict fence(Cut cut) {
    return configs.stream()
        .filter(config -> config.resource().equals(cut.resource()))
        .filter(config -> config.node(cut.node()).isPresent() && !cut.node().equals(self))
        .filter(config -> config.node(self).isPresent())
        .findFirst()
        .map(config ->
            switch (config.fencing()) {
              case Fencing.Off _ -> Verdict.REFUSED;
              case Fencing.Preferred preferred -> preferred(preferred, cut);
              case Fencing.Arbitrated arbitrated -> ask(arbitrated, cut);
            })
        .orElse(Verdict.REFUSED);
  }

  /** Not with a disk that is behind: the other side may have gone on before. */
  private Verdict preferred(Fencing.Preferred preferred, Cut cut) {
    if (!preferred.survivor().equals(self)) {
      return Verdict.REFUSED;
    }
    return generation(cut.generation()).filter(GenerationIds::whole).isPresent()
        ? Verdict.GRANTED
        : Verdict.UNREACHABLE;
  }

  /**
   * A disk that is behind, or that this daemon has not seen together with the other one, is asked
   * for nowhere: the arbiter may have heard of it before it fell behind.
   */
  private Verdict ask(Fencing.Arbitrated arbitrated, Cut cut) {
    Optional<NodeId> arbiter = surroundings.peer(arbitrated.arbiter());
    Optional<NodeId> other = surroundings.peer(cut.node());
    Optional<Long> generation = together(cut);
    if (arbiter.isEmpty() || other.isEmpty() || generation.isEmpty()) {
      return Verdict.UNREACHABLE;
    }
    FenceAnswer answer =
        link.ask(
            arbiter.get(),
            new FenceRequest.Fence(cut.resource(), other.get(), generation.get()),
            arbitrated.patience());
    return switch (answer.verdict()) {
      case GRANTED -> Verdict.GRANTED;
      case REFUSED -> Verdict.REFUSED;
      case NOT_ABLE, NOTED -> Verdict.UNREACHABLE;
    };
  }

  /** The generation here, if both disks were last seen up to date at it. */
  private Optional<Long> together(Cut cut) {
    return generation(cut.generation())
        .filter(GenerationIds::whole)
        .map(GenerationIds::current)
        .filter(now -> surroundings.together(cut.resource()).filter(now::equals).isPresent());
  }

  private static Optional<GenerationIds> generation(String text) {
    try {
      return Optional.of(GenerationIds.parse(text));
    } catch (UnreadableException unknown) {
      return Optional.empty();
    }
  }
}
