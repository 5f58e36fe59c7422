package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.NodeId;
import dev.replicator.port.Arbiter;
import dev.replicator.port.ArbiterContract;
import dev.replicator.port.ArbiterLink;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A preferred survivor as an arbiter: it asks nobody. */
final class SurvivorContractTest extends ArbiterContract {
  private static final ArbiterLink NOBODY =
      (_, _, _) -> {
        throw new AssertionError("nobody is to be asked");
      };

  private static final FencingRule.Surroundings NOTHING =
      new FencingRule.Surroundings() {
        @Override
        public Optional<NodeId> peer(String name) {
          return Optional.empty();
        }

        @Override
        public Optional<Long> together(String resource) {
          return Optional.empty();
        }
      };

  private static Arbiter on(String self, Fencing fencing) {
    return new FencingRule(List.of(Configs.with(fencing)), self, NOTHING, NOBODY);
  }

  @Override
  protected Arbiter onFirst() {
    return on("web1", Configs.FENCED);
  }

  @Override
  protected Arbiter onSecond() {
    return on("web2", Configs.FENCED);
  }

  @Test
  void refusesWithoutFencing() {
    assertEquals(
        Arbiter.Verdict.REFUSED,
        on("web1", new Fencing.Off(true)).fence(new Arbiter.Cut("r0", "web2", GENERATION)));
  }

  @Test
  void staysUnreachableWhenThereIsNoPeerOfTheArbitersName() {
    assertEquals(
        Arbiter.Verdict.UNREACHABLE,
        on("web1", Configs.ARBITRATED).fence(new Arbiter.Cut("r0", "web2", GENERATION)));
    assertEquals(FenceAnswer.Verdict.NOT_ABLE, FenceAnswer.notAble("").verdict());
  }
}
