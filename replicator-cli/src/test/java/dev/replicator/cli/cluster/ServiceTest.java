package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.linux.NotifySocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that a service manager started. */
class ServiceTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration WATCHDOG = Duration.ofMillis(400);

  @TempDir Path home;
  private TestNode node;
  private NotifySocket manager;

  @BeforeEach
  void start() throws IOException {
    node = TestNode.init(home, "a");
    // A socket has a short path.
    Path directory = Files.createTempDirectory("notify-");
    String address = directory.resolve("socket").toString();
    directory.toFile().deleteOnExit();
    directory.resolve("socket").toFile().deleteOnExit();
    manager = new NotifySocket(address);
    node.startIn(
        Map.of(
            "NOTIFY_SOCKET", address, "WATCHDOG_USEC", Long.toString(WATCHDOG.toNanos() / 1_000)));
  }

  @AfterEach
  void stop() {
    node.close();
    manager.close();
  }

  private void awaitMessage(String wanted) throws IOException {
    Deadline deadline = Deadline.in(SOON);
    String message = manager.next(SOON);
    while (!message.equals(wanted)) {
      assertTrue(!deadline.isOver() && !message.isEmpty(), () -> wanted + "\n" + node.describe());
      message = manager.next(SOON);
    }
  }

  @Test
  void tellsItsWholeLife() throws IOException {
    assertEquals("READY=1", manager.next(SOON));
    awaitMessage("WATCHDOG=1");
    awaitMessage("STATUS=site live; 0 of 0 peers connected");
    awaitMessage("WATCHDOG=1");
    awaitMessage("WATCHDOG=1");

    Program.shell(home, "kill -HUP " + node.pid());
    List<String> reload = List.of(awaitReload().split("\n"));
    assertEquals("RELOADING=1", reload.getFirst());
    assertTrue(reload.get(1).matches("MONOTONIC_USEC=\\d+"), reload::toString);
    awaitMessage("READY=1");

    node.terminate();
    awaitMessage("STOPPING=1");
    assertEquals("", manager.next(Duration.ZERO));
  }

  private String awaitReload() throws IOException {
    Deadline deadline = Deadline.in(SOON);
    String message = manager.next(SOON);
    while (message.startsWith("WATCHDOG=") || message.startsWith("STATUS=")) {
      // A daemon whose parent ignores the signal, as nohup does, never hears of it.
      assertTrue(!deadline.isOver(), () -> "no reload\n" + node.describe());
      message = manager.next(SOON);
    }
    return message;
  }
}
