package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.cli.cluster.Program.Ended;
import dev.replicator.cli.control.ArbiterJson;
import dev.replicator.cli.control.ControlJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real daemons on loopback, of which web3 decides for the other two; those have host names of
 * their own, and tools of DRBD that say what the test wants. They are asked by the script that DRBD
 * calls, over curl and their sockets.
 */
@Timeout(300)
final class ArbiterTest {
  private static final Path SCRIPT = Path.of("src/main/dist/drbd/fence-peer").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** An answer ends the asking at once; where none is to come, it is given up soon. */
  private static final int ASKED_SECONDS = 60;

  private static final int GIVEN_UP_SECONDS = 6;
  private static final int GRANTED = 7;
  private static final int UNDECIDED = 1;

  /** As the last look of DRBD, with what differs: link, peer, work, other disk, freeze. */
  private static final String EVENTS =
      """
      exists resource name:r0 role:Primary suspended:%5$s
      exists connection name:r0 peer-node-id:0 conn-name:peer connection:%1$s role:%2$s
      exists device name:r0 volume:0 minor:0 disk:UpToDate
      exists peer-device name:r0 conn-name:peer volume:0 replication:%3$s peer-disk:%4$s
      exists -
      """;

  private static final String TOGETHER =
      EVENTS.formatted("Connected", "Primary", "Established", "UpToDate", "no");
  private static final String FROZEN =
      EVENTS.formatted("Connecting", "Unknown", "Off", "DUnknown", "fencing");
  private static final String ALONE =
      EVENTS.formatted("Connecting", "Unknown", "Off", "Outdated", "no");

  @TempDir private Path directory = Path.of("");

  private final List<TestNode> nodes = new ArrayList<>();
  private TestNode web1;
  private TestNode web2;
  private TestNode web3;

  @BeforeEach
  void startThree() throws IOException {
    Ended able =
        Program.run(
            List.of("unshare", "--uts", "--mount", "sh", "-c", "curl -V && test -e " + tools()));
    assumeTrue(able.code() == 0, "needs root, curl, drbdadm and drbdsetup");
    web3 = TestNode.init(directory, "web3");
    web1 = TestNode.init(directory, "web1");
    web2 = TestNode.init(directory, "web2");
    nodes.addAll(List.of(web1, web2, web3));
    web3.start();
    for (TestNode node : List.of(web1, web2)) {
      configure(node);
      Cluster.join(web3, node);
      says(node, TOGETHER, 1);
      node.startUnder(asHost(node));
    }
  }

  private static String tools() {
    return "/usr/sbin/drbdadm -a -e /usr/sbin/drbdsetup";
  }

  @AfterEach
  void end() {
    nodes.forEach(TestNode::close);
  }

  @Test
  void letsOneGoOnAlsoAfterItWasKilledAndTheOtherOneOnceBothAreWholeAgain() throws IOException {
    awaitAnswer(web1, "would grant");
    awaitAnswer(web2, "would grant");

    says(web1, FROZEN, 1);
    says(web2, FROZEN, 1);
    assertEquals(GRANTED, script(web1, "web2").code());
    assertEquals(UNDECIDED, script(web2, "web1").code());
    assertEquals("409", status(web2, "web1", 1));

    web3.kill();
    assertEquals(UNDECIDED, script(web1, "web2", GIVEN_UP_SECONDS).code(), "granted by nobody");
    assertEquals("503", status(web1, "web2", 1));
    assertEquals("503", status(web2, "web1", 1));

    web3.start();
    awaitAnswer(web2, "the other one goes on");
    awaitAnswer(web1, "this node goes on");
    assertEquals("409", status(web2, "web1", 1));
    assertEquals(UNDECIDED, script(web2, "web1").code());
    assertEquals(GRANTED, script(web1, "web2").code(), "granted again");

    says(web1, ALONE, 2);
    assertEquals("409", status(web2, "web1", 1));
    says(web1, TOGETHER, 2);
    says(web2, TOGETHER, 2);
    awaitAnswer(web1, "would grant");
    awaitAnswer(web2, "would grant");

    says(web1, FROZEN, 2);
    says(web2, FROZEN, 2);
    assertEquals("503", status(web2, "web1", 1), "a late question of the first cut");
    assertEquals(GRANTED, script(web2, "web1").code());
    assertEquals("409", status(web1, "web2", 2));
    assertEquals(UNDECIDED, script(web1, "web2").code());
  }

  @Test
  void decidesNothingOnceItsMemoryIsDamaged() throws IOException {
    awaitAnswer(web1, "would grant");
    awaitAnswer(web2, "would grant");
    web3.kill();
    Path memory = web3.state().resolve("arbitration");
    String text = Files.readString(memory);
    Files.writeString(memory, text.substring(0, text.length() / 2));
    web3.start();
    says(web1, FROZEN, 1);
    Deadline.in(PATIENCE)
        .await(
            "web1 hears that the memory is lost",
            () -> arbiter(web1).text().contains("lost its memory"),
            () -> arbiter(web1) + "\n" + web1.log() + web3.log());
    assertEquals("503", status(web1, "web2", 1));
    assertEquals(UNDECIDED, script(web1, "web2", GIVEN_UP_SECONDS).code());
  }

  private void configure(TestNode node) throws IOException {
    Path mount = Files.createDirectories(node.home().resolve("mount"));
    Path drops = Files.createDirectories(node.home().resolve("conf.d"));
    Files.writeString(
        drops.resolve("block.toml"),
        """
        [[root]]
        name = "block"
        path = "%s"
        driver = "drbd-ocfs2"
        [root.drbd]
        resource = "r0"
        secret_file = "/etc/replicator/r0.secret"
        fence_arbiter = "web3"
        [[root.drbd.node]]
        name = "web1"
        disk = "/dev/vda"
        address = "10.66.0.1:7788"
        cluster_address = "10.66.0.1:7777"
        [[root.drbd.node]]
        name = "web2"
        disk = "/dev/vda"
        address = "10.66.0.2:7788"
        cluster_address = "10.66.0.2:7777"
        [root.ocfs2]
        cluster = "wp"
        """
            .formatted(mount));
    // It only looks: nothing of this machine is to be changed.
    Path state = Files.createDirectories(node.state().resolve("roots/block"));
    Files.writeString(state.resolve("paused"), "");
    Path tools = Files.createDirectories(node.home().resolve("tools"));
    String home = node.home().toString();
    tool(tools.resolve("drbdadm"), "[ \"$1\" = get-gi ] && cat " + home + "/generation");
    tool(tools.resolve("drbdsetup"), "cat " + home + "/events");
    // The module seems to be loaded; the real program is hidden behind this one.
    tool(
        node.home().resolve("cat"),
        """
        [ "$1" = /proc/drbd ] && exit 0
        while IFS= read -r line; do printf '%s\\n' "$line"; done <"$1"
        """);
  }

  private static void tool(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private static List<String> asHost(TestNode node) {
    Path home = node.home();
    String script =
        """
        echo %1$s >/proc/sys/kernel/hostname
        mount --bind %2$s/tools/drbdadm /usr/sbin/drbdadm
        mount --bind %2$s/tools/drbdsetup /usr/sbin/drbdsetup
        mount --bind %2$s/cat /usr/bin/cat
        exec "$@"
        """
            .formatted(node.name(), home);
    return List.of("unshare", "--uts", "--mount", "/bin/sh", "-euc", script, "sh");
  }

  /** What DRBD says on a node from now on. */
  private static void says(TestNode node, String events, int generation) throws IOException {
    Files.writeString(node.home().resolve("generation"), generation(generation) + "\n");
    Files.writeString(node.home().resolve("events"), events);
  }

  private static String generation(int number) {
    return "%016X:0000000000000000:0000000000000000:0000000000000000:1:1:1:1:0:0:0"
        .formatted(0x1000L * number + 1);
  }

  private static Path socket(TestNode node) {
    return node.state().resolve("control.sock");
  }

  private static Ended script(TestNode node, String peer) throws IOException {
    return script(node, peer, ASKED_SECONDS);
  }

  private static Ended script(TestNode node, String peer, int seconds) throws IOException {
    return Program.run(
        List.of(
            "/usr/bin/env",
            "PATH=" + node.home().resolve("tools") + ":/usr/sbin:/usr/bin:/sbin:/bin",
            "DRBD_RESOURCE=r0",
            "DRBD_PEER=" + peer,
            "/bin/sh",
            SCRIPT.toString(),
            socket(node).toString(),
            Integer.toString(seconds)));
  }

  /** What the script is answered, as a code of HTTP. */
  private static String status(TestNode node, String peer, int generation) throws IOException {
    String target =
        "http://replicator/v1/fence?resource=r0&peer="
            + peer
            + "&generation="
            + generation(generation);
    return Program.run(
            List.of(
                "curl",
                "--silent",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                "--unix-socket",
                socket(node).toString(),
                "--request",
                "POST",
                target))
        .out();
  }

  private static ArbiterJson arbiter(TestNode node) {
    return ControlJson.readList(ArbiterJson.class, node.get("/v1/arbiters", Map.of())).getFirst();
  }

  private static void awaitAnswer(TestNode node, String text) {
    Deadline.in(PATIENCE)
        .await(
            node.name() + " hears: " + text,
            () -> arbiter(node).reachable() && arbiter(node).text().equals(text),
            () -> arbiter(node) + "\n" + node.log());
  }
}
