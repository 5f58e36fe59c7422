package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.EventJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code replicator events} beside two real daemons. */
@Timeout(120)
class EventsTest {
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

  /** The command as a process that goes on, and what it printed. */
  private static final class Follower implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;
    private final List<EventJson> seen = new ArrayList<>();

    Follower(TestNode node, String... more) throws IOException {
      List<String> words = new ArrayList<>(List.of("events", "--follow", "--json"));
      words.addAll(List.of("--config", node.config().toString()));
      words.addAll(List.of(more));
      process =
          Program.builder(Program.replicator(node.home().resolve("tmp"), words))
              .redirectError(node.home().resolve("events.err").toFile())
              .start();
      lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Reads on up to an event. */
    EventJson await(Predicate<EventJson> wanted) throws IOException {
      EventJson event;
      do {
        String line = lines.readLine();
        if (line == null) {
          throw new AssertionError("the command ended after " + seen);
        }
        event = ControlJson.read(EventJson.class, line);
        seen.add(event);
      } while (!wanted.test(event));
      return event;
    }

    EventJson await(String kind, String path) throws IOException {
      return await(event -> event.kind().equals(kind) && event.path().equals(path));
    }

    @Override
    public void close() {
      process.destroyForcibly();
      try {
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void whatIsWrittenOnOneNodeIsSeenAsAppliedOnTheOther() throws IOException {
    try (Follower here = new Follower(a);
        Follower there = new Follower(b, "site")) {
      there.await(event -> event.kind().equals("connected") && event.peer().equals("a"));
      Files.writeString(a.path("page.php"), "12345");
      EventJson applied = there.await("applied", "page.php");
      assertEquals("a", applied.peer());
      assertEquals("file, 5 bytes", applied.detail());
      assertEquals(TestNode.ROOT, applied.root());
      assertEquals("", here.await("written", "page.php").peer());

      Files.delete(a.path("page.php"));
      assertEquals("a", there.await("removed", "page.php").peer());
      here.await("deleted", "page.php");
    }
    assertTrue(b.succeed("events", "site").contains("  site:page.php  from a  file, 5 bytes"));
  }

  @Test
  void aFollowerHearsThatTheDaemonWasStartedAgainAndGoesOn() throws IOException {
    try (Follower there = new Follower(b)) {
      Files.writeString(a.path("before"), "x");
      there.await("applied", "before");
      b.kill();
      b.start();
      there.await(event -> event.kind().equals("restarted"));
      a.awaitLive(1);
      Files.writeString(a.path("after"), "x");
      there.await("applied", "after");
    }
    cluster.converge();
  }
}
