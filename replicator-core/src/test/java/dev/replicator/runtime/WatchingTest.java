package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A root whose watcher dies is watched by another one. */
class WatchingTest {
  private static final long PATIENCE_SECONDS = 20;

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final ShiftedClock clock = new ShiftedClock();
  private final BlockingQueue<MortalWatcher> started = new LinkedBlockingQueue<>();
  private volatile String refusal = "";
  private FileEngine engine;
  private Path root;

  @BeforeEach
  void start() throws Exception {
    engine =
        EngineOnDisk.at(directory, "a")
            .watchers(ignored -> new MortalWatcher())
            .clock(clock)
            .open(EngineOnDisk.node(1), EngineOnDisk.node(2), mesh.link(EngineOnDisk.node(1)));
    root = directory.resolve("a");
  }

  @AfterEach
  void stop() {
    engine.stop();
    mesh.close();
  }

  /** Starts unless it is refused; tells what the test tells it to. */
  private final class MortalWatcher implements Watcher {
    private volatile Optional<Listener> listener = Optional.empty();
    private volatile boolean closed;

    @Override
    public Capabilities capabilities() {
      return new Capabilities("mortal", true, true);
    }

    @Override
    public void start(Listener told) throws IOException {
      if (!refusal.isEmpty()) {
        throw new IOException(refusal);
      }
      listener = Optional.of(told);
      started.add(this);
    }

    void die(String reason) {
      listener.orElseThrow().failed(reason);
    }

    void tell(String path) {
      listener.orElseThrow().changed(RelativePath.of(path));
    }

    @Override
    public void cookie(Runnable seen) {
      seen.run();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** The real clock, gone on. */
  private static final class ShiftedClock implements Clock {
    private final Clock real = MachineClock.open();
    private final AtomicLong shiftMillis = new AtomicLong();

    void advance(Duration by) {
      shiftMillis.addAndGet(by.toMillis());
    }

    @Override
    public long wallMillis() {
      return real.wallMillis() + shiftMillis.get();
    }

    @Override
    public long monotonicNanos() {
      return real.monotonicNanos() + TimeUnit.MILLISECONDS.toNanos(shiftMillis.get());
    }

    @Override
    public String bootId() {
      return real.bootId();
    }

    @Override
    public long bootMillis() {
      return real.bootMillis();
    }
  }

  private MortalWatcher next() throws InterruptedException {
    return Optional.ofNullable(started.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .orElseThrow(() -> new AssertionError("no watcher was started: " + engine.report()));
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> what + ": " + engine.report());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private void awaitEntries(int count) {
    await(count + " entries", () -> engine.report().census().present() == count);
  }

  @Test
  void startsAnotherWatcherAndScansAfterOneDied() throws Exception {
    engine.start();
    MortalWatcher first = next();
    await("live", () -> engine.report().state() == RootReport.State.LIVE);
    Files.writeString(root.resolve("unseen"), "x");
    first.die("the root was unmounted");

    MortalWatcher second = next();
    awaitEntries(1);
    assertTrue(first.closed);
    await("it sees again", () -> engine.report().blind().isEmpty());

    Files.writeString(root.resolve("seen"), "x");
    second.tell("seen");
    awaitEntries(2);
  }

  @Test
  void scansNowAndThenWhileNoWatcherCanBeStarted() throws Exception {
    refusal = "User limit of inotify instances reached";
    engine.start();
    await("blind", () -> engine.report().blind().contains(refusal));
    await("live", () -> engine.report().state() == RootReport.State.LIVE);
    RootReport report = engine.report();
    assertEquals(1, report.notes().stream().filter(report.blind()::equals).count());
    Files.writeString(root.resolve("unseen"), "x");

    clock.advance(Duration.ofSeconds(31));
    awaitEntries(1);
    Files.writeString(root.resolve("later"), "x");
    clock.advance(Duration.ofSeconds(31));
    awaitEntries(2);

    refusal = "";
    clock.advance(Duration.ofSeconds(61));
    next();
    await("it sees", () -> engine.report().blind().isEmpty());
  }

  @Test
  void watchesTheRootAnewOnceItIsBack() throws Exception {
    engine.start();
    MortalWatcher first = next();
    await("live", () -> engine.report().state() == RootReport.State.LIVE);
    Files.move(root, directory.resolve("away"));
    await("held", () -> engine.report().state() == RootReport.State.HELD);
    Files.move(directory.resolve("away"), root);

    MortalWatcher second = next();
    assertTrue(first.closed);
    await("live again", () -> engine.report().state() == RootReport.State.LIVE);
    Files.writeString(root.resolve("seen"), "x");
    second.tell("seen");
    awaitEntries(1);
  }
}
