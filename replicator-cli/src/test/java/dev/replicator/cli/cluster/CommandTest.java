package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.replicator.cli.cluster.Program.Ended;
import dev.replicator.cli.control.VersionJson;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that an administrator gives to running nodes, as processes. */
class CommandTest {
  private static final Duration SOON = Duration.ofSeconds(60);

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
  void waitEndsOnceEverythingShows() throws IOException {
    Files.writeString(a.path("waited"), "x");

    a.succeed("wait", "--timeout", "30s");

    assertEquals("x", Files.readString(b.path("waited")));
    a.succeed("wait", a.path("waited").toString(), "--peers", "1");
  }

  @Test
  void waitTellsAPeerThatIsOfflineFromOneThatIsSlow() throws IOException {
    b.terminate();
    try {
      Files.writeString(a.path("missed"), "x");
      Ended ended = a.run("wait", "--timeout", "1s");
      assertEquals(4, ended.code(), ended::toString);
      assertTrue(ended.out().contains("b"), ended::toString);
    } finally {
      b.start();
      a.awaitLive(1);
    }
    cluster.converge();
  }

  @Test
  void pauseStopsARootUntilResume() throws IOException {
    a.succeed("pause");
    assertEquals("paused", a.rootStatus().state());
    Files.writeString(a.path("held-back"), "x");
    Files.writeString(b.path("not-taken"), "x");
    Ended here = a.run("wait", "--timeout", "1s");
    assertEquals(1, here.code(), here::toString);
    assertTrue(
        here.out().contains("not live: paused; `replicator resume --config "), here::toString);
    Ended there = b.run("wait", "--timeout", "1s");
    assertEquals(1, there.code(), there::toString);
    assertTrue(there.out().contains("and is paused: `replicator resume` there"), there::toString);
    assertTrue(b.succeed("status").contains("paused on a: "), b::describe);
    assertTrue(b.run("check").out().contains("is paused on a: "), b::describe);
    assertFalse(Files.exists(b.path("held-back")));
    assertFalse(Files.exists(a.path("not-taken")));

    a.succeed("resume");
    cluster.converge();
    assertFalse(b.succeed("status").contains("paused on a"), b::describe);
    assertTrue(Files.exists(b.path("held-back")));
  }

  @Test
  void restoresWhatWasReplacedOrDeleted() throws IOException {
    Files.writeString(a.path("restored"), "first");
    cluster.converge();
    Files.writeString(a.path("restored"), "second");
    cluster.converge();
    Files.delete(a.path("restored"));
    cluster.converge();

    String first =
        b.history("restored").versions().stream()
            .filter(version -> version.size().orElse(0) == "first".length())
            .map(VersionJson::version)
            .findFirst()
            .orElseThrow(() -> new AssertionError(b.history("restored") + b.describe()));
    b.succeed("restore", TestNode.ROOT + ":restored@" + first);
    cluster.converge();
    assertEquals("first", Files.readString(a.path("restored")));
  }

  @Test
  void restoresADirectoryThatWasDeleted() throws IOException {
    Program.shell(
        a.root(),
        "for d in 1 2 3; do mkdir -p gone/$d; for i in $(seq 20); do echo $d $i > gone/$d/$i;"
            + " done; done");
    cluster.converge();
    Program.shell(a.root(), "rm -r gone");
    cluster.converge();
    assertFalse(Files.exists(b.path("gone")));

    String where = TestNode.ROOT + ":gone";
    Ended elsewhere = a.run("restore", "--deleted", where);
    assertEquals(1, elsewhere.code(), elsewhere::toString);
    assertTrue(elsewhere.out().contains("ask there"), elsewhere::toString);
    String listed = b.succeed("history", "--deleted", where, "--since", "1h");
    assertEquals(60, listed.lines().filter(line -> line.contains(" yes ")).count(), listed);
    String counted = b.succeed("restore", "--deleted", where, "--dry-run");
    assertTrue(counted.contains("60 files would be restored"), counted);
    assertFalse(Files.exists(b.path("gone")));

    String restored = b.succeed("restore", "--deleted", where);
    assertTrue(restored.contains("60 files restored"), restored);
    cluster.converge();
    assertEquals("3 20\n", Files.readString(a.path("gone/3/20")));
    assertEquals("1 1\n", Files.readString(b.path("gone/1/1")));
    b.succeed("restore", "--deleted", where);
  }

  @Test
  void resyncComparesAndRepairs() throws IOException {
    Program.shell(a.root(), "mkdir resync; for i in $(seq 30); do echo $i > resync/$i; done");
    cluster.converge();

    // A change through a mapping is told when that is taken away: until then nobody hears of it.
    FileTime before = Files.getLastModifiedTime(a.path("resync/7"));
    try (Arena mapping = Arena.ofShared();
        FileChannel file =
            FileChannel.open(
                a.path("resync/7"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, 1, mapping);
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) 'X');
      mapped.force();
      assumeFalse(
          before.equals(Files.getLastModifiedTime(a.path("resync/7"))), "mappings leave no time");

      String dry = a.succeed("resync", "--dry-run", "--json");
      assertTrue(dry.contains("\"repairedLocally\":1,"), dry);
      assertEquals("7\n", Files.readString(b.path("resync/7")));
      String whole = a.succeed("resync", "--json");
      assertTrue(whole.contains("\"peersCompared\":1"), whole);
      assertTrue(whole.contains("\"repairedLocally\":1,"), whole);
      Deadline.in(SOON)
          .await("b is repaired", () -> Files.readString(b.path("resync/7")).equals("X\n"));
    }
    String again = a.succeed("resync", "--dry-run", "--json");
    assertTrue(again.contains("\"repairedLocally\":0,"), again);
    assertTrue(again.contains("\"differingWithPeers\":0"), again);
    cluster.converge();
  }

  @Test
  void verifyReadsAllContentAgainAndFindsAGoodDisk() throws IOException {
    Files.writeString(a.path("verified"), "x");
    cluster.converge();

    String text = a.succeed("verify", "--json", "--limit", "100MiB/s");

    assertTrue(text.contains("\"damaged\":0"), text);
    assertTrue(text.contains("\"refused\":false,\"reason\":\"\""), text);
    assertFalse(a.rootStatus().verified().endedAt().isEmpty(), a::describe);
    a.succeed("resync", "--checksum");
    cluster.converge();
  }

  @Test
  void resyncWorksWithoutADaemon() throws IOException {
    Files.writeString(a.path("offline"), "before");
    cluster.converge();
    a.terminate();
    try {
      Files.writeString(a.path("offline"), "changed while down");

      String dry = a.succeed("resync", "--dry-run", "--json");

      assertTrue(dry.contains("\"peersCompared\":1"), dry);
      assertTrue(dry.contains("\"repairedLocally\":1"), dry);
      assertEquals("before", Files.readString(b.path("offline")));

      String text = a.succeed("resync", "--json");

      assertTrue(text.contains("\"ended\":true"), text);
      assertEquals("changed while down", Files.readString(b.path("offline")));
    } finally {
      a.start();
      b.awaitLive(1);
    }
    cluster.converge();
  }

  @Test
  void explainTellsWhatIsKnown() throws IOException {
    Files.writeString(a.path("explained"), "x");
    cluster.converge();

    assertTrue(a.explain("explained").known());
    assertTrue(a.explain("explained").pending().isEmpty());
    assertFalse(a.explain("never seen").known());
    assertEquals(Map.of("b", "nothing to have"), a.explain("never seen").peers());
    assertEquals(a.explain("explained").wanted(), a.explain("explained").disk());
    assertTrue(
        a.explain("explained").disk().matches("file, 1 byte, mode 644, owner .*, modified 2.*"),
        a.explain("explained")::toString);
    assertEquals(0, a.run("explain", TestNode.ROOT + ":explained").code());
  }

  @Test
  void statusTellsBothNodes() throws IOException {
    String text = a.succeed("status");
    assertTrue(text.contains("live") && text.contains("b"), text);
    String json = a.succeed("status", "--json");
    assertTrue(json.contains("\"roots\""), json);
    assertEquals(1, a.status().peers().size());
    assertTrue(a.status().peers().getFirst().connected());
  }
}
