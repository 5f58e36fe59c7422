package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.port.Arbiter;
import dev.replicator.port.Arbiter.Cut;
import dev.replicator.port.Arbiter.Verdict;
import dev.replicator.port.ArbiterContract;
import dev.replicator.port.ArbiterLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A third node as an arbiter, asked without a network between. */
final class ArbitratedContractTest extends ArbiterContract {
  private static final Map<String, NodeId> NODES =
      Map.of("web1", Nodes.of(1), "web2", Nodes.of(2), "web3", Nodes.of(3));
  private static final long NUMBER = generation(GENERATION);

  private Arbitration arbitration = Arbitration.fresh(Nodes.of(3));
  private Optional<Long> seenTogether = Optional.of(NUMBER);
  private boolean reachable = true;

  private static long generation(String text) {
    try {
      return GenerationIds.parse(text).current();
    } catch (UnreadableException wrong) {
      throw new AssertionError(wrong);
    }
  }

  @BeforeEach
  void bothSayThatTheyAreTogether() {
    tell("web1", new FenceRequest.Together("r0", Nodes.of(2), NUMBER, 0));
    tell("web2", new FenceRequest.Together("r0", Nodes.of(1), NUMBER, 0));
  }

  private FenceAnswer tell(String asker, FenceRequest request) {
    Arbitration.Decided decided =
        arbitration.decide(Optional.ofNullable(NODES.get(asker)).orElseThrow(), request);
    arbitration = decided.next();
    return decided.answer();
  }

  private Arbiter on(String self) {
    FencingRule.Surroundings surroundings =
        new FencingRule.Surroundings() {
          @Override
          public Optional<NodeId> peer(String name) {
            return Optional.ofNullable(NODES.get(name));
          }

          @Override
          public Optional<Long> together(String resource) {
            return seenTogether;
          }
        };
    ArbiterLink link =
        (arbiter, request, _) ->
            reachable && arbiter.equals(Nodes.of(3))
                ? tell(self, request)
                : FenceAnswer.notAble("not connected");
    return new FencingRule(List.of(Configs.with(Configs.ARBITRATED)), self, surroundings, link);
  }

  @Override
  protected Arbiter onFirst() {
    return on("web1");
  }

  @Override
  protected Arbiter onSecond() {
    return on("web2");
  }

  @Test
  void grantsWhicheverAsksFirst() {
    assertEquals(Verdict.GRANTED, onSecond().fence(new Cut("r0", "web1", GENERATION)));
    assertEquals(Verdict.REFUSED, onFirst().fence(new Cut("r0", "web2", GENERATION)));
  }

  @Test
  void neverGrantsWithoutTheArbiter() {
    reachable = false;
    assertEquals(Verdict.UNREACHABLE, onFirst().fence(new Cut("r0", "web2", GENERATION)));
    assertEquals(Verdict.UNREACHABLE, onSecond().fence(new Cut("r0", "web1", GENERATION)));
  }

  @Test
  void asksForNoDiskThatIsBehindOrOfAnUnknownGeneration() {
    String outdated = GENERATION.replace(":1:1:1:", ":1:0:1:");
    String later = GENERATION.replace("8C2D", "9C2D");
    for (String other : List.of(outdated, later, "", "nonsense")) {
      assertEquals(Verdict.UNREACHABLE, onFirst().fence(new Cut("r0", "web2", other)), other);
    }
    assertEquals(Verdict.GRANTED, onFirst().fence(new Cut("r0", "web2", GENERATION)));
  }

  @Test
  void asksForNoDiskThatWasNotSeenTogetherSinceTheDaemonStarted() {
    seenTogether = Optional.empty();
    assertEquals(Verdict.UNREACHABLE, onFirst().fence(new Cut("r0", "web2", GENERATION)));
  }

  @Test
  void waitsLessThanTheScriptAndThatLessThanDrbd() {
    for (int seconds : List.of(1, 4, 5, 20, 300)) {
      Fencing.Arbitrated arbitrated =
          new Fencing.Arbitrated(
              "web3", new Fencing.Handler("/a", "/b", java.time.Duration.ofSeconds(seconds)));
      long millis = arbitrated.patience().toMillis();
      assertEquals(Math.min(seconds * 750L, 4_000), millis);
    }
  }
}
