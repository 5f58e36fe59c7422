package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.config.Bandwidth;
import dev.replicator.cli.control.StatusJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that may send only so much to its peer. */
class BandwidthTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Bandwidth SLOW = new Bandwidth(64 * 1_024);
  private static final Bandwidth FASTER = new Bandwidth(4 * 1_024 * 1_024);
  private static final int BULK_BYTES = 16 * 1_024 * 1_024;

  /** One chunk, what may go at once, and what is no content: pings, records, encryption. */
  private static final long FREE_BYTES = 1_024 * 1_024;

  @TempDir Path home;
  private Cluster cluster;
  private TestNode a;
  private TestNode b;

  @BeforeEach
  void start() throws IOException {
    cluster = Cluster.start(home, "a", "b");
    a = cluster.node("a");
    b = cluster.node("b");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** Writes the limit into the file, and has the running daemon read it. */
  private void limit(Bandwidth bandwidth, String configured) throws IOException {
    Files.writeString(
        a.config(),
        configured
            + """

            [[peer]]
            name = "b"
            address = "%s"
            key = "%s"
            bandwidth = "%s"
            """
                .formatted(b.address(), b.status().node().id(), bandwidth),
        StandardOpenOption.TRUNCATE_EXISTING);
    Program.shell(home, "kill -HUP " + a.pid());
    Deadline.in(SOON)
        .await(
            "the limit is taken up",
            () ->
                peer()
                    .bandwidthBytesPerSecond()
                    .equals(OptionalLong.of(bandwidth.bytesPerSecond())),
            a::describe);
  }

  private StatusJson.Peer peer() {
    return a.status().peers().getFirst();
  }

  @Test
  void sendsBulkNoFasterThanItMayAndSmallChangesBeforeIt() throws Exception {
    String configured = Files.readString(a.config());
    limit(SLOW, configured);
    assertTrue(a.succeed("status").contains("at most 64KiB/s to it"));

    byte[] noise = new byte[BULK_BYTES];
    new Random(5).nextBytes(noise);
    long began = System.nanoTime();
    long before = peer().bytesOut();
    Files.write(a.path("bulk"), noise);
    Deadline.in(SOON)
        .await("bulk is on its way", () -> peer().bytesOut() > before + 64 * 1_024, a::describe);
    for (int i = 0; i < 5; i++) {
      Path small = b.path("small-" + i);
      Files.writeString(a.path("small-" + i), "small");
      Deadline.in(SOON).await("a small change overtakes", () -> Files.exists(small), b::describe);
    }

    long sent = peer().bytesOut() - before;
    double seconds = seconds(began);
    assertTrue(
        sent <= FREE_BYTES + SLOW.bytesPerSecond() * seconds, sent + " bytes in " + seconds + " s");
    assertTrue(Files.notExists(b.path("bulk")), "all of it came first");

    long left = BULK_BYTES - sent;
    long raised = System.nanoTime();
    limit(FASTER, configured);
    a.awaitShownBy("all");

    assertEquals(-1, Files.mismatch(a.path("bulk"), b.path("bulk")));
    assertTrue(
        seconds(raised) >= (double) (left - FREE_BYTES) / FASTER.bytesPerSecond(),
        left + " bytes in " + seconds(raised) + " s");
    Files.writeString(a.config(), configured);
    Program.shell(home, "kill -HUP " + a.pid());
    Deadline.in(SOON)
        .await("no limit any more", () -> peer().bandwidthBytesPerSecond().isEmpty(), a::describe);
  }

  private static double seconds(long fromNanos) {
    return (System.nanoTime() - fromNanos) / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
