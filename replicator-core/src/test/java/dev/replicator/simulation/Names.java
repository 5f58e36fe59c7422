package dev.replicator.simulation;

import dev.replicator.model.Digest;
import dev.replicator.model.ReplicaId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What people call nodes, their lives and contents, which have numbers in the engine. */
final class Names {
  private static final List<String> NODES = List.of("one", "two", "three", "four");

  private final TreeMap<ReplicaId, String> replicas = new TreeMap<>();
  private final TreeMap<Integer, Integer> lives = new TreeMap<>();
  private final TreeMap<Digest, String> contents = new TreeMap<>();
  private final TreeMap<Long, String> touches = new TreeMap<>();
  private final List<SimulatedNode> nodes;

  Names(List<SimulatedNode> nodes) {
    this.nodes = List.copyOf(nodes);
    learn("");
  }

  static String of(SimulatedNode node) {
    return NODES.get(node.number);
  }

  static int number(String name) {
    int number = NODES.indexOf(name);
    if (number < 0) {
      throw new IllegalArgumentException("no node is called " + name);
    }
    return number;
  }

  /** Somebody wrote {@code text}. */
  void learn(String text) {
    contents.put(Thing.digest(text), text);
  }

  /** Somebody on {@code node} gave a file this time. */
  void touched(long mtimeNanos, SimulatedNode node) {
    touches.put(mtimeNanos, of(node));
  }

  Optional<String> touch(long mtimeNanos) {
    return Optional.ofNullable(touches.get(mtimeNanos));
  }

  String content(Digest digest) {
    return Sight.quoted(contents.getOrDefault(digest, "something else"));
  }

  /** The identity that {@code node} has now: its name, with a number from the second on. */
  String of(SimulatedNode node, ReplicaId replica) {
    if (!replicas.containsKey(replica)) {
      int life = lives.merge(node.number, 1, Integer::sum);
      replicas.put(replica, of(node) + (life == 1 ? "" : " (" + life + ")"));
    }
    return of(replica);
  }

  String of(ReplicaId replica) {
    return Objects.requireNonNullElse(replicas.get(replica), "somebody");
  }

  /** {@code text} of the engine with names in the place of numbers. */
  String inWords(String text) {
    String words = text;
    for (Map.Entry<ReplicaId, String> replica : replicas.entrySet()) {
      words = words.replace(replica.getKey().toString(), replica.getValue());
    }
    for (SimulatedNode node : nodes) {
      words = words.replace(node.id.toString(), of(node));
    }
    return words;
  }
}
