package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.Proofs;
import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.VersionJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
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
  private final TreeMap<Kept.Where, Integer> listed = new TreeMap<>();

  /** What failed can be looked at. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path home;

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
        resolve(cluster);
        Proofs.tell(
            ("%d kills: %d writes of both sides, %d gone over, listed %s; "
                    + "%,d reads of names that stand")
                .formatted(
                    killed + KILLS_PER_ROUND,
                    tokens.count(),
                    tokens.dominatedCount(),
                    listed,
                    reads));
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

  /** Everything that is listed has to be on every node, then nothing may be wrong. */
  private void judge(Cluster cluster) throws IOException {
    for (TestNode node : cluster.nodes()) {
      Deadline.in(LIVE_MAX)
          .await(
              node.name() + " has the contents of all that it lists",
              () ->
                  Stream.concat(node.conflicts().stream(), node.adoptedLosers().stream())
                      .flatMap(conflict -> conflict.versions().stream())
                      .allMatch(VersionJson::availableHere),
              node::describe);
    }
    TreeMap<String, String> showing = showing(cluster.nodes().getFirst().root());
    List<Kept> nodes = new ArrayList<>();
    for (TestNode node : cluster.nodes()) {
      nodes.add(Kept.of(node));
    }
    List<String> violations = tokens.violations(showing, nodes, FIXED);
    assertTrue(
        violations.isEmpty(),
        () -> "seed " + SEED + ":\n" + String.join("\n", violations) + "\n" + described(cluster));
    for (Kept.Listed version : nodes.getFirst().listed()) {
      listed.merge(version.where(), 1, Integer::sum);
    }
  }

  /**
   * A person takes what shows, wherever something else is listed. So the next round begins without
   * any, no path comes to more versions than are kept, and what he put away may not come back.
   */
  private void resolve(Cluster cluster) throws IOException {
    TestNode node = cluster.nodes().getFirst();
    List<Kept.Listed> hidden = Kept.of(node).listed();
    Stream.concat(node.conflicts().stream(), node.adoptedLosers().stream())
        .collect(
            Collectors.toMap(ConflictJson::path, it -> it, (first, same) -> first, TreeMap::new))
        .values()
        .forEach(node::resolveShown);
    hidden.forEach(version -> tokens.over(version.token()));
    cluster.converge();
    for (TestNode each : cluster.nodes()) {
      assertEquals(List.of(), each.conflicts(), "seed " + SEED);
      assertEquals(List.of(), each.adoptedLosers(), "seed " + SEED);
    }
    judge(cluster);
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
        showing.put(path, Kept.token(file).orElse("torn"));
      }
    }
    return showing;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
