package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.VersionJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that write the same paths without having seen each other, on three nodes. */
class ConflictTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir static Path home;
  private static Cluster cluster;
  private static TestNode a;
  private static TestNode b;

  @BeforeAll
  static void start() throws IOException {
    cluster = Cluster.start(home, "a", "b", "c");
    a = cluster.node("a");
    b = cluster.node("b");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** What happens in the braces of a partition: nobody sees anybody. */
  private interface Writes {
    void run() throws IOException;
  }

  private static void apart(Writes writes) throws IOException {
    for (TestNode node : cluster.nodes()) {
      node.post("/v1/pause");
    }
    writes.run();
    for (TestNode node : cluster.nodes()) {
      node.post("/v1/resume");
    }
    cluster.converge();
  }

  @Test
  void writesOnEveryNodeReachEveryNode() throws IOException {
    for (TestNode node : cluster.nodes()) {
      Files.createDirectories(node.path("from-" + node.name()));
      for (int i = 0; i < 30; i++) {
        Files.writeString(node.path("from-" + node.name() + "/" + i), node.name() + i);
      }
    }
    cluster.converge();
    assertEquals(30, cluster.node("c").path("from-a").toFile().list().length);
  }

  @Test
  void showsOneOfTwoEditsEverywhereAndKeepsTheOther() throws IOException {
    write(a, "edited.php", "before");
    cluster.converge();

    apart(() -> {
      write(a, "edited.php", "from a");
      write(b, "edited.php", "from b");
    });

    String shown = Files.readString(a.path("edited.php"));
    assertTrue(List.of("from a", "from b").contains(shown), shown);
    for (TestNode node : cluster.nodes()) {
      ConflictJson conflict = conflict(node, "edited.php");
      assertEquals(2, conflict.versions().size(), node::describe);
      assertTrue(conflict.versions().getFirst().visible());
      assertEquals(
          Set.of("a", "b"),
          conflict.versions().stream().map(VersionJson::writer).collect(Collectors.toSet()),
          node::describe);
      Deadline.in(SOON)
          .await(
              "both contents are on " + node.name(),
              () ->
                  conflict(node, "edited.php").versions().stream()
                      .allMatch(VersionJson::availableHere),
              node::describe);
      assertEquals(1, names(node, "edited"), "no copy in the tree");
    }

    String hidden = hiddenVersion(b, "edited.php");
    b.succeed("conflicts resolve", TestNode.ROOT + ":edited.php", hidden);
    cluster.converge();
    String other = shown.equals("from a") ? "from b" : "from a";
    for (TestNode node : cluster.nodes()) {
      assertEquals(other, Files.readString(node.path("edited.php")));
      awaitNoConflict(node, "edited.php");
    }
  }

  @Test
  void keepsAnEditThatMeetsADeletion() throws IOException {
    write(a, "kept", "before");
    cluster.converge();

    apart(() -> {
      Files.delete(a.path("kept"));
      write(b, "kept", "edited");
    });

    assertEquals("edited", Files.readString(cluster.node("c").path("kept")));
    awaitNoConflict(a, "kept");
  }

  @Test
  void keepsWhatWasCreatedInADirectoryThatWasDeleted() throws IOException {
    Files.createDirectories(a.path("gone/below"));
    write(a, "gone/below/old", "old");
    cluster.converge();

    apart(() -> {
      Program.shell(a.root(), "rm -r gone");
      write(b, "gone/below/new", "new");
    });

    assertEquals("new", Files.readString(a.path("gone/below/new")));
    assertEquals(1, names(a, "gone/below/"));
  }

  @Test
  void keepsBothOfTwoCreations() throws IOException {
    apart(() -> {
      write(a, "created", "a");
      write(b, "created", "b");
    });

    assertEquals(2, conflict(cluster.node("c"), "created").versions().size());
    a.succeed("conflicts resolve", TestNode.ROOT + ":created", "--shown");
    cluster.nodes().forEach(node -> awaitNoConflict(node, "created"));
  }

  @Test
  void findsNoConflictWhereTheSamePluginWasInstalledTwice() throws IOException {
    apart(() -> {
      for (TestNode node : List.of(a, b)) {
        Files.createDirectories(node.path("plugins/same/inc"));
        for (int i = 0; i < 20; i++) {
          write(node, "plugins/same/inc/" + i + ".php", "<?php // " + i);
        }
      }
    });

    for (TestNode node : cluster.nodes()) {
      assertEquals(Optional.empty(), find(node, "plugins/same/inc/0.php"), node::describe);
    }
  }

  @Test
  void showsTheDirectoryWhereAnotherNodeHasAFile() throws IOException {
    apart(() -> {
      write(a, "either", "a file");
      Files.createDirectories(b.path("either"));
      write(b, "either/child", "below");
    });

    for (TestNode node : cluster.nodes()) {
      assertEquals("below", Files.readString(node.path("either/child")));
      assertEquals(2, conflict(node, "either").versions().size());
    }
  }

  @Test
  void deletingAConflictedFileDoesNotBringTheOtherVersionIntoTheTree() throws IOException {
    apart(() -> {
      write(a, "deleted.php", "a");
      write(b, "deleted.php", "b");
    });

    Files.delete(a.path("deleted.php"));
    cluster.converge();

    for (TestNode node : cluster.nodes()) {
      assertEquals(0, names(node, "deleted"));
      assertTrue(find(node, "deleted.php").isPresent(), "still listed");
    }
    a.succeed("conflicts resolve", TestNode.ROOT + ":deleted.php", hiddenVersion(a, "deleted.php"));
    cluster.converge();
    assertEquals(1, names(b, "deleted"));
  }

  private static void write(TestNode node, String path, String text) throws IOException {
    Files.writeString(node.path(path), text);
  }

  private static Optional<ConflictJson> find(TestNode node, String path) {
    return node.conflicts().stream().filter(one -> one.path().equals(path)).findFirst();
  }

  /** It may be known a moment later than what shows. */
  private static ConflictJson conflict(TestNode node, String path) {
    Deadline.in(SOON)
        .await(
            path + " is listed on " + node.name(),
            () -> find(node, path).isPresent(),
            node::describe);
    return find(node, path).orElseThrow();
  }

  private static void awaitNoConflict(TestNode node, String path) {
    Deadline.in(SOON)
        .await(
            path + " is not listed on " + node.name(),
            () -> find(node, path).isEmpty(),
            node::describe);
  }

  private static String hiddenVersion(TestNode node, String path) {
    return conflict(node, path).versions().stream()
        .filter(version -> !version.visible() && version.kind().equals("file"))
        .map(VersionJson::version)
        .findFirst()
        .orElseThrow();
  }

  /** How many paths of the tree begin like this. */
  private static long names(TestNode node, String start) throws IOException {
    return new TreeSet<>(Manifest.of(node.root()).entries().keySet())
        .stream().filter(name -> name.startsWith(start)).count();
  }
}
