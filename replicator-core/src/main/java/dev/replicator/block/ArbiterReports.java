package dev.replicator.block;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.port.ArbiterLink;
import dev.replicator.port.CommandRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Keeps the arbiters of this node's resources told of how they stand: so they can decide when the
 * link is cut, and so a grant ends once both disks are up to date again. One thread.
 */
public final class ArbiterReports implements FencingRule.Surroundings, AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final long STOP_MILLIS_MAX = 2_000;

  /**
   * What is known of the arbiter of one resource.
   *
   * @param reachable whether it answered the last question
   * @param text what it answered, or why it did not
   */
  public record Report(String resource, String arbiter, boolean reachable, String text) {}

  /** One resource, and what was heard of it. */
  private static final class Case {
    final BlockConfig config;
    final String other;
    final String arbiter;
    final FootingObserver observer;
    Report report;

    /** The last grant that was heard of before the next look begins. */
    long number;

    Case(BlockConfig config, String self, String arbiter, CommandRunner runner) {
      this.config = config;
      this.other = config.peer(self).name();
      this.arbiter = arbiter;
      this.observer = new FootingObserver(config.resource(), runner);
      this.report = new Report(config.resource(), arbiter, false, "not asked yet");
    }
  }

  private final List<Case> cases = new ArrayList<>();
  private final Function<String, Optional<NodeId>> peers;
  private final ArbiterLink link;
  private final Thread thread;
  private final Map<String, Long> together = new ConcurrentHashMap<>();
  private volatile List<Report> reports = List.of();

  /**
   * @param self the host name of this node
   * @param peers who they are, by their names
   */
  public ArbiterReports(
      List<BlockConfig> configs,
      String self,
      Function<String, Optional<NodeId>> peers,
      ArbiterLink link,
      CommandRunner runner) {
    for (BlockConfig config : configs) {
      if (config.node(self).isPresent()
          && config.fencing() instanceof Fencing.Arbitrated(String arbiter, var _)) {
        cases.add(new Case(config, self, arbiter, runner));
      }
    }
    this.peers = peers;
    this.link = link;
    this.thread = Thread.ofPlatform().name("arbiter-reports").daemon().unstarted(this::work);
    tell();
  }

  /** Begins, where there is anything to tell. */
  public void start() {
    if (!cases.isEmpty()) {
      thread.start();
    }
  }

  private void work() {
    try {
      while (true) {
        round();
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException stopped) {
      // The daemon ends.
    }
  }

  /** Looks at each resource once, and tells its arbiter. */
  void round() throws InterruptedException {
    for (Case one : cases) {
      Footing footing = one.observer.look();
      String resource = one.config.resource();
      switch (footing) {
        case Footing.Together(long generation) -> together.put(resource, generation);
        case Footing.Apart _, Footing.Down _ -> together.remove(resource);
        case Footing.Unclear() -> {}
      }
      FenceAnswer answer = ask(one, footing);
      boolean reached = answer.verdict() != Verdict.NOT_ABLE;
      one.number = reached ? answer.number() : one.number;
      one.report = new Report(resource, one.arbiter, reached, answer.text());
    }
    tell();
  }

  private void tell() {
    reports = cases.stream().map(one -> one.report).toList();
  }

  private FenceAnswer ask(Case one, Footing footing) {
    Optional<NodeId> arbiter = peers.apply(one.arbiter);
    Optional<NodeId> other = peers.apply(one.other);
    if (arbiter.isEmpty() || other.isEmpty()) {
      return FenceAnswer.notAble(
          "no peer of this node is called " + (arbiter.isEmpty() ? one.arbiter : one.other));
    }
    String resource = one.config.resource();
    FenceRequest request =
        switch (footing) {
          case Footing.Together(long generation) ->
              new FenceRequest.Together(resource, other.get(), generation, one.number);
          case Footing.Apart() -> new FenceRequest.Apart(resource, other.get());
          case Footing.Down _, Footing.Unclear _ -> new FenceRequest.Look(resource, other.get());
        };
    return link.ask(arbiter.get(), request, PATIENCE);
  }

  @Override
  public Optional<NodeId> peer(String name) {
    return peers.apply(name);
  }

  @Override
  public Optional<Long> together(String resource) {
    return Optional.ofNullable(together.get(resource));
  }

  /** One for each resource that has an arbiter. */
  public List<Report> reports() {
    return reports;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(STOP_MILLIS_MAX);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
