package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.cli.control.ConflictJson;
import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two daemons in network namespaces of their own, with a router between them, that lose each other
 * without a word: no reset, no end of the connection. Both say so, and are equal afterwards.
 */
final class PartitionProof {
  /** A peer may be silent for 15 s, and that is looked at every 5 s. */
  private static final Duration SAID = Duration.ofSeconds(30);

  private static final Duration BACK = Duration.ofSeconds(60);
  private static final int PORT = 7_117;
  private static final int FILES = 40;
  private static final String NAME = "replicator-" + ProcessHandle.current().pid();

  @TempDir Path home;
  private TestNode a;
  private TestNode b;

  private static List<String> at(String place) {
    return List.of("ip", "netns", "exec", NAME + place);
  }

  private static String names(String script) {
    return script.replace("@", NAME);
  }

  @BeforeEach
  void connect() throws IOException {
    assumeTrue(
        Program.succeeds(home, names("ip netns add @a")), "namespaces of a network need root");
    Program.shell(
        home,
        names(
            """
            ip netns add @b; ip netns add @r
            for n in a b; do
              ip -n @$n link set dev lo up
              ip -n @r link add name $n type veth peer name eth netns @$n
              ip -n @r link set dev $n up; ip -n @$n link set dev eth up
            done
            ip -n @r addr add 10.97.1.1/24 dev a; ip -n @a addr add 10.97.1.2/24 dev eth
            ip -n @r addr add 10.97.2.1/24 dev b; ip -n @b addr add 10.97.2.2/24 dev eth
            ip -n @a route add default via 10.97.1.1; ip -n @b route add default via 10.97.2.1
            ip netns exec @r sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
            """));
    a = TestNode.initListening(home, "a", "10.97.1.2:" + PORT);
    b = TestNode.initListening(home, "b", "10.97.2.2:" + PORT);
  }

  @AfterEach
  void disconnect() throws IOException {
    Program.shell(home, names("for n in a b r; do ip netns del @$n 2> /dev/null || true; done"));
  }

  @Test
  void bothSayThatTheCableOfOneIsOutAndLoseNothing() throws IOException {
    apart(
        "ip -n @a link set dev eth down",
        "ip -n @a link set dev eth up; ip -n @a route add default via 10.97.1.1");
    Proofs.tell("a cable was out: both said so, and equal once it was back");
  }

  @Test
  void bothSayThatARouterDropsEverythingAndLoseNothing() throws IOException {
    apart(
        "ip netns exec @r sh -c 'echo 0 > /proc/sys/net/ipv4/ip_forward'",
        "ip netns exec @r sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'");
    Proofs.tell("a router dropped everything: both said so, and equal once it did not");
  }

  @Test
  void bothSayThatNothingComesThroughInOneDirectionAndLoseNothing() throws IOException {
    apart("ip -n @r route add blackhole 10.97.2.2/32", "ip -n @r route del blackhole 10.97.2.2/32");
    Proofs.tell("one direction was lost: both said so, and equal once it was back");
  }

  private void apart(String cut, String mended) throws IOException {
    try (Cluster cluster = new Cluster(List.of(a, b))) {
      a.startUnder(at("a"));
      Program.Ended joined = b.runUnder(at("b"), "join", a.succeed("invite"));
      assertEquals(0, joined.code(), joined::toString);
      b.startUnder(at("b"));
      a.awaitLive(1);
      b.awaitLive(1);
      Program.shell(
          a.root(),
          "mkdir of-a of-b; for i in $(seq %d); do echo old > of-a/$i; echo old > of-b/$i; done;"
                  .formatted(FILES)
              + " echo old > both");
      cluster.converge();

      // What is on its way when it happens counts as well.
      Program.shell(a.root(), "head -c 8000000 /dev/urandom > of-a/large");
      Program.shell(home, names(cut));
      Program.shell(a.root(), changes("of-a") + "echo a > both");
      Program.shell(b.root(), changes("of-b") + "echo b > both");
      awaitSaidToBeAway(a);
      awaitSaidToBeAway(b);
      Program.shell(a.root(), "echo later > of-a/later");
      Program.shell(b.root(), "echo later > of-b/later");

      Program.shell(home, names(mended));
      awaitBack(a);
      awaitBack(b);
      cluster.converge();
      for (TestNode node : List.of(a, b)) {
        requireChanges(node, "of-a");
        requireChanges(node, "of-b");
        assertEquals(
            Set.of("both"),
            node.conflicts().stream().map(ConflictJson::path).collect(Collectors.toSet()),
            node::describe);
      }
    }
  }

  private static String changes(String directory) {
    return """
    cd %s; for i in $(seq 1 10); do echo new > $i; done
    for i in $(seq 11 20); do rm $i; done
    for i in $(seq 21 30); do mv $i moved-$i; done; cd ..
    """
        .formatted(directory);
  }

  private static void requireChanges(TestNode node, String directory) throws IOException {
    for (int number = 1; number <= FILES; number++) {
      Path file = node.path(directory + "/" + number);
      if (number > 10 && number <= 30) {
        assertFalse(Files.exists(file), node::describe);
      } else {
        assertEquals(number <= 10 ? "new\n" : "old\n", Files.readString(file), node::describe);
      }
      boolean moved = number > 20 && number <= 30;
      assertEquals(moved, Files.exists(node.path(directory + "/moved-" + number)));
    }
    assertEquals("later\n", Files.readString(node.path(directory + "/later")));
  }

  private static void awaitSaidToBeAway(TestNode node) {
    Deadline.in(SAID)
        .await(
            node.name() + " says that its peer is away",
            () -> node.status().peers().stream().noneMatch(StatusJson.Peer::connected),
            node::describe);
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
