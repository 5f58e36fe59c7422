package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.Proofs;
import dev.replicator.linux.UserCalls;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A user and the engine write to one path at the same time, again and again. Alone, without a
 * replica that decides: everything that the user closed is in the tree, or was told by its digest
 * and is in the vault. With two engines what is in a vault counts no more than what both of them
 * list, for the engine puts there whatever it takes from a name. Only what a user replaced himself
 * may be missing.
 */
final class CollisionProof extends TwoEngines {
  private static final long COLLISIONS = Proofs.count(20_000, 1_000_000);
  private static final long ENGINE_VERSIONS = Proofs.count(100, 5_000);
  private static final int LISTED_MAX = 100_000;
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
        replaceThere("R%012d\n".formatted(versions), writer);
        await(() -> record().context().counter(other) > before);
        writer.applied();
      }
      writer.close();
      await(() -> engine().report().notes().stream().noneMatch(it -> it.contains("for writing")));
      settle();
      await(() -> read("here", "f").equals(read("there", "f")));
      writer.found(read("here", "f"));
      Set<String> listed = listed(0);
      listed.retainAll(listed(1));
      listed.forEach(writer::found);
      Set<String> givenUp = givenUp(0);
      givenUp.addAll(givenUp(1));
      givenUp.forEach(writer::found);
      int tokens = writer.assertNothingLost();
      Proofs.tell(
          versions
              + " versions of a peer against "
              + tokens
              + " tokens of a user, none lost; listed by both: "
              + listed.size()
              + ", given up by one: "
              + givenUp.size());
    }
  }

  /** The user there takes away what he replaces, so it is known what he went over. */
  private void replaceThere(String text, TokenWriter writer) throws IOException {
    Path spare = directory.resolve("spare-there");
    Path file = file("there", "f");
    Files.writeString(spare, text);
    try {
      if (!Files.exists(file)) {
        UserCalls.move(spare, file);
        return;
      }
    } catch (FileAlreadyExistsException arrived) {
      // What arrived in between is replaced.
    }
    try {
      UserCalls.exchange(spare, file);
      writer.found(TokenWriter.read(spare));
      Files.delete(spare);
    } catch (NoSuchFileException gone) {
      replaceThere(text, writer);
    }
  }

  /** Contents of the hidden versions that a node lists, once it has all of them. */
  private Set<String> listed(int node) throws Exception {
    await(() -> versions(node).stream().allMatch(VersionReport::availableHere));
    return contents(node, versions(node).stream().filter(it -> !it.visible()).toList());
  }

  private List<VersionReport> versions(int node) throws Exception {
    List<VersionReport> versions = new ArrayList<>();
    for (ReplicatedRoot.ConflictKind kind : ReplicatedRoot.ConflictKind.values()) {
      engines
          .get(node)
          .conflicts(kind, LISTED_MAX)
          .get()
          .forEach(conflict -> versions.addAll(conflict.versions()));
    }
    return versions;
  }

  /** Of more versions than are kept what goes is history, by that name. */
  private Set<String> givenUp(int node) throws Exception {
    if (versions(node).size() < Limits.SIBLINGS_KEPT_MAX) {
      return new TreeSet<>();
    }
    return contents(
        node,
        engines.get(node).history(PATH, LISTED_MAX).get().stream()
            .filter(version -> version.reason().equals("lost conflict"))
            .toList());
  }

  private Set<String> contents(int node, List<VersionReport> versions) throws IOException {
    Path vault = directory.resolve(node == 0 ? "state-here/vault" : "state-there/vault");
    Set<String> digests = new TreeSet<>();
    for (VersionReport version : versions) {
      if (version.entry() instanceof Entry.File file) {
        digests.add(file.digest().toHex());
      }
    }
    try (Stream<Path> kept = Files.walk(vault)) {
      return kept.filter(Files::isRegularFile)
          .filter(it -> digests.contains(it.getFileName().toString().replaceFirst("\\..*", "")))
          .map(TokenWriter::read)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** What is known here. */
  private Record record() throws Exception {
    return engine().explain(RelativePath.of("f")).get().record().orElseThrow();
  }
}
