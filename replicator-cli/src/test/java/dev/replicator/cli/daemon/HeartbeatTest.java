package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.port.ServiceManager;
import dev.replicator.runtime.RootEnd;
import dev.replicator.runtime.RootEndedException;
import dev.replicator.runtime.RootReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The watchdog hears of a daemon as long as all that keeps it going answers. */
final class HeartbeatTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final ServiceManager.Notice ALIVE = new ServiceManager.Notice.Alive();
  private static final ServiceManager.Notice SILENT =
      new ServiceManager.Notice.Status("no answer from root site");

  @TempDir private Path temporary;
  private final FakeRoots roots = new FakeRoots();
  private final Manager manager = new Manager();
  private Daemon daemon;
  private FakeRoot root;

  @BeforeEach
  void start() throws Exception {
    Workplace place = new Workplace(temporary, "web1").drawn();
    daemon = Daemon.start(place.configuration(), Daemon.Mode.SERVING, roots, MeshNetwork.factory());
    root = roots.root("site");
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  /** Keeps what it is told. */
  private static final class Manager implements ServiceManager {
    private final BlockingQueue<Notice> told = new LinkedBlockingQueue<>();

    @Override
    public void tell(Notice notice) {
      told.add(notice);
    }

    @Override
    public Optional<Duration> watchdog() {
      return Optional.of(Duration.ofMillis(2));
    }

    private Notice next() throws InterruptedException {
      return Optional.ofNullable(told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .orElseThrow(() -> new AssertionError("nothing was told"));
    }

    private void awaitNotice(Notice wanted) throws InterruptedException {
      while (!next().equals(wanted)) {
        // Something else was told before.
      }
    }
  }

  @Test
  void beatsAgainAndAgainAndTellsTheStatus() throws Exception {
    try (Heartbeat heartbeat = Heartbeat.start(daemon, manager)) {
      for (int i = 0; i < 3; i++) {
        manager.awaitNotice(ALIVE);
        manager.awaitNotice(new ServiceManager.Notice.Status("site live; 0 of 0 peers connected"));
      }
    }
  }

  @Test
  void stopsWhenARootHangsAndGoesOnWhenItAnswers() throws Exception {
    root.pulse = new CompletableFuture<>();
    CompletableFuture<Void> hanging = root.pulse;
    SortedMap<String, CompletableFuture<Void>> pulses = daemon.pulses();
    // A busy machine may take longer for it than this short period.
    pulses.getOrDefault("network", hanging).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    try (Heartbeat heartbeat = Heartbeat.start(() -> pulses, () -> "site live", manager)) {
      assertEquals(SILENT, manager.next());
      assertTrue(manager.told.isEmpty(), manager.told::toString);

      hanging.complete(null);
      manager.awaitNotice(ALIVE);
    }
  }

  @Test
  void stopsWhenTheNetworkIsGone() throws Exception {
    daemon.close();
    try (Heartbeat heartbeat = Heartbeat.start(daemon, manager)) {
      assertEquals(new ServiceManager.Notice.Status("no answer from network"), manager.next());
    }
  }

  @Test
  void goesOnWithARootThatFailedAndSaysSo() throws Exception {
    root.pulse = CompletableFuture.failedFuture(new RootEndedException("it failed"));
    root.state = RootReport.State.FAILED;
    root.ended.complete(new RootEnd.Broken("for the test"));
    try (Heartbeat heartbeat = Heartbeat.start(daemon, manager)) {
      manager.awaitNotice(ALIVE);
      manager.awaitNotice(new ServiceManager.Notice.Status("site failed; 0 of 0 peers connected"));
    }
  }

  /** Roots that settle a long recovery have a pulse, but say late how they are. */
  @Test
  void goesOnThoughTheStateCannotBeToldYet() throws Exception {
    CompletableFuture<String> state = new CompletableFuture<>();
    try (Heartbeat heartbeat = Heartbeat.start(daemon::pulses, state::join, manager)) {
      for (int i = 0; i < 3; i++) {
        manager.awaitNotice(ALIVE);
      }

      state.complete("site starting");
      manager.awaitNotice(new ServiceManager.Notice.Status("site starting"));
    }
  }

  @Test
  void beatsTwiceWithinTheTimeOfTheWatchdog() {
    assertEquals(Duration.ofMillis(1_500), Heartbeat.period(Optional.of(Duration.ofMillis(3_000))));
    assertEquals(Duration.ofSeconds(10), Heartbeat.period(Optional.of(Duration.ofMinutes(3))));
    assertEquals(Duration.ofSeconds(10), Heartbeat.period(Optional.empty()));
  }
}
