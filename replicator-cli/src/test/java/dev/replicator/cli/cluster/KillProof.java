package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two daemons are killed at any instant while users write on both sides: names that stand are never
 * missing or torn, and no write is lost, however often.
 */
final class KillProof {
  private static final long SEED = Long.getLong("kill.seed", 1);
  private static final int KILLS_PER_ROUND = 20;
  private static final int WRITES_BETWEEN_MAX = 60;
  private static final Duration LIVE_MAX = Duration.ofSeconds(60);

  /** Names in these never move from one path to another. */
  private static final Set<String> FIXED =
      Set.of(LoadWriter.STABLE, LoadWriter.FLAT, LoadWriter.EDITED);

  private final Executor threads = task -> Thread.ofPlatform().daemon().start(task);
  private final Tokens tokens = new Tokens();
  private final Random random = new Random(SEED);

  @TempDir Path home;

  @Test
  void losesNothingHoweverOftenItIsKilled() throws IOException {
    long kills = Long.getLong("kill.count", Proofs.count(KILLS_PER_ROUND, 1_000));
    long reads = 0;
    try (Cluster cluster = Cluster.start(home, "a", "b")) {
      TestNode a = cluster.node("a");
      LoadWriter ofA = new LoadWriter(a, tokens, SEED);
      LoadWriter ofB = new LoadWriter(cluster.node("b"), tokens, -SEED);
      ofA.begin();
      cluster.converge();
      for (long killed = 0; killed < kills; killed += KILLS_PER_ROUND) {
        reads += round(cluster, List.of(ofA, ofB));
        judge(cluster);
        Proofs.tell(
            "%d kills: %d writes of both sides, %d gone over; %,d reads of names that stand"
                .formatted(
                    killed + KILLS_PER_ROUND, tokens.count(), tokens.dominatedCount(), reads));
      }
    }
  }

  /** Kills under load, then waits for quiet; how often the readers looked. */
  private long round(Cluster cluster, List<LoadWriter> writers) throws IOException {
    List<StableReader> readers =
        cluster.nodes().stream()
            .map(node -> new StableReader(node.path(LoadWriter.STABLE), LoadWriter.STABLE_NAMES))
            .toList();
    List<CompletableFuture<Void>> running =
        Stream.concat(writers.stream(), readers.stream())
            .map(task -> CompletableFuture.runAsync(task, threads))
            .toList();
    for (int kill = 0; kill < KILLS_PER_ROUND; kill++) {
      killOne(cluster, writers, running);
    }
    writers.forEach(LoadWriter::stop);
    for (TestNode node : cluster.nodes()) {
      approveWhatUsersDid(node);
    }
    cluster.converge();
    readers.forEach(StableReader::stop);
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
    for (StableReader reader : readers) {
      assertEquals(List.of(), reader.findings(), () -> "seed " + SEED);
    }
    return readers.stream().mapToLong(StableReader::reads).sum();
  }

  /**
   * Who renames hundreds of directories while a node is down, again and again, meets its guard of
   * mass deletions. Were one of them none of a user's, the judge would miss what it took.
   */
  private static void approveWhatUsersDid(TestNode node) {
    Deadline.in(LIVE_MAX)
        .await(
            node.name() + " is live, what is held approved",
            () -> {
              String state = node.rootStatus().state();
              if (state.equals("held")) {
                node.run("approve");
              }
              return state.equals("live");
            });
    node.awaitLive(1);
  }

  /** After a random number of writes, which may find the victim still at its recovery. */
  private void killOne(
      Cluster cluster, List<LoadWriter> writers, List<CompletableFuture<Void>> running)
      throws IOException {
    LoadWriter writer = writers.get(random.nextInt(writers.size()));
    int until = writer.done() + random.nextInt(WRITES_BETWEEN_MAX);
    Deadline.in(Duration.ofSeconds(60))
        .await(
            "more is written",
            () ->
                writer.done() >= until
                    || running.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    TestNode victim = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    victim.kill();
    victim.start();
  }

  private void judge(Cluster cluster) throws IOException {
    TreeMap<String, String> showing = showing(cluster.nodes().getFirst().root());
    Set<String> kept = new TreeSet<>();
    for (TestNode node : cluster.nodes()) {
      kept.addAll(kept(node));
    }
    List<String> violations = tokens.violations(showing, kept, FIXED);
    assertTrue(
        violations.isEmpty(),
        () -> "seed " + SEED + ":\n" + String.join("\n", violations) + "\n" + described(cluster));
  }

  private static String described(Cluster cluster) {
    return cluster.nodes().stream().map(TestNode::describe).collect(Collectors.joining("\n"));
  }

  /** Both trees are equal by now. */
  private static TreeMap<String, String> showing(Path root) throws IOException {
    TreeMap<String, String> showing = new TreeMap<>();
    for (Path file : files(root)) {
      String path = root.relativize(file).toString();
      if (!path.startsWith(".replicator")) {
        showing.put(path, token(file).orElse("torn"));
      }
    }
    return showing;
  }

  /** What a node keeps aside: versions in conflict, and what was replaced or deleted. */
  private static Set<String> kept(TestNode node) throws IOException {
    Set<String> kept = new TreeSet<>();
    for (Path file : files(node.home())) {
      boolean vault = file.toString().contains("/vault/");
      if (vault) {
        token(file).ifPresent(kept::add);
      }
    }
    return kept;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static Optional<String> token(Path file) throws IOException {
    return Marked.of(Files.readAllBytes(file)).map(Marked::token);
  }
}
