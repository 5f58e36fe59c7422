package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A root that one node hands from the file engine to DRBD, and takes back. */
@Timeout(300)
final class DriverMoveTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  @TempDir private Path home = Path.of("");

  private Cluster cluster = new Cluster(List.of());

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void deletesNothingOnEitherNodeAndGoesOnWhereItWas() throws IOException {
    cluster = Cluster.start(home, "a", "b");
    TestNode a = cluster.node("a");
    TestNode b = cluster.node("b");
    Program.shell(a.root(), "mkdir x; for i in 1 2 3; do echo $i > x/$i; done");
    cluster.converge();
    a.terminate();
    Manifest tree = Manifest.of(a.root());
    Path state = a.state().resolve("roots").resolve(TestNode.ROOT);
    Manifest memory = Manifest.of(state);
    String files = Files.readString(a.config());

    Files.writeString(a.config(), files + drbd(Files.readString(HOST).strip()));
    // It only looks: nothing of this machine is to be changed.
    Path paused = Files.writeString(state.resolve("paused"), "");
    a.start();
    Deadline.in(PATIENCE)
        .await("DRBD's driver has it", () -> a.rootStatus().state().equals("paused"), a::describe);
    a.terminate();
    Files.delete(paused);
    assertEquals(List.of(), tree.differences(Manifest.of(a.root())));
    assertEquals(List.of(), tree.differences(Manifest.of(b.root())));
    assertEquals(List.of(), memory.differences(Manifest.of(state)));

    Files.writeString(a.config(), files);
    Files.writeString(b.path("x/4"), "4");
    a.start();
    a.awaitLive(1);
    cluster.converge();
    assertEquals(List.of(), Manifest.of(a.root()).differences(Manifest.of(b.root())));
    assertTrue(Files.exists(a.path("x/1")) && Files.exists(a.path("x/4")));
  }

  private static String drbd(String host) {
    return """

    driver = "drbd-ocfs2"
    [root.drbd]
    resource = "r0"
    secret_file = "/etc/replicator/r0.secret"
    fence_survivor = "%1$s"
    [[root.drbd.node]]
    name = "%1$s"
    disk = "/dev/vda"
    address = "10.66.0.1:7788"
    cluster_address = "10.66.0.1:7777"
    [[root.drbd.node]]
    name = "no-such-host"
    disk = "/dev/vda"
    address = "10.66.0.2:7788"
    cluster_address = "10.66.0.2:7777"
    [root.ocfs2]
    cluster = "wp"
    """
        .formatted(host);
  }
}
