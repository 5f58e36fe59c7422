package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.Proofs;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What watching costs others, and how soon it tells: figures, not limits. */
final class WatchCostProof {
  private static final int FILES = 1_000;
  private static final long PAUSE_NANOS = 10_000_000;

  /** What others write costs the watcher no more, which is about ten times of what it should. */
  private static final long NANOS_A_FILE_BESIDE_MAX = 10_000;

  private final Path base;
  private final Path root;
  private final Path beside;

  WatchCostProof(@TempDir Path base) {
    this.base = base.resolve("alone");
    this.root = this.base.resolve("root");
    this.beside = this.base.resolve("beside");
  }

  /** On a file system of its own, where that can be had: nobody else is heard then. */
  @BeforeEach
  void makeRoot() throws Exception {
    Files.createDirectory(base);
    if (Mounts.areAllowed(base)) {
      Mounts.mount("tmpfs", base, base);
    }
    Files.createDirectory(root);
    Files.createDirectory(beside);
  }

  @AfterEach
  void unmount() throws Exception {
    if (Mounts.areAllowed(base)) {
      Mounts.unmount(base);
    }
  }

  /** Takes nothing. */
  private static class Deaf implements Watcher.Listener {
    @Override
    public void changed(RelativePath path) {}

    @Override
    public void appeared(RelativePath directory) {}

    @Override
    public void suspect(RelativePath scope, String reason) {}

    @Override
    public void failed(String reason) {}
  }

  /** Nanoseconds for so many files that another process writes over. */
  private static long write(WatchWriter writer, Path directory, long files) throws IOException {
    long began = System.nanoTime();
    for (long left = files; left > 0; left -= FILES) {
      writer.order("write", directory, 0, FILES);
      writer.await();
    }
    return System.nanoTime() - began;
  }

  @Test
  void ofFilesThatAreWrittenBesideAFanotifyRoot() throws Exception {
    long files = Proofs.count(50_000, 1_000_000);
    try (WatchWriter writer = WatchWriter.start()) {
      write(writer, beside, files / 2);
      long without = write(writer, beside, files);
      try (Watcher watcher = WatchKind.FANOTIFY.over(root)) {
        WatchKind.start(watcher, new Deaf());
        long cpuBefore = processorTime();
        long with = write(writer, beside, files);
        WatchKind.await(watcher);
        long besideNanos = processorTime() - cpuBefore;
        Proofs.tell(
            "fanotify, "
                + files
                + " files written beside the root: the writer takes "
                + String.format("%.2f", (double) with / without)
                + " times as long as without; the watcher uses "
                + besideNanos * 100_000 / files / 1_000_000
                + " ms of processor for 100,000 of them");
        assertTrue(
            besideNanos / files < NANOS_A_FILE_BESIDE_MAX,
            () -> besideNanos / files + " ns for each file beside");
        Path inside = Files.createDirectory(root.resolve("d"));
        write(writer, inside, files / 2);
        WatchKind.await(watcher);
        cpuBefore = processorTime();
        with = write(writer, inside, files);
        WatchKind.await(watcher);
        long cpu = processorTime() - cpuBefore;
        Proofs.tell(
            "fanotify, the same within the root: "
                + String.format("%.2f", (double) with / without)
                + " times as long; "
                + cpu * 100_000 / files / 1_000_000
                + " ms for 100,000");
      }
    }
  }

  /** Of the watcher's thread. */
  private static long processorTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("fanotify-root"))
        .mapToLong(thread -> threads.getThreadCpuTime(thread.threadId()))
        .sum();
  }

  @ParameterizedTest
  @EnumSource
  void betweenACloseAndItsHintInAnIdleTree(WatchKind kind) throws Exception {
    int rounds = (int) Proofs.count(500, 10_000);
    long[] took = new long[rounds];
    Told told = new Told();
    try (Watcher watcher = kind.over(root);
        WatchWriter writer = WatchWriter.start()) {
      WatchKind.start(watcher, told);
      write(writer, beside, 5L * FILES);
      for (int round = -rounds / 2; round < rounds; round++) {
        LockSupport.parkNanos(PAUSE_NANOS);
        // A file that is there: a new one has an event of its own before its close.
        told.next = new CompletableFuture<>();
        writer.order("write", root, round & 1, (round & 1) + 1);
        long closed = writer.await();
        long heard = told.next.get(30, TimeUnit.SECONDS);
        if (round >= 0) {
          took[round] = heard - closed;
        }
      }
    }
    Arrays.sort(took);
    assertEquals(rounds, took.length);
    assertTrue(took[0] > 0, "told before it was closed");
    Proofs.tell(
        kind.text
            + ": close(2) to hint, one every 10 ms: p50 "
            + took[rounds / 2] / 1_000
            + " us, p90 "
            + took[rounds * 9 / 10] / 1_000
            + " us, p99 "
            + took[rounds * 99 / 100] / 1_000
            + " us");
  }

  private static final class Told extends Deaf {
    private volatile CompletableFuture<Long> next = new CompletableFuture<>();

    @Override
    public void changed(RelativePath path) {
      next.complete(System.nanoTime());
    }
  }
}
