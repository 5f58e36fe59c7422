package dev.replicator.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.control.HistoryJson;
import dev.replicator.model.Change;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.VersionVector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A peer with a valid key tells real daemons what can be and is not so. */
class HostileClaimsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path home;
  private Cluster cluster;
  private TestNode a;
  private TestNode b;

  @BeforeEach
  void start() throws IOException {
    cluster = Cluster.start(home, "a", "b");
    a = cluster.node("a");
    b = cluster.node("b");
    Files.writeString(a.path("kept"), "by a user");
    awaitText(b, "kept", "by a user");
  }

  @AfterEach
  void othersGoOn() throws IOException {
    try (Cluster closing = cluster) {
      for (TestNode node : List.of(a, b)) {
        assertTrue(node.isRunning(), node::log);
        assertEquals("live", node.rootStatus().state(), node::describe);
      }
      crosses(a, b);
      crosses(b, a);
      a.kill();
      a.start();
      a.awaitLive(1);
      crosses(b, a);
      closing.awaitEqual();
    }
  }

  private static void crosses(TestNode from, TestNode to) throws IOException {
    String text = from.name() + " at " + System.nanoTime();
    Files.writeString(from.path("honest"), text);
    awaitText(to, "honest", text);
  }

  private static void awaitText(TestNode node, String path, String text) {
    Deadline.in(SOON)
        .await(
            node.name() + " shows " + path + " as " + text,
            () -> Files.exists(node.path(path)) && text.equals(Files.readString(node.path(path))),
            node::describe);
  }

  private static void awaitGone(TestNode node, String path) {
    Deadline.in(SOON)
        .await(
            node.name() + " has no " + path,
            () -> Files.notExists(node.path(path)),
            node::describe);
  }

  private static void awaitAlarm(TestNode node, String words) {
    Deadline.in(SOON).await(node.name() + " warns", () -> warns(node, words), node::describe);
  }

  private static boolean warns(TestNode node, String words) {
    return node.rootStatus().notes().stream().anyMatch(note -> note.contains(words));
  }

  private HostilePeer hostile() throws IOException {
    return HostilePeer.of(a, cluster.nodes());
  }

  @Test
  void takesNoWriteOfItsOwnFromAPeer() throws IOException {
    try (HostilePeer peer = hostile()) {
      Message.Hello before = peer.greeting();

      forge(peer);

      awaitAlarm(a, "a peer remembers more of our writes");
      peer.connect();
      Message.Hello after = peer.greeting();
      assertNotEquals(before.identity(), after.identity(), "no dot is used twice");
      assertEquals("by a user", Files.readString(a.path("kept")));
      a.awaitLive(1);
      assertEquals("by a user", Files.readString(b.path("kept")));
    }
  }

  /** Tells of a write of the victim that it never made. */
  private static void forge(HostilePeer peer) throws IOException {
    Message.Hello hello = peer.greeting();
    ReplicaId self = hello.identity().replica();
    Dot forged = new Dot(self, hello.clock().counter(self) + 1_000);
    peer.tell(RelativePath.of("forged"), BrokenRecords.record(forged, Entry.DIRECTORY));
    peer.session().awaitGoodbye();
  }

  @Test
  void drawsNotOneIdentityAfterTheOtherBecauseAPeerSaysSo() throws IOException {
    try (HostilePeer peer = hostile()) {
      int rounds = 0;
      while (!warns(a, "one of them makes it up")) {
        rounds++;
        assertTrue(rounds <= 2 * Limits.REBIRTHS_MAX, a::describe);
        forge(peer);
        peer.connect();
      }

      Message.Hello last = peer.greeting();
      forge(peer);
      peer.connect();
      assertEquals(last.identity(), peer.greeting().identity());
    }
  }

  @Test
  void goesOnAfterCountersAndClocksThatCannotBeExceeded() throws IOException {
    try (HostilePeer peer = hostile()) {
      Dot last = new Dot(peer.replica(), Long.MAX_VALUE);
      VersionVector context = VersionVector.of(last);
      peer.tell(
          RelativePath.of("late"),
          BrokenRecords.record(context, last, peer.contents.hold("late"), Long.MAX_VALUE));
      awaitText(b, "late", "late");

      Files.writeString(b.path("late"), "edited");
      awaitText(a, "late", "edited");
      Files.writeString(a.path("late"), "edited again");
      awaitText(b, "late", "edited again");
    }
  }

  @Test
  void deletesNoMoreThanItIsToldAndKeepsThat() throws IOException {
    Files.createDirectories(a.path("doomed/below"));
    for (int i = 0; i < 300; i++) {
      Files.writeString(a.path("doomed/below/" + i), "text " + i);
    }
    Files.createDirectories(a.path("parent"));
    Files.writeString(a.path("parent/child"), "stays");
    a.awaitShownBy("1");
    awaitText(b, "doomed/below/299", "text 299");
    awaitText(b, "parent/child", "stays");
    try (HostilePeer peer = hostile()) {
      VersionVector all = peer.greeting().clock();
      int count = 0;
      for (String path : List.of("parent", "doomed", "doomed/below", ".replicator")) {
        count++;
        peer.tell(RelativePath.of(path), absent(all, peer, count));
      }
      for (int i = 0; i < 300; i++) {
        count++;
        peer.tell(RelativePath.of("doomed/below/" + i), absent(all, peer, count));
      }
      peer.awaitTaken();
    }

    for (TestNode node : List.of(a, b)) {
      awaitGone(node, "doomed");
      assertEquals("stays", Files.readString(node.path("parent/child")));
      assertEquals("by a user", Files.readString(node.path("kept")));
    }
    for (int i = 0; i < 300; i += 50) {
      String path = "doomed/below/" + i;
      HistoryJson history = a.history(path);
      String version = history.versions().getFirst().version();
      a.succeed("restore", TestNode.ROOT + ":" + path + "@" + version);
      awaitText(b, path, "text " + i);
    }
  }

  @Test
  void makesATreeOfWhateverIsToldInAnyOrder() throws IOException {
    try (HostilePeer peer = hostile()) {
      Entry.File one = peer.contents.hold("one");
      Entry.File two = peer.contents.hold("two");
      VersionVector none = VersionVector.EMPTY;
      Dot first = new Dot(peer.replica(), 1);
      Dot second = new Dot(peer.replica(), 2);
      VersionVector known = VersionVector.of(first);
      List<Change> batch =
          List.of(
              told("orphan/of/nobody", none, new Dot(peer.replica(), 3), one),
              told("orphan", none, new Dot(peer.replica(), 4), two),
              told("orphan/of", none, new Dot(peer.replica(), 5), Entry.ABSENT),
              told("kept/below", none, new Dot(peer.replica(), 6), one),
              told("twice", known, second, two),
              told("twice", none, first, one),
              told("twice", known, second, two));

      peer.session().tell(new Message.Told(batch));

      awaitText(b, "orphan/of/nobody", "one");
      awaitText(b, "kept/below", "one");
      awaitText(b, "twice", "two");
      for (String path : List.of("orphan", "kept")) {
        Deadline.in(SOON)
            .await(
                path + " is in conflict",
                () -> b.conflicts().stream().anyMatch(it -> it.path().equals(path)),
                b::describe);
      }
    }
    cluster.awaitEqual();
  }

  private static Change told(String path, VersionVector known, Dot dot, Entry entry) {
    return new Change(0, RelativePath.of(path), BrokenRecords.record(known, dot, entry), 0);
  }

  private static Record absent(VersionVector known, HostilePeer peer, long counter) {
    return BrokenRecords.record(known, new Dot(peer.replica(), counter), Entry.ABSENT);
  }

  @Test
  void believesNothingThatIsSaidOnceMore() throws IOException {
    try (HostilePeer peer = hostile()) {
      RelativePath path = RelativePath.of("replayed");
      Dot first = new Dot(peer.replica(), 1);
      Dot second = new Dot(peer.replica(), 2);
      Record one = BrokenRecords.record(first, peer.contents.hold("one"));
      Record two = BrokenRecords.record(VersionVector.of(first), second, peer.contents.hold("two"));
      List<Message> said =
          List.of(
              peer.run(Optional.empty(), new Change(1, path, one, 0)),
              peer.run(Optional.of(VersionVector.of(second)), new Change(2, path, two, 0)),
              new Message.Told(List.of(new Change(0, path, one, 0))));
      for (Message message : said) {
        peer.session().tell(message);
      }
      awaitText(b, "replayed", "two");
      Files.delete(b.path("replayed"));
      awaitGone(a, "replayed");
      peer.connect();
      Message.Hello before = peer.greeting();

      for (int round = 0; round < 2; round++) {
        for (Message message : said) {
          peer.session().tell(message);
        }
        peer.awaitTaken();
        if (round == 0) {
          peer.connect();
          assertEquals(before.identity(), peer.greeting().identity());
          // A start that cannot ask this peer in time draws another one: it may remember more.
          a.kill();
          a.start();
          a.awaitLive(1);
        }
        peer.connect();
      }

      assertEquals(before.clock(), peer.greeting().clock(), "nobody wrote anything");
      assertTrue(Files.notExists(a.path("replayed")));
      assertTrue(Files.notExists(b.path("replayed")));
    }
  }

  @Test
  void keepsEveryContentThatIsToldOfOneWrite() throws IOException {
    ReplicaId writer = HostilePeer.anyReplica();
    RelativePath path = RelativePath.of("torn");
    List<String> texts = List.of("first", "second", "third");
    for (String text : texts) {
      try (HostilePeer peer = hostile()) {
        peer.tell(path, BrokenRecords.record(new Dot(writer, 1), peer.contents.hold(text)));
        awaitKept(a, text);
      }
    }

    awaitAlarm(a, "two contents under one version");
    texts.forEach(text -> awaitKept(b, text));
    cluster.awaitEqual();
  }

  private static void awaitKept(TestNode node, String text) {
    Optional<String> digest = Optional.of(Contents.chunked(text).file().digest().toHex());
    Deadline.in(SOON)
        .await(
            node.name() + " has " + text,
            () ->
                isShown(node, text)
                    || node.conflicts().stream()
                        .filter(conflict -> conflict.path().equals("torn"))
                        .flatMap(conflict -> conflict.versions().stream())
                        .anyMatch(it -> it.digest().equals(digest) && it.availableHere()),
            node::describe);
  }

  private static boolean isShown(TestNode node, String text) throws IOException {
    return Files.exists(node.path("torn")) && Files.readString(node.path("torn")).equals(text);
  }
}
