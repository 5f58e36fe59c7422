package dev.replicator.cli.cluster;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that stay up: what travels, and how it appears. */
class PairTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MEBIBYTE = 1 << 20;

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

  @Test
  void carriesFilesDirectoriesLinksModesAndTimes() throws IOException {
    Program.shell(
        a.root(),
        """
        mkdir -p kinds/empty kinds/deep/er kinds/group; chmod 2775 kinds/group
        printf one > kinds/one; chmod 0600 kinds/one
        printf two > kinds/deep/er/two; chmod 0444 kinds/deep/er/two
        : > kinds/nothing
        head -c 3000000 /dev/urandom > kinds/large
        ln -s ../somewhere/else kinds/link; ln -s /nowhere/at/all kinds/absolute
        touch -d '2001-02-03 04:05:06.123456789' kinds/one
        touch -d '1969-12-31 23:59:58' kinds/nothing
        """);
    cluster.converge();
    assertEquals("/nowhere/at/all", Files.readSymbolicLink(b.path("kinds/absolute")).toString());

    Program.shell(
        b.root(),
        """
        cd kinds
        rmdir empty; rm one link; ln -s new link; chmod 0700 deep
        printf more >> deep/er/two; mv large larger; touch -d '2002-03-04' nothing
        rm absolute; mkdir absolute; printf x > absolute/x
        """);
    cluster.converge();
    assertFalse(Files.exists(a.path("kinds/one")));
    assertTrue(Files.isDirectory(a.path("kinds/absolute")));
  }

  @Test
  void showsAWriteThroughOneNameOfAFileUnderAllOfThem() throws IOException {
    Program.shell(a.root(), "mkdir linked; printf old > linked/one; ln linked/one linked/two");
    cluster.converge();

    Program.shell(a.root(), "printf ' new' >> linked/two; chmod 0600 linked/two");
    cluster.converge();
    assertEquals("old new", Files.readString(b.path("linked/one")));

    Program.shell(
        a.root(),
        "printf er >> linked/one; printf other > linked/three; mv linked/three linked/one");
    cluster.converge();
    assertEquals("old newer", Files.readString(b.path("linked/two")));
  }

  @Test
  void isDoneWithATimeThatTheOtherDiskCannotKeep() throws IOException {
    Program.shell(a.root(), "printf x > ancient; touch -d '1969-12-31 23:59:58.5' ancient");

    a.awaitShownBy("all");

    assertEquals(0, b.rootStatus().pending(), b::describe);
    Program.shell(a.root(), "touch ancient");
    cluster.converge();
  }

  @Test
  void carriesOwners() throws IOException {
    assumeTrue(isRoot(), "owners need root");
    Program.shell(
        a.root(),
        """
        mkdir owned; printf x > owned/file; ln -s x owned/link
        chown 1234:2345 owned owned/file; chown -h 33:33 owned/link
        """);
    cluster.converge();
    assertEquals(1234, Files.getAttribute(b.path("owned/file"), "unix:uid"));

    Program.shell(b.root(), "chown 33:33 owned/file");
    cluster.converge();
    assertEquals(33, Files.getAttribute(a.path("owned/file"), "unix:gid"));
  }

  @Test
  void setsOwnerAndModeBeforeAFileShows() throws IOException {
    boolean root = isRoot();
    Deadline deadline = Deadline.in(SOON);
    Files.createDirectories(a.path("seen"));
    for (int i = 0; i < 20; i++) {
      String name = "seen/file-" + i;
      Path staged = a.path("seen-" + i);
      Files.write(staged, new byte[200_000]);
      Program.shell(a.root(), "chmod 0640 seen-" + i + (root ? "; chown 1234:2345 seen-" + i : ""));
      Files.move(staged, a.path(name));
      Map<String, Object> first = firstSight(b.path(name), deadline);
      assertEquals(0100640, first.get("mode"), name);
      assertEquals(200_000L, first.get("size"), name);
      if (root) {
        assertEquals(1234, first.get("uid"), name);
        assertEquals(2345, first.get("gid"), name);
      }
    }
    cluster.converge();
  }

  private static Map<String, Object> firstSight(Path file, Deadline deadline) throws IOException {
    while (!deadline.isOver()) {
      try {
        return Files.readAttributes(file, "unix:mode,uid,gid,size");
      } catch (NoSuchFileException _) {
        Thread.onSpinWait();
      }
    }
    throw new AssertionError(file + " does not show\n" + b.describe());
  }

  @Test
  void neverShowsHalfAFile() throws Exception {
    int replacements = 200;
    Path written = a.path("replaced");
    Path read = b.path("replaced");
    Files.write(written, version(0));
    a.awaitShownBy("all");
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Integer> reader = Aside.run(() -> readUntil(done, begun, read, replacements));
    try {
      begun.await();
      for (int i = 1; i <= replacements; i++) {
        Path next = a.home().resolve("next");
        Files.write(next, version(i));
        Files.move(next, written, ATOMIC_MOVE);
      }
      a.awaitShownBy("all");
    } finally {
      done.set(true);
    }

    assertTrue(reader.join() > 1, "versions seen");
    assertEquals(replacements, Files.readAllBytes(read)[0] & 0xff);
    cluster.converge();
  }

  /** Each version is one byte, repeated. */
  private static byte[] version(int number) {
    byte[] content = new byte[MEBIBYTE];
    Arrays.fill(content, (byte) number);
    return content;
  }

  /** How many versions were seen, of which the first and the last are two. */
  private static int readUntil(
      AtomicBoolean done, CountDownLatch begun, Path file, int replacements) {
    boolean[] seen = new boolean[replacements + 1];
    int versions = 0;
    boolean last = false;
    while (!last) {
      last = done.get();
      try {
        byte[] content = Files.readAllBytes(file);
        assertEquals(MEBIBYTE, content.length);
        for (byte octet : content) {
          assertEquals(content[0], octet, "two versions in one read");
        }
        versions += seen[content[0] & 0xff] ? 0 : 1;
        seen[content[0] & 0xff] = true;
        begun.countDown();
      } catch (IOException failure) {
        throw new AssertionError("a reader of " + file + " was refused", failure);
      }
    }
    return versions;
  }

  @Test
  void carriesNamesAsBytes() throws IOException {
    Program.shell(
        a.root(),
        """
        mkdir names; cd names
        printf 1 > "$(printf 'line\\nbreak')"; printf 2 > ' '; printf 3 > '-rf'; printf 4 > '$(id)'
        printf 5 > "$(printf 'caf\\303\\251')"; printf 6 > "$(printf 'cafe\\314\\201')"
        printf 7 > README; printf 8 > readme; printf 9 > "$(printf '%0255d' 0)"
        """);
    cluster.converge();
    assertEquals(9, b.path("names").toFile().list().length);
  }

  @Test
  void replaysAnUpload() throws IOException {
    Program.shell(
        a.root(),
        """
        head -c 2000000 /dev/urandom > ../phpUpload; chmod 0600 ../phpUpload
        mkdir -p uploads/2026/11
        mv ../phpUpload uploads/2026/11/photo.jpg
        chmod 0644 uploads/2026/11/photo.jpg; chmod 0644 uploads/2026/11/photo.jpg
        for size in scaled 2048x1536 1536x1152 1024x768 768x576 300x225 150x150; do
          head -c 300000 /dev/urandom | dd bs=4096 2>/dev/null \
            of=uploads/2026/11/photo-$size.jpg
          chmod 0644 uploads/2026/11/photo-$size.jpg
        done
        """);
    cluster.converge();
    assertEquals(8, b.path("uploads/2026/11").toFile().list().length);

    Program.shell(b.root(), "rm uploads/2026/11/*.jpg");
    cluster.converge();
    assertEquals(0, a.path("uploads/2026/11").toFile().list().length);
  }

  @Test
  void replaysAPluginUpdateAndItsRollback() throws IOException {
    Program.shell(
        a.root(),
        """
        plugin() {
          for i in $(seq 60); do
            mkdir -p "$1/d$((i % 6))"; printf '<?php // %s %s' "$2" "$i" > "$1/d$((i % 6))/f$i.php"
          done
          printf '<?php // %s' "$2" > "$1/demo.php"
        }
        mkdir -p plugins upgrade upgrade-temp-backup/plugins
        plugin plugins/demo v1
        """);
    cluster.converge();

    Program.shell(
        a.root(),
        """
        mkdir -p upgrade/demo-v2; cp -r plugins/demo upgrade/demo-v2/demo
        printf '<?php // v2' > upgrade/demo-v2/demo/demo.php; rm -r upgrade/demo-v2/demo/d3
        mv plugins/demo upgrade-temp-backup/plugins/demo
        mv upgrade/demo-v2/demo plugins/demo; rmdir upgrade/demo-v2
        """);
    cluster.converge();
    assertEquals("<?php // v2", Files.readString(b.path("plugins/demo/demo.php")));
    assertFalse(Files.exists(b.path("plugins/demo/d3")));

    Program.shell(
        a.root(),
        """
        rm -r plugins/demo
        mv upgrade-temp-backup/plugins/demo plugins/demo
        """);
    cluster.converge();
    assertEquals("<?php // v1", Files.readString(b.path("plugins/demo/demo.php")));
    assertTrue(Files.exists(b.path("plugins/demo/d3")));
    assertEquals(0, a.conflicts().size());
  }

  @Test
  void noticesEveryChangeOfABurst() throws IOException {
    Program.shell(
        a.root(),
        """
        for d in $(seq 20); do
          mkdir -p burst/$d/x; for f in $(seq 25); do echo $d.$f > burst/$d/x/$f; done
        done
        """);
    Program.shell(b.root(), "mkdir -p tsrub; for f in $(seq 200); do echo $f > tsrub/$f; done");
    cluster.converge();
    Program.shell(a.root(), "mv burst/1 burst/moved; rm -r burst/2 burst/3; mv tsrub burst/4");
    cluster.converge();
  }

  private static boolean isRoot() throws IOException {
    return Program.shell(home, "id -u").strip().equals("0");
  }
}
