package dev.replicator.block;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that an arbiter has to remember, and the rule by which it grants (decision 0012): one
 * of a pair is granted only when both said that their disks were up to date at the very generation
 * it froze at, and the other one is refused until the granted one has seen both disks up to date
 * again, later than its last grant. Until then the granted one is granted again, at that generation
 * alone: at a later one it may be the target of a sync whose end its source has not seen.
 *
 * @param self the arbiter, which is never one of a pair
 */
record Arbitration(NodeId self, SortedMap<Pair, Standing> pairs) {
  Arbitration {
    pairs = Collections.unmodifiableSortedMap(new TreeMap<>(pairs));
  }

  /** What to remember from now on, and what to say once that cannot be lost any more. */
  record Decided(Arbitration next, FenceAnswer answer) {}

  /** Two nodes that share a resource, whoever of them asks. */
  record Pair(String resource, NodeId low, NodeId high) implements Comparable<Pair> {
    Pair {
      if (low.compareTo(high) >= 0) {
        throw new IllegalArgumentException("a pair is of two nodes, in their order");
      }
    }

    static Pair of(String resource, NodeId one, NodeId other) {
      return one.compareTo(other) < 0
          ? new Pair(resource, one, other)
          : new Pair(resource, other, one);
    }

    boolean has(NodeId node) {
      return node.equals(low) || node.equals(high);
    }

    @Override
    public int compareTo(Pair other) {
      int order = resource.compareTo(other.resource);
      order = order == 0 ? low.compareTo(other.low) : order;
      return order == 0 ? high.compareTo(other.high) : order;
    }
  }

  /** Who may go on alone, and from which generation. */
  record Grant(NodeId holder, long generation) {}

  /**
   * How a pair stands.
   *
   * @param number of the last grant
   * @param grant the last one, until its holder has seen both disks up to date again
   * @param together who said, since that grant, that both disks were up to date at which generation
   */
  record Standing(long number, Optional<Grant> grant, SortedMap<NodeId, Long> together) {
    static final Standing NONE = new Standing(0, Optional.empty(), new TreeMap<>());

    Standing {
      together = Collections.unmodifiableSortedMap(new TreeMap<>(together));
    }

    boolean isHeldBy(NodeId node) {
      return grant.filter(held -> held.holder().equals(node)).isPresent();
    }

    boolean saidTogether(NodeId node, long generation) {
      Long said = together.get(node);
      return said != null && said == generation;
    }

    /** A grant uses up what was said before it. */
    Standing granted(Grant next) {
      return new Standing(number + 1, Optional.of(next), new TreeMap<>());
    }

    Standing with(NodeId node, long generation) {
      TreeMap<NodeId, Long> more = new TreeMap<>(together);
      more.put(node, generation);
      return new Standing(number, grant.filter(held -> !held.holder().equals(node)), more);
    }

    Standing without(NodeId node) {
      TreeMap<NodeId, Long> less = new TreeMap<>(together);
      less.remove(node);
      return new Standing(number, grant, less);
    }
  }

  static Arbitration fresh(NodeId self) {
    return new Arbitration(self, new TreeMap<>());
  }

  /** {@code asker} is who the connection proves it to be. */
  Decided decide(NodeId asker, FenceRequest request) {
    NodeId other = request.other();
    if (asker.equals(other) || asker.equals(self) || other.equals(self)) {
      return same(
          new FenceAnswer(
              Verdict.REFUSED, 0, "a pair is of two nodes, and the arbiter none of it"));
    }
    Pair pair = Pair.of(request.resource(), asker, other);
    Standing standing = pairs.getOrDefault(pair, Standing.NONE);
    return switch (request) {
      case FenceRequest.Fence fence -> fence(pair, standing, asker, fence);
      case FenceRequest.Together together -> together(pair, standing, asker, together);
      case FenceRequest.Apart _ -> kept(pair, standing.without(asker), asker);
      case FenceRequest.Look _ -> same(noted(standing, asker));
    };
  }

  private Decided fence(Pair pair, Standing standing, NodeId asker, FenceRequest.Fence fence) {
    if (standing.isHeldBy(fence.other())) {
      return same(new FenceAnswer(Verdict.REFUSED, standing.number(), "the other one goes on"));
    }
    Grant asked = new Grant(asker, fence.generation());
    boolean armed =
        standing.saidTogether(asker, fence.generation())
            && standing.saidTogether(fence.other(), fence.generation());
    if (!armed && !standing.grant().equals(Optional.of(asked))) {
      return same(
          new FenceAnswer(
              Verdict.NOT_ABLE,
              standing.number(),
              "the two did not both say that they were together at this generation"));
    }
    Standing granted = standing.granted(asked);
    return new Decided(
        with(pair, granted), new FenceAnswer(Verdict.GRANTED, granted.number(), "goes on alone"));
  }

  /** Whoever looked before the last grant does not know what became of it. */
  private Decided together(
      Pair pair, Standing standing, NodeId asker, FenceRequest.Together together) {
    if (together.number() != standing.number()) {
      return same(noted(standing, asker));
    }
    boolean fresh = !standing.together().containsKey(asker) && !standing.isHeldBy(asker);
    if (fresh && isFull(asker, pair)) {
      return same(new FenceAnswer(Verdict.NOT_ABLE, standing.number(), "too many pairs"));
    }
    return kept(pair, standing.with(asker, together.generation()), asker);
  }

  private boolean isFull(NodeId asker, Pair pair) {
    long own = pairs.values().stream().filter(one -> one.together().containsKey(asker)).count();
    return own >= Limits.FENCE_PAIRS_OF_NODE_MAX
        || (!pairs.containsKey(pair) && pairs.size() >= Limits.FENCE_PAIRS_MAX);
  }

  private Decided kept(Pair pair, Standing standing, NodeId asker) {
    return new Decided(with(pair, standing), noted(standing, asker));
  }

  private Decided same(FenceAnswer answer) {
    return new Decided(this, answer);
  }

  private static FenceAnswer noted(Standing standing, NodeId asker) {
    String text =
        standing
            .grant()
            .map(
                held -> held.holder().equals(asker) ? "this node goes on" : "the other one goes on")
            .orElseGet(() -> isArmed(standing) ? "would grant" : "waits for both to be together");
    return new FenceAnswer(Verdict.NOTED, standing.number(), text);
  }

  private static boolean isArmed(Standing standing) {
    return standing.together().size() == 2
        && standing.together().values().stream().distinct().count() == 1;
  }

  private Arbitration with(Pair pair, Standing standing) {
    TreeMap<Pair, Standing> changed = new TreeMap<>(pairs);
    if (standing.equals(Standing.NONE)) {
      changed.remove(pair);
    } else {
      changed.put(pair, standing);
    }
    return new Arbitration(self, changed);
  }
}
