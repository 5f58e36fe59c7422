package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.Proofs;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A user and the engine write to one path at the same time, again and again: everything that the
 * user closed is in the tree, beside it in a version or in the vault, unless he replaced it
 * himself.
 */
final class CollisionProof extends TwoEngines {
  private static final long COLLISIONS = Proofs.count(20_000, 1_000_000);
  private static final long ENGINE_VERSIONS = Proofs.count(100, 5_000);
  private static final int NO_REST_NANOS = 400_000;
  private static final int REST_NANOS = 20_000_000;
  private static final long SEED = 20_261_126;

  @Test
  void everyTokenSurvivesTheTreeAndItsVault() throws Exception {
    Path root = Files.createDirectory(directory.resolve("alone"));
    Path file = root.resolve("f");
    long collisions = 0;
    long versions = 0;
    try (TokenWriter writer =
            new TokenWriter(file, directory.resolve("spare"), NO_REST_NANOS, SEED);
        CollidingNode node = new CollidingNode(root, directory.resolve("state-alone"), writer)) {
      for (; collisions < COLLISIONS; versions++) {
        collisions += node.collide() ? 1 : 0;
      }
      writer.close();
      node.settle(file);
      int tokens = writer.assertNothingLost();
      Proofs.tell(
          collisions
              + " collisions in "
              + versions
              + " versions put, "
              + tokens
              + " tokens written, none lost; outcomes "
              + node.outcomes());
      assertTrue(
          node.outcomes()
              .keySet()
              .containsAll(
                  List.of("Placed", "Overtaken", "StillWritten", "LateWrite", "BeingWritten")),
          () -> "some way was never taken: " + node.outcomes());
    }
  }

  @Test
  void everyTokenSurvivesWithTwoEngines() throws Exception {
    // An empty root would be held.
    write("here", "another", "");
    settle();
    ReplicaId other = record().contents().dots().first().replica();
    long versions = 0;
    try (TokenWriter writer =
        new TokenWriter(file("here", "f"), directory.resolve("spare"), REST_NANOS, SEED)) {
      for (; versions < ENGINE_VERSIONS; versions++) {
        long before = record().context().counter(other);
        write("there", "f", "R%012d\n".formatted(versions));
        await(() -> record().context().counter(other) > before);
        writer.applied();
      }
      writer.close();
      await(() -> engine().report().notes().stream().noneMatch(it -> it.contains("for writing")));
      settle();
      await(() -> read("here", "f").equals(read("there", "f")));
      writer.found(read("here", "f"));
      Path vault = directory.resolve("state-here/vault");
      try (Stream<Path> kept = Files.walk(vault)) {
        kept.filter(Files::isRegularFile).forEach(it -> writer.found(TokenWriter.read(it)));
      }
      int tokens = writer.assertNothingLost();
      Proofs.tell(
          versions + " versions of a peer against " + tokens + " tokens of a user, none lost");
    }
  }

  /** What is known here. */
  private Record record() throws Exception {
    return engine().explain(RelativePath.of("f")).get().record().orElseThrow();
  }
}
