package dev.replicator.cli.cluster;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that is moved in on one node, and requests that another one serves meanwhile. */
class WholeDirectoryTest {
  private static final int FILES = 200;
  private static final int PLUGINS = 5;
  private static final int KILLS = 6;
  private static final int KILL_MILLIS_MAX = 120;

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

  /** Unpacks a plugin of {@link #FILES} files in {@code place}. */
  private static Path unpack(Path place) throws IOException {
    Files.createDirectories(place);
    for (int i = 0; i < FILES; i++) {
      Path file = place.resolve("d" + i % 7).resolve("e" + i % 3).resolve("f" + i + ".php");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "<?php // " + place + " " + i + " ".repeat(i * 20));
    }
    return place;
  }

  private static long files(Path plugin) throws IOException {
    try (Stream<Path> all = Files.walk(plugin)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  /** Looks at a plugin over and over; tells how often it was seen, and fails on half of one. */
  private static int readUntil(AtomicBoolean done, Path plugin) {
    int seen = 0;
    while (!done.get()) {
      try {
        if (Files.exists(plugin)) {
          assertEquals(FILES, files(plugin), "half of it");
          seen++;
        }
      } catch (IOException failure) {
        throw new AssertionError("a reader of " + plugin + " was refused", failure);
      }
    }
    return seen;
  }

  @Test
  void neverShowsHalfAPlugin() throws IOException {
    Files.createDirectories(a.path("plugins"));
    Files.createDirectories(a.path("upgrade"));
    cluster.converge();
    for (int i = 0; i < PLUGINS; i++) {
      String name = "plugins/p" + i;
      // From outside of the root, and from another place of it.
      Path unpacked = unpack(i % 2 == 0 ? a.home().resolve("p" + i) : a.path("upgrade/p" + i));
      cluster.converge();
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Integer> reader =
          CompletableFuture.supplyAsync(() -> readUntil(done, b.path(name)));

      Files.move(unpacked, a.path(name), ATOMIC_MOVE);
      a.awaitShownBy("all");
      done.set(true);

      reader.join();
      assertEquals(FILES, files(b.path(name)));
      cluster.converge();
    }
  }

  @Test
  void recoversWheneverItIsKilledMeanwhile() throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    Files.createDirectories(a.path("killed"));
    cluster.converge();
    for (int i = 0; i < KILLS; i++) {
      String name = "killed/p" + i;
      Path unpacked = unpack(a.home().resolve("k" + i));
      Files.move(unpacked, a.path(name), ATOMIC_MOVE);
      long until = System.nanoTime() + random.nextInt(KILL_MILLIS_MAX) * 1_000_000L;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }

      b.kill();
      b.start();
      b.awaitLive(1);

      cluster.converge();
      assertEquals(FILES, files(b.path(name)));
      assertEquals(0, b.conflicts().size());
      assertEquals(List.of(), staged(b));
    }
  }

  private static List<Path> staged(TestNode node) throws IOException {
    try (Stream<Path> all = Files.walk(node.state())) {
      return all.filter(path -> path.toString().contains("/staging/staging/")).toList();
    }
  }
}
