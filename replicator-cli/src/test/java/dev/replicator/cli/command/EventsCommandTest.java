package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoots;
import dev.replicator.cli.Workplace;
import dev.replicator.cli.control.ControlJson;
import dev.replicator.cli.control.EventJson;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.daemon.MeshNetwork;
import dev.replicator.cli.exit.Failure;
import dev.replicator.cli.terminal.Console;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command against a daemon whose root is made up. */
@Timeout(60)
final class EventsCommandTest {
  @TempDir private Path temporary;
  private Workplace place;
  private final FakeRoots roots = new FakeRoots();
  private Daemon daemon;

  @BeforeEach
  void start() throws Failure {
    place = new Workplace(temporary, "web1").drawn();
    daemon = daemon();
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private Daemon daemon() throws Failure {
    return Daemon.start(place.configuration(), Daemon.Mode.SERVING, roots, MeshNetwork.factory());
  }

  private void tell(Kind kind, String path, String detail) {
    chronicle()
        .tell(
            new Happening(
                "site", kind, Optional.empty(), Optional.of(RelativePath.of(path)), detail));
  }

  private Chronicle chronicle() {
    return Optional.ofNullable(roots.settings.get("site")).orElseThrow().chronicle();
  }

  private int run(Console console, String... words) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--config";
    all[words.length + 1] = place.config().toString();
    return Replicator.run(console, roots, MeshNetwork.factory(), all);
  }

  /** Lines of a command that goes on; it prints no line before somebody takes the one before. */
  private final class Follower implements AutoCloseable {
    private final BlockingQueue<String> lines;
    private final Thread thread;
    private final LinkedBlockingQueue<Integer> code = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();

    Follower(BlockingQueue<String> lines, String... words) {
      this.lines = lines;
      Console console = new Console(new Lines(lines), new PrintStream(notes), false);
      this.thread = Thread.ofPlatform().start(() -> code.add(run(console, words)));
    }

    String next() throws InterruptedException {
      while (true) {
        String line = lines.poll(1, TimeUnit.SECONDS);
        if (line != null) {
          return line;
        }
        assertTrue(code.isEmpty(), () -> "it ended with " + code + ": " + notes);
      }
    }

    @Override
    public void close() throws InterruptedException {
      thread.interrupt();
      thread.join();
    }
  }

  /** Puts each line in a queue, and waits while it has no room. */
  private static final class Lines extends PrintStream {
    private final BlockingQueue<String> lines;

    Lines(BlockingQueue<String> lines) {
      super(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      this.lines = lines;
    }

    @Override
    public void println(String line) {
      try {
        lines.put(line);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        setError();
      }
    }
  }

  private static String without(String time) {
    assertTrue(time.matches("[0-9-]{10}T[0-9:.]{12}Z  .*"), time);
    return time.substring("2026-01-01T00:00:00.000Z  ".length());
  }

  @Test
  void showsTheLastEventsWithNamesThatMoveNoCursor() {
    tell(Kind.WRITTEN, "a", "file, 1 bytes");
    tell(Kind.DELETED, "b\n\u001b[2J", "");

    assertEquals(0, run(place.console, "events", "--last", "1"));
    assertEquals("deleted       site:b\\x0a\\x1b[2J", without(place.out().stripTrailing()));
    assertEquals(0, run(place.console, "events", "site"));
    assertEquals(2, place.out().lines().count());
    assertEquals(0, run(place.console, "events", "--last", "0"));
    assertEquals("", place.out());
  }

  @Test
  void printsNamesThatAreNotUtf8ExactlyAsJson() {
    chronicle()
        .tell(
            new Happening(
                "site",
                Kind.WRITTEN,
                Optional.empty(),
                Optional.of(RelativePath.of(new byte[] {'x', (byte) 0xff})),
                ""));

    assertEquals(0, run(place.console, "events", "--json"));
    EventJson event = ControlJson.read(EventJson.class, place.out());
    assertEquals(Map.of("pathBase64", "eP8="), event.more());
    assertEquals(1, event.number());
  }

  @Test
  void namesWhatIsWrongAsUsage() {
    assertEquals(2, run(place.console, "events", "sits"));
    assertTrue(place.err().contains("did you mean \"site\"?"));
    assertEquals(2, run(place.console, "events", "--last", "-1"));
    assertEquals(2, run(place.console, "events", "--last", "1000000"));
  }

  @Test
  void followsWhatHappens() throws Exception {
    tell(Kind.WRITTEN, "before", "");
    try (Follower follower =
        new Follower(new LinkedBlockingQueue<>(), "events", "--follow", "--last", "1")) {
      assertEquals("written       site:before", without(follower.next()));
      tell(Kind.PENDING, "after", "disk full");
      assertEquals("pending       site:after  disk full", without(follower.next()));
    }
  }

  @Test
  void tellsASlowReaderHowManyHeMissedAndGoesOn() throws Exception {
    tell(Kind.WRITTEN, "first", "");
    try (Follower follower = new Follower(new SynchronousQueue<>(), "events", "--follow")) {
      // Two answers may be on their way to him.
      int more = Limits.EVENTS_KEPT_MAX + 2 * Limits.EVENTS_ANSWERED_MAX;
      assertEquals("written       site:first", without(follower.next()));
      // Nobody takes the next line: the reader hangs in it, and the daemon goes on.
      for (int i = 0; i < more; i++) {
        tell(Kind.WRITTEN, "more-" + i, "");
      }
      String line = without(follower.next());
      while (!line.startsWith("dropped")) {
        line = without(follower.next());
      }
      assertTrue(line.matches("dropped +[0-9]+ events were dropped.*"), line);
      while (!line.endsWith("more-" + (more - 1))) {
        line = without(follower.next());
      }
    }
  }

  @Test
  void tellsThatTheDaemonWasStartedAgain() throws Exception {
    try (Follower follower = new Follower(new LinkedBlockingQueue<>(), "events", "--follow")) {
      tell(Kind.WRITTEN, "before", "");
      assertEquals("written       site:before", without(follower.next()));
      daemon.close();
      daemon = daemon();
      tell(Kind.WRITTEN, "after", "");
      assertTrue(without(follower.next()).startsWith("restarted"));
      assertEquals("written       site:after", without(follower.next()));
    }
  }

  @Test
  void endsWithThreeWithoutADaemonAlsoWhenItIsToFollow() {
    daemon.close();
    assertEquals(3, run(place.console, "events"));
    assertEquals(3, run(place.console, "events", "--follow"));
    assertEquals(List.of(), place.out().lines().toList());
  }
}
