package dev.replicator.cli.cluster;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final int UPDATES = 4;

  /** Between the two renames of an update by WordPress. */
  private static final Duration UPDATE_GAP = Duration.ofMillis(450);

  private static final int KILLS = 6;
  private static final int KILL_MILLIS_MAX = 120;

  /** An absence is judged after 300 ms, all of an update soon after. */
  private static final int UPDATE_KILL_MILLIS_MAX = 900;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
      CompletableFuture<Integer> reader = Aside.run(() -> readUntil(done, b.path(name)));

      try {
        Files.move(unpacked, a.path(name), ATOMIC_MOVE);
        a.awaitShownBy("all");
      } finally {
        done.set(true);
      }

      reader.join();
      assertEquals(FILES, files(b.path(name)));
      cluster.converge();
    }
  }

  /** As WordPress does: the old version away, and half a second later the new one in. */
  private static void update(Path plugin, Path fresh, Path backup) throws IOException {
    Files.move(plugin, backup, ATOMIC_MOVE);
    Deadline gap = Deadline.in(UPDATE_GAP);
    while (!gap.isOver()) {
      Deadline.rest();
    }
    Files.move(fresh, plugin, ATOMIC_MOVE);
  }

  /** Where the version that a file is of was unpacked. */
  private static String version(Path file) throws IOException {
    return Files.readString(file).split(" ", 4)[2];
  }

  /**
   * Compares the versions of two files, over and over. When the first is of one version before and
   * after the second was read, that is all that was there.
   *
   * @param seen takes the versions that were seen
   */
  private static boolean readVersionsUntil(AtomicBoolean done, Path plugin, Set<String> seen) {
    List<Path> files;
    try (Stream<Path> all = Files.walk(plugin)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    for (int i = 0; !done.get(); i++) {
      try {
        String before = version(files.getFirst());
        String other = version(files.get(Math.floorMod(i, files.size())));
        String after = version(files.getFirst());
        seen.add(before);
        if (before.equals(after)) {
          assertEquals(before, other, "two versions at once");
        }
      } catch (NoSuchFileException overtaken) {
        // Who is on his way through the old directory at that moment finds it empty, once.
        assertTrue(files.stream().allMatch(Files::exists), overtaken::toString);
      } catch (IOException failure) {
        throw new AssertionError("a reader of " + plugin + " was refused", failure);
      }
    }
    return true;
  }

  private static void awaitSeen(Set<String> seen, int versions, CompletableFuture<?> reader) {
    Deadline.in(PATIENCE)
        .await(
            versions + " versions are seen",
            () -> seen.size() == versions || reader.isDone(),
            seen::toString);
  }

  @Test
  void showsOneVersionOfAPluginOrTheNext() throws IOException {
    Files.createDirectories(a.path("updates"));
    Path plugin = a.path("updates/plugin");
    Files.move(unpack(a.home().resolve("version-0")), plugin, ATOMIC_MOVE);
    a.awaitShownBy("all");
    cluster.converge();
    AtomicBoolean done = new AtomicBoolean();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    CompletableFuture<Boolean> reader =
        Aside.run(() -> readVersionsUntil(done, b.path("updates/plugin"), seen));

    try {
      awaitSeen(seen, 1, reader);
      for (int version = 1; version <= UPDATES; version++) {
        Path fresh = unpack(a.home().resolve("version-" + version));
        update(plugin, fresh, a.home().resolve("backup-" + version));
        a.awaitShownBy("all");
        cluster.converge();
        awaitSeen(seen, version + 1, reader);
      }
    } finally {
      done.set(true);
    }

    reader.join();
    assertEquals(0, b.conflicts().size());
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

  @Test
  void recoversWheneverItIsKilledDuringAnUpdate() throws IOException {
    SplittableRandom random = new SplittableRandom(8);
    Files.createDirectories(a.path("killed-updates"));
    Path plugin = a.path("killed-updates/plugin");
    Files.move(unpack(a.home().resolve("u-0")), plugin, ATOMIC_MOVE);
    a.awaitShownBy("all");
    for (int i = 1; i <= KILLS; i++) {
      Path unpacked = unpack(a.home().resolve("u-" + i));
      update(plugin, unpacked, a.home().resolve("u-backup-" + i));
      long until = System.nanoTime() + random.nextInt(UPDATE_KILL_MILLIS_MAX) * 1_000_000L;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }

      b.kill();
      b.start();
      b.awaitLive(1);

      cluster.converge();
      assertEquals(FILES, files(b.path("killed-updates/plugin")));
      assertEquals(0, b.conflicts().size());
      Deadline.in(PATIENCE).await("nothing is staged", () -> staged(b).isEmpty());
    }
  }

  private static List<Path> staged(TestNode node) throws IOException {
    try (Stream<Path> all = Files.walk(node.state())) {
      return all.filter(path -> path.toString().contains("/staging/staging/")).toList();
    }
  }
}
