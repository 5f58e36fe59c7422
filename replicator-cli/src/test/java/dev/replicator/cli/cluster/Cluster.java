package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Nodes that were joined, and what must be true of all of them. */
final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final List<TestNode> nodes;

  Cluster(List<TestNode> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** Configures, joins and starts nodes; returns once all are live. */
  static Cluster start(Path directory, String... names) throws IOException {
    List<TestNode> nodes = new ArrayList<>();
    for (String name : names) {
      nodes.add(TestNode.init(directory, name));
    }
    Cluster cluster = new Cluster(nodes);
    try {
      cluster.joinAndStart();
      return cluster;
    } catch (IOException | RuntimeException | AssertionError failure) {
      cluster.close();
      throw failure;
    }
  }

  private void joinAndStart() throws IOException {
    TestNode first = nodes.getFirst();
    first.start();
    for (TestNode node : nodes.subList(1, nodes.size())) {
      join(first, node);
      node.start();
    }
    for (TestNode node : nodes) {
      node.awaitLive(nodes.size() - 1);
    }
  }

  static void join(TestNode inviter, TestNode joiner, String... more) throws IOException {
    List<String> words = new ArrayList<>(List.of(inviter.succeed("invite")));
    words.addAll(List.of(more));
    joiner.succeed("join", words.toArray(String[]::new));
  }

  TestNode node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  List<TestNode> nodes() {
    return nodes;
  }

  /** Waits on every node until the others have everything; then the trees must be equal. */
  void converge() throws IOException {
    for (TestNode node : nodes) {
      String answer = node.askShownBy("all");
      assertTrue(
          answer.contains("\"outcome\":\"done\""),
          () -> node.name() + " wait: " + answer + "\n" + describe());
    }
    awaitEqual();
  }

  /** Returns once all trees are equal; shows how they differ when they do not become so. */
  void awaitEqual() throws IOException {
    Deadline deadline = Deadline.in(PATIENCE);
    List<String> differences = differences();
    while (!differences.isEmpty() && !deadline.isOver()) {
      Deadline.rest();
      differences = differences();
    }
    List<String> left = differences;
    assertTrue(
        left.isEmpty(), () -> "trees differ:\n" + String.join("\n", left) + "\n" + describe());
  }

  private String describe() {
    return nodes.stream().map(TestNode::describe).collect(Collectors.joining("\n"));
  }

  private List<String> differences() throws IOException {
    Manifest first = Manifest.of(nodes.getFirst().root());
    List<String> differences = new ArrayList<>();
    for (TestNode node : nodes.subList(1, nodes.size())) {
      first
          .differences(Manifest.of(node.root()))
          .forEach(
              line -> differences.add(nodes.getFirst().name() + "/" + node.name() + " " + line));
    }
    return differences;
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
  }
}
