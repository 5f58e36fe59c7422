package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.StatusJson;
import dev.replicator.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that stands still, with its connection open, for longer than a peer may be silent, while
 * users write on both sides: the other says that it is away, and nothing that they did is lost.
 */
final class SuspendProof {
  /** A peer may be silent for 15 s, and that is looked at every 5 s. */
  private static final Duration SAID = Duration.ofSeconds(30);

  private static final Duration BACK = Duration.ofSeconds(60);
  private static final Path EVENTS_MAX = Path.of("/proc/sys/fs/inotify/max_queued_events");

  @TempDir Path home;

  @Test
  void losesNothingWhileADaemonStandsStillLongerThanItMayBeSilent() throws IOException {
    outage("");
    Proofs.tell("a daemon stood still: said, and equal afterwards");
  }

  /** Its queue of events is full, so the kernel drops what comes later and says only that. */
  @Test
  void losesNothingWhenMoreHappensMeanwhileThanTheKernelKeepsEventsOf() throws IOException {
    assumeTrue(Files.isReadable(EVENTS_MAX), "the length of the kernel's queue is not known");
    int events = Integer.parseInt(Files.readString(EVENTS_MAX).strip());
    assumeTrue(events <= 100_000, "the kernel's queue is too long to fill it here");
    String burst =
        """
        cd of-b; i=0
        while [ $i -lt %d ]; do : > burst-$i; rm burst-$i; i=$((i+1)); done; cd ..
        """
            .formatted(events);
    outage(burst);
    Proofs.tell("a daemon stood still and missed events: said, and equal afterwards");
  }

  private void outage(String burst) throws IOException {
    try (Cluster cluster = Cluster.start(home, "a", "b")) {
      TestNode a = cluster.node("a");
      TestNode b = cluster.node("b");
      Program.shell(
          a.root(),
          """
          mkdir of-a of-b both
          for i in $(seq 60); do echo old $i > of-a/$i; echo old $i > of-b/$i; done
          echo old > both/edited; echo old > both/deleted
          """);
      cluster.converge();
      signal("STOP", b);
      try {
        Program.shell(b.root(), burst + changes("of-b") + "echo b > both/edited; rm both/deleted");
        Program.shell(a.root(), changes("of-a") + "echo a > both/edited; echo a > both/deleted");
        awaitSaidToBeAway(a);
        assertEquals(
            ExitCode.PEER_OFFLINE.number(), a.run("wait", "--timeout", "1s").code(), a::describe);
        Program.shell(a.root(), "echo later > of-a/later");
        Program.shell(b.root(), "echo later > of-b/later");
      } finally {
        signal("CONT", b);
      }
      awaitBack(a);
      awaitBack(b);
      cluster.converge();
      for (TestNode node : List.of(a, b)) {
        requireChanges(node, "of-a");
        requireChanges(node, "of-b");
        requireConflictsThatUsersMade(node);
      }
    }
  }

  private static void signal(String name, TestNode node) throws IOException {
    Program.shell(node.home(), "kill -s " + name + " " + node.pid());
  }

  /** Creates, replaces, edits, deletes, and renames files and a directory. */
  private static String changes(String directory) {
    return """
    cd %s
    for i in $(seq 1 20); do echo new $i > $i; done
    for i in $(seq 21 30); do rm $i; done
    for i in $(seq 31 40); do mv $i moved-$i; done
    for i in $(seq 41 50); do echo more >> $i; done
    for i in $(seq 51 60); do echo new $i > next; mv next $i; done
    mkdir early; echo x > early/x; mv early late; head -c 3000000 /dev/urandom > large
    cd ..
    """
        .formatted(directory);
  }

  private static void requireChanges(TestNode node, String directory) throws IOException {
    for (int number = 1; number <= 60; number++) {
      Path file = node.path(directory + "/" + number);
      if (number > 20 && number <= 40) {
        assertFalse(Files.exists(file), node::describe);
      } else {
        String expected =
            number > 40 && number <= 50 ? "old " + number + "\nmore\n" : "new " + number + "\n";
        assertEquals(expected, Files.readString(file), node::describe);
      }
      assertEquals(number > 30 && number <= 40, Files.exists(movedTo(node, directory, number)));
    }
    assertEquals("later\n", Files.readString(node.path(directory + "/later")));
    assertEquals("x\n", Files.readString(node.path(directory + "/late/x")));
    assertFalse(Files.exists(node.path(directory + "/early")), node::describe);
    assertEquals(3_000_000, Files.size(node.path(directory + "/large")), node::describe);
  }

  private static Path movedTo(TestNode node, String directory, int number) {
    return node.path(directory + "/moved-" + number);
  }

  /** What one user deleted and the other wrote is there; what both wrote is listed. */
  private static void requireConflictsThatUsersMade(TestNode node) throws IOException {
    assertEquals("a\n", Files.readString(node.path("both/deleted")), node::describe);
    Set<String> conflicts =
        node.conflicts().stream().map(ConflictJson::path).collect(Collectors.toSet());
    assertTrue(conflicts.contains("both/edited"), node::describe);
    assertTrue(Set.of("both/edited", "both/deleted").containsAll(conflicts), node::describe);
  }

  private static void awaitSaidToBeAway(TestNode node) throws IOException {
    Deadline.in(SAID)
        .await(
            node.name() + " says that its peer is away",
            () -> node.status().peers().stream().noneMatch(StatusJson.Peer::connected),
            node::describe);
    StatusJson.Peer peer = node.status().peers().getFirst();
    assertFalse(peer.detail().isEmpty(), node::describe);
    assertTrue(node.rootStatus().peers().stream().noneMatch(StatusJson.RootPeer::connected));
    String check = node.run("check").out();
    assertTrue(check.contains("peer " + peer.name() + " is not connected"), check);
  }

  private static void awaitBack(TestNode node) {
    Deadline.in(BACK)
        .await(
            node.name() + " is live, with its peer",
            () -> {
              StatusJson.Root now = node.rootStatus();
              return now.state().equals("live")
                  && now.pending() == 0
                  && now.peers().stream().allMatch(peer -> peer.connected() && peer.merged());
            },
            node::describe);
  }
}
