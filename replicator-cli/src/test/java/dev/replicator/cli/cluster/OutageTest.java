package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that are away, killed, or changed behind their daemon's back. */
class OutageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int LARGE_FILES = 8;
  private static final int LARGE_BYTES = 400_000;
  private static final Duration LOAD = Duration.ofSeconds(4);

  @TempDir static Path home;
  private static Cluster cluster;
  private static TestNode a;
  private static TestNode b;

  @BeforeAll
  static void start() throws IOException {
    cluster = Cluster.start(home, "a", "b");
    a = cluster.node("a");
    b = cluster.node("b");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void restart(TestNode node) throws IOException {
    node.start();
    a.awaitLive(1);
    b.awaitLive(1);
  }

  @Test
  void catchesUpWithWhatHappenedWhileItWasAway() throws IOException {
    Program.shell(
        a.root(),
        """
        mkdir away; for i in $(seq 50); do echo $i > away/$i; done
        for i in $(seq %d); do head -c %d /dev/urandom > away/large$i; done
        """
            .formatted(LARGE_FILES, LARGE_BYTES));
    cluster.converge();
    b.terminate();

    Program.shell(
        a.root(),
        "cd away; rm 1 2 3; echo new > 4; mkdir sub; mv 5 sub/five; chmod 0600 6; ln -s 7 link;"
            + " mv large1 sub/moved; chmod 0600 large3; touch large4");
    assertFalse(b.isRunning());
    long before = wireBytes(a);
    restart(b);
    cluster.converge();
    long wire = wireBytes(a) - before;
    assertTrue(wire > 0 && wire < LARGE_BYTES, () -> wire + " bytes on the wire");
    assertEquals("new\n", Files.readString(b.path("away/4")));
    assertFalse(Files.exists(b.path("away/1")));
  }

  private static long wireBytes(TestNode node) {
    return node.status().peers().stream().mapToLong(peer -> peer.bytesIn() + peer.bytesOut()).sum();
  }

  @Test
  void takesInWhatBothSidesDidWhileTheirDaemonsWereDown() throws IOException {
    Program.shell(a.root(), "mkdir off; for i in $(seq 20); do echo $i > off/$i; done");
    cluster.converge();
    a.terminate();
    b.terminate();

    Program.shell(a.root(), "cd off; echo a > 1; rm 2; mkdir new-a; echo x > new-a/x; mv 3 moved");
    Program.shell(b.root(), "cd off; echo b > 10; rm 11; echo y > new-b; chmod 0600 12");
    a.start();
    restart(b);
    cluster.converge();

    assertEquals("a\n", Files.readString(b.path("off/1")));
    assertEquals("b\n", Files.readString(a.path("off/10")));
    assertFalse(Files.exists(b.path("off/2")));
    assertFalse(Files.exists(a.path("off/11")));
    assertFalse(Files.exists(b.path("off/3")));
    assertTrue(Files.exists(b.path("off/new-a/x")) && Files.exists(a.path("off/new-b")));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void losesNothingWhenKilledUnderLoad(long seed) throws IOException {
    Random random = new Random(seed);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    Path target = Files.createDirectories(a.path("load-" + seed));
    Path other = Files.createDirectories(b.path("daol-" + seed));
    CompletableFuture<Boolean> load =
        Aside.run(() -> write(target, new Random(seed), done, written));
    CompletableFuture<Boolean> back =
        Aside.run(() -> write(other, new Random(-seed), done, new AtomicInteger()));
    try {
      Deadline end = Deadline.in(LOAD);
      while (!end.isOver()) {
        int until = written.get() + 1 + random.nextInt(40);
        Deadline.in(PATIENCE)
            .await("more is written", () -> written.get() >= until || load.isDone());
        TestNode victim = random.nextBoolean() ? a : b;
        victim.kill();
        victim.start();
      }
    } finally {
      done.set(true);
    }
    load.join();
    back.join();
    a.awaitLive(1);
    b.awaitLive(1);
    cluster.converge();

    int last = written.get();
    assertEquals(
        "last " + last, Files.readString(b.path("load-" + seed + "/last")), "seed " + seed);
    for (int i = 0; i < last; i++) {
      String expected = "file " + i;
      if (i % 5 == 4) {
        assertFalse(Files.exists(b.path("load-" + seed + "/" + i)), "seed " + seed + ": " + i);
      } else {
        assertTrue(
            Files.readString(b.path("load-" + seed + "/" + i)).startsWith(expected), "file " + i);
      }
    }
    assertEquals(0, a.conflicts().size(), a::describe);
  }

  /** Creates, replaces and deletes: every fifth file is gone in the end. */
  private static boolean write(
      Path directory, Random random, AtomicBoolean done, AtomicInteger written) {
    try {
      while (!done.get()) {
        int number = written.get();
        Path file = directory.resolve(Integer.toString(number));
        Files.writeString(file, "file " + number + "x".repeat(random.nextInt(100_000)));
        Files.writeString(directory.resolve("last"), "last " + (number + 1));
        if (number % 5 == 4) {
          Files.delete(file);
        }
        written.incrementAndGet();
        Deadline.rest();
      }
      return true;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
