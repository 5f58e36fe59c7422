package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees that vanish: no deletion may follow from that. */
class RootLossTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Below the pause between two scans of a root that nobody watches. */
  private static final Duration SEEN = Duration.ofSeconds(10);

  private static final int FILES = 40;

  @TempDir Path home;
  private TestNode a;
  private TestNode b;
  private Cluster cluster;
  private String http;

  @BeforeEach
  void start() throws IOException {
    http = "127.0.0.1:" + Ports.reserve();
    a = TestNode.init(home, "a", "--http", http);
    b = TestNode.init(home, "b");
    cluster = new Cluster(List.of(a, b));
    Program.shell(
        a.root(), "mkdir x; for i in $(seq %d); do echo $i > x/$i; done".formatted(FILES));
    a.start();
    Cluster.join(a, b);
    b.start();
    a.awaitLive(1);
    b.awaitLive(1);
    cluster.converge();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private int filesOfB() {
    String[] names = b.path("x").toFile().list();
    return names == null ? 0 : names.length;
  }

  private void awaitHeld() {
    Deadline.in(SOON).await("a is held", () -> a.rootStatus().state().equals("held"), a::describe);
    assertFalse(a.rootStatus().reason().isEmpty(), a::describe);
  }

  @Test
  void holdsTheDeletionsOfATreeThatIsEmptied() throws IOException, InterruptedException {
    Program.shell(a.root(), "rm -r x");

    awaitHeld();
    assertEquals(FILES, filesOfB(), b::describe);
    HttpResponse<String> ready = ready();
    assertEquals(503, ready.statusCode());
    assertTrue(ready.body().contains("held"), ready.body());
    assertEquals(FILES, filesOfB());

    Deadline.in(SOON).await("all are held", () -> a.rootStatus().held() == FILES + 1, a::describe);
    String gone = a.succeed("explain", TestNode.ROOT + ":x/1");
    assertTrue(gone.contains("deletion  held: "), gone);
    a.succeed("approve");
    cluster.awaitEqual();
    assertEquals(0, filesOfB());
    assertFalse(a.succeed("explain", TestNode.ROOT + ":x/1").contains("deletion"), a::describe);
    Deadline.in(SOON).await("ready again", () -> ready().statusCode() == 200, a::describe);
    assertFalse(a.succeed("status").contains("held until"), a::describe);
    String events = a.succeed("events", "--last", "1000");
    assertTrue(events.contains("held          site  the root is empty: "), events);
    assertTrue(events.contains("approved      site  " + (FILES + 1) + " deletions go on"), events);
  }

  @Test
  void endsTheHoldWhenTheFilesAreCopiedBackFromAPeer() throws IOException {
    Program.shell(a.root(), "rm -r x");
    awaitHeld();
    String words = a.rootStatus().reason();
    assertTrue(words.contains("`replicator approve`, or until the files are back"), words);

    Program.shell(home, "cp -a b/root/x a/root/");

    a.awaitLive(1);
    assertEquals(0, a.rootStatus().held(), a::describe);
    cluster.converge();
    assertEquals(FILES, filesOfB());
    assertEquals(0, a.rootStatus().conflicts(), a::describe);
  }

  @Test
  void sendsNoDeletionWhenTheTreeWasEmptiedWhileTheDaemonWasDown() throws IOException {
    a.terminate();
    Program.shell(a.root(), "rm -r x");
    a.start();

    Deadline.in(SOON)
        .await(
            "a is held or has its files back",
            () -> a.rootStatus().state().equals("held") || Files.exists(a.path("x/1")),
            a::describe);
    assertEquals(FILES, filesOfB(), b::describe);
  }

  @Test
  void sendsNoDeletionWhenAnotherDirectoryTakesItsPlace() throws IOException {
    Program.shell(home, "mv a/root a/moved; mkdir a/root");

    Deadline.in(SOON)
        .await("a is not live", () -> !a.rootStatus().state().equals("live"), a::describe);
    assertNotEquals("", a.rootStatus().reason(), a::describe);
    assertEquals(FILES, filesOfB(), b::describe);

    Program.shell(home, "rmdir a/root || rm -r a/root; mv a/moved a/root");
    a.awaitLive(1);
    assertFalse(a.succeed("status").contains("another directory"), a::describe);
    Files.writeString(a.path("after"), "after");
    cluster.converge();
    assertEquals(FILES, filesOfB());
  }

  @Test
  void commandsSayThatTheRootIsGoneAndItGoesOnOnceItIsBack() throws IOException {
    Program.shell(home, "mv a/root a/moved");

    awaitHeld();
    assertTrue(a.rootStatus().reason().contains("missing; mount it"), a::describe);
    Program.Ended check = a.run("check");
    assertEquals(2, check.code(), check::out);
    assertTrue(check.out().contains("the root directory is missing"), check.out());
    assertEquals(1, a.run("wait", "--timeout", "1s").code());
    assertEquals(FILES, filesOfB(), b::describe);

    Program.shell(home, "mv a/moved a/root");
    a.awaitLive(1);
    cluster.converge();
    assertEquals(FILES, filesOfB());
  }

  @Test
  void holdsARootWhoseLinkLeadsElsewhereAndTakesThatOnceApproved() throws IOException {
    a.terminate();
    Program.shell(
        home,
        "mkdir releases; mv a/root releases/1; mkdir releases/2; echo new > releases/2/new;"
            + " ln -s ../releases/1 a/root");
    a.start();
    a.awaitLive(1);
    Files.writeString(a.path("x/through"), "the link");
    cluster.converge();
    assertEquals(FILES + 1, filesOfB(), b::describe);

    Program.shell(home, "ln -sfn ../releases/2 a/root; rm -r releases/1/x");
    awaitHeld();
    Deadline.in(SOON)
        .await(
            "it says where the link leads",
            () -> a.succeed("status").contains("releases/2 now"),
            a::describe);
    assertEquals(2, a.run("check").code());
    assertEquals(1, a.run("wait", "--timeout", "1s").code());
    assertEquals(FILES + 1, filesOfB(), b::describe);

    Deadline.in(SOON).await("approved", () -> a.run("approve").code() == 0, a::describe);
    a.awaitLive(1);
    cluster.awaitEqual();
    assertEquals(FILES + 1, filesOfB(), b::describe);
    assertTrue(Files.exists(b.path("new")), b::describe);
    Files.writeString(home.resolve("releases/2/later"), "later");
    Deadline.in(SEEN).await("b has it", () -> Files.exists(b.path("later")), a::describe);
  }

  @Test
  void sendsNoDeletionWhenItWasReplacedWhileTheDaemonWasDown() throws IOException {
    a.terminate();
    Program.shell(home, "mv a/root a/moved; mkdir a/root");
    a.start();

    Deadline.in(SOON)
        .await(
            "a says why it is not live, or has its files back",
            () -> !a.rootStatus().reason().isEmpty() || Files.exists(a.path("x/1")),
            a::describe);
    assertEquals(FILES, filesOfB(), b::describe);
  }

  @Test
  void holdsARootThatAnOlderCopyOfItReplaced() throws IOException {
    Program.shell(home, "cp -a a/root a/copy");
    Files.writeString(b.path("newer"), "newer");
    Files.writeString(b.path("x/1"), "newer");
    cluster.converge();
    a.terminate();
    Program.shell(home, "mv a/root a/moved; mv a/copy a/root");
    a.start();

    awaitHeld();
    assertEquals("newer", Files.readString(b.path("newer")));
    a.succeed("approve");
    a.awaitLive(1);
    cluster.awaitEqual();
    assertEquals("newer", Files.readString(a.path("newer")));
    assertEquals("newer", Files.readString(a.path("x/1")));
  }

  @Test
  void seesChangesAgainAfterTheRootWasGone() throws IOException {
    Program.shell(home, "mv a/root a/moved; mkdir a/root");
    awaitHeld();
    Program.shell(home, "rmdir a/root || rm -r a/root; cp -a a/moved a/root; rm -r a/moved");
    Deadline.in(SOON)
        .await(
            "the copy is taken as the root",
            () -> a.run("approve").code() == 0 && a.rootStatus().state().equals("live"),
            a::describe);
    a.awaitLive(1);
    Deadline.in(SOON).await("it is ready", () -> ready().statusCode() == 200, a::describe);

    Files.writeString(a.path("x/after"), "after");
    Deadline.in(SEEN).await("b has it", () -> Files.exists(b.path("x/after")), a::describe);
    Files.writeString(a.path("x/later"), "later");
    Deadline.in(SEEN).await("b has it", () -> Files.exists(b.path("x/later")), a::describe);
    assertEquals(FILES + 2, filesOfB(), b::describe);
  }

  private HttpResponse<String> ready() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://" + http + "/ready")).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
