package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.Proofs;
import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Somebody who owns the tree swaps directories and leaves for symbolic links, in a process of his
 * own, during every kind of operation: nothing outside is ever touched, or taken for ours. A
 * program that checks and then uses is caught by the same attack within a second.
 */
final class SymlinkAttackProof extends LinuxTreeFixture {
  private static final long FLIPS = Proofs.count(600_000, 10_000_000);
  private static final long ROUNDS = Proofs.count(500, 5_000);
  private static final long WATCHED_FLIPS = Proofs.count(60_000, 500_000);
  private static final int CHECK_EACH = 50;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private AttackGround ground() throws IOException {
    return AttackGround.open(base(), root());
  }

  @Test
  void catchesEveryNaiveOperationWithinASecond() throws Exception {
    Path scratch = Files.createDirectory(base().resolve("scratch"));
    try (AttackGround ground = ground()) {
      for (var naive : new NaiveProgram(ground, scratch).operations().entrySet()) {
        long from = System.nanoTime();
        int attempts = 0;
        boolean caught = false;
        while (!caught) {
          attempts++;
          boolean over = System.nanoTime() - from > SECOND;
          caught =
              NaiveProgram.attempt(naive.getValue(), root().resolve("d"))
                  || ((over || attempts % CHECK_EACH == 0) && !ground.isSafe());
          assertTrue(
              caught || !over, naive.getKey() + " was not caught in " + attempts + " attempts");
        }
        Proofs.tell(
            "naive "
                + naive.getKey()
                + " caught after "
                + attempts
                + " attempts, "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from)
                + " ms");
        ground.makeOutside();
      }
    }
  }

  @Test
  void neverLeavesTheRootWhateverIsSwapped() throws Exception {
    Path vault = Files.createDirectory(base().resolve("vault"));
    try (AttackGround ground = ground()) {
      AttackedTree attacked = new AttackedTree(this, ground, vault);
      TreeOperations operations = new TreeOperations(attacked);
      TreeGroupOperations groups = new TreeGroupOperations(attacked, ground);
      long first = ground.flips();
      long rounds = 0;
      while (ground.flips() - first < FLIPS || rounds < ROUNDS) {
        operations.round();
        groups.round();
        if (++rounds % CHECK_EACH == 0) {
          ground.assertAttacked();
          ground.assertSafe();
        }
      }
      ground.assertSafe();
      Map<String, Long> done = attacked.done();
      Proofs.tell(
          (ground.flips() - first)
              + " flips during "
              + rounds
              + " rounds, no escape; done "
              + done);
      assertFalse(done.containsValue(0L), () -> "no moment was left for some: " + done);
    }
  }

  @Test
  void neverWatchesWhatIsOutside() throws Exception {
    assertStaysInside(
        new InotifyWatcher(root(), MachineClock.open(), WatchTiming.STANDARD, 10_000));
  }

  @Test
  void neverTellsOfWhatIsOutsideByAMarkOfTheFileSystem() throws Exception {
    String refusal = "";
    try (Watcher probe =
        new FanotifyWatcher(root(), MachineClock.open(), WatchTiming.STANDARD, 0)) {
      probe.start(new Hints());
    } catch (IOException failure) {
      refusal = String.valueOf(failure.getMessage());
    }
    assumeTrue(refusal.isEmpty(), refusal);
    assertStaysInside(new FanotifyWatcher(root(), MachineClock.open(), WatchTiming.STANDARD, 0));
  }

  private static final class Hints implements Watcher.Listener {
    private final Set<String> names = new ConcurrentSkipListSet<>();
    private volatile boolean suspected;

    @Override
    public void changed(RelativePath path) {
      names.add(path.toString());
    }

    @Override
    public void appeared(RelativePath directory) {
      names.add(directory.toString());
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      // So many changes overflow a queue of inotify: then a scan finds the rest.
      suspected = true;
    }

    @Override
    public void failed(String reason) {
      names.add("failed: " + reason);
    }
  }

  /** Directories come and go while they are swapped, so that watches are set all the time. */
  private void assertStaysInside(Watcher opened) throws Exception {
    Hints hints = new Hints();
    try (AttackGround ground = ground();
        Watcher watcher = opened) {
      watcher.start(hints);
      Path real = Files.createDirectory(root().resolve("made"));
      long first = ground.flips();
      for (int round = 0; ground.flips() - first < WATCHED_FLIPS; round++) {
        Path fresh = Files.createDirectories(real.resolve("n" + round % 100 + "/e"));
        Files.createFile(fresh.resolve("file"));
        Files.createFile(ground.outside().resolve("e/ping"));
        Files.delete(ground.outside().resolve("e/ping"));
        Files.delete(fresh.resolve("file"));
        Files.delete(fresh);
      }
      Files.createFile(ground.outside().resolve("ping"));
      Files.createFile(ground.outside().resolve("e/ping"));
      Files.createFile(real.resolve("last"));
      CountDownLatch seen = new CountDownLatch(1);
      watcher.cookie(seen::countDown);
      assertTrue(seen.await(60, TimeUnit.SECONDS), "no cookie");
      Proofs.tell(
          watcher.capabilities().name()
              + ": "
              + (ground.flips() - first)
              + " flips, "
              + hints.names.size()
              + " names told, none from outside");
    }
    assertTrue(hints.suspected || hints.names.contains("made/last"), hints.names + "");
    assertFalse(hints.names.isEmpty());
    assertFalse(hints.names.stream().anyMatch(name -> name.endsWith("ping")), hints.names + "");
    assertFalse(
        hints.names.stream().anyMatch(name -> name.endsWith(AttackGround.ONLY_OUTSIDE)),
        hints.names + "");
    assertFalse(hints.names.stream().anyMatch(name -> name.startsWith("failed")));
  }
}
