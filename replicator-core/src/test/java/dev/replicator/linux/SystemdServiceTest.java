package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.port.ServiceManager;
import dev.replicator.port.ServiceManager.Notice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, and by which environment. */
final class SystemdServiceTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final long SELF = 42;

  @TempDir private Path directory;

  private static ServiceManager manager(String... environment) {
    Map<String, String> variables = new java.util.TreeMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      variables.put(environment[i], environment[i + 1]);
    }
    return SystemdService.of(variables, SELF);
  }

  private static void tells(String address) throws IOException {
    try (NotifySocket socket = new NotifySocket(address)) {
      ServiceManager manager = manager("NOTIFY_SOCKET", address);

      manager.tell(new Notice.Ready());
      assertEquals("READY=1", socket.next(SOON));
      manager.tell(new Notice.Status("caf\u00e9 live\nREADY=1"));
      assertEquals("STATUS=caf\u00e9 live READY=1", socket.next(SOON));
      manager.tell(new Notice.Alive());
      assertEquals("WATCHDOG=1", socket.next(SOON));
      manager.tell(new Notice.Stopping());
      assertEquals("STOPPING=1", socket.next(SOON));
    }
  }

  @Test
  void tellsASocketThatHasAPath() throws IOException {
    tells(directory.resolve("notify").toString());
  }

  @Test
  void tellsASocketThatHasANameOfItsOwn() throws IOException {
    tells("@replicator-test/" + UUID.randomUUID());
  }

  @Test
  void tellsWhenItBeganToReload() throws IOException {
    String address = directory.resolve("notify").toString();
    try (NotifySocket socket = new NotifySocket(address)) {
      long before = System.nanoTime() / 1_000;
      manager("NOTIFY_SOCKET", address).tell(new Notice.Reloading());

      String[] lines = socket.next(SOON).split("\n");
      assertEquals("RELOADING=1", lines[0]);
      long told = Long.parseLong(lines[1].substring("MONOTONIC_USEC=".length()));
      assertTrue(before <= told && told <= System.nanoTime() / 1_000, lines[1]);
    }
  }

  @Test
  void goesOnWithoutWhoWasToBeTold() throws IOException {
    String address = directory.resolve("notify").toString();
    ServiceManager manager = manager("NOTIFY_SOCKET", address);
    manager.tell(new Notice.Ready());
    try (NotifySocket socket = new NotifySocket(address)) {
      manager.tell(new Notice.Alive());

      assertEquals("WATCHDOG=1", socket.next(SOON));
    }
    manager.tell(new Notice.Stopping());
  }

  @Test
  void tellsNobodyWithoutAnAddress() {
    assertSame(ServiceManager.NONE, manager());
    assertSame(ServiceManager.NONE, manager("NOTIFY_SOCKET", ""));
    assertSame(ServiceManager.NONE, manager("NOTIFY_SOCKET", "vsock:2:1"));
    assertSame(ServiceManager.NONE, manager("NOTIFY_SOCKET", "/" + "x".repeat(107)));
    assertEquals(Optional.empty(), ServiceManager.NONE.watchdog());
  }

  @Test
  void hasAWatchdogOnlyWhenItIsMeantForThisProcess() {
    String[] socket = {"NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "42"};
    assertEquals(Optional.of(Duration.ofSeconds(3)), manager(socket).watchdog());
    socket[5] = "43";
    assertEquals(Optional.empty(), manager(socket).watchdog());
    assertEquals(
        Optional.of(Duration.ofSeconds(3)),
        manager("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", "3000000").watchdog());
    for (String wrong : new String[] {"", "0", "-1", "x", "9223372036854775807"}) {
      assertEquals(
          Optional.empty(), manager("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", wrong).watchdog());
    }
  }
}
