package dev.replicator.cli.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.journal.RocksJournal;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootEnd;
import dev.replicator.runtime.RootEndedException;
import dev.replicator.runtime.RootReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LastingRootTest {
  private static final NodeId PEER = FakeRoot.node("02");
  private static final long PATIENCE_SECONDS = 20;

  private final Link link = new Link();
  private final BlockingQueue<FakeRoot> opened = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();
  private IOException cause = new IOException("as it was");
  private Runnable whileItOpens = () -> {};
  private LastingRoot root;
  private FakeRoot first;

  @BeforeEach
  void open() throws Exception {
    root = LastingRoot.open("site", this::opened, link, new TreeMap<>());
    first = next();
    root.start();
  }

  @AfterEach
  void stop() {
    root.stop();
  }

  private ReplicatedRoot opened(PeerLink through, SortedMap<NodeId, String> peers) throws Failure {
    String refusal = refusals.poll();
    if (refusal != null) {
      throw new Failure(ExitCode.REFUSED, refusal, cause);
    }
    FakeRoot fresh = new FakeRoot("site", "/site");
    fresh.names = peers;
    through.listen(fresh);
    whileItOpens.run();
    opened.add(fresh);
    return fresh;
  }

  private FakeRoot next() throws InterruptedException {
    return Optional.ofNullable(opened.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .orElseThrow(() -> new AssertionError("the root was not opened: " + root.report()));
  }

  /** Keeps what is asked of it. */
  private static final class Link implements PeerLink {
    private final List<NodeId> renewed = new CopyOnWriteArrayList<>();
    private Optional<Listener> listener = Optional.empty();

    @Override
    public void listen(Listener told) {
      assertTrue(listener.isEmpty(), "a root listens once");
      listener = Optional.of(told);
    }

    @Override
    public void send(NodeId peer, Message message) {}

    @Override
    public boolean ask(NodeId peer, Message question) {
      return false;
    }

    @Override
    public void sendInTurn(NodeId peer, Message.ChunkData chunk) {}

    @Override
    public long queuedBytes(NodeId peer, Message.Lane lane) {
      return 0;
    }

    @Override
    public void pauseReading(NodeId peer, boolean paused) {}

    @Override
    public void disconnect(NodeId peer, String reason) {}

    @Override
    public void renew(NodeId peer, String reason) {
      renewed.add(peer);
    }
  }

  @Test
  void opensARootAgainThatFailedAndGreetsItsPeersAnew() throws Exception {
    PeerLink.Listener network = link.listener.orElseThrow();
    network.connected(PEER);
    TreeMap<NodeId, String> peers = new TreeMap<>();
    peers.put(PEER, "web2");
    root.peersChanged(peers);
    refusals.add("the disk is still full");

    first.ended.complete(new RootEnd.Failed("the disk is full"));

    FakeRoot second = next();
    assertTrue(first.asked.contains("stop"));
    assertEquals(peers, second.names);
    assertEquals(List.of(PEER), link.renewed);
    assertFalse(second.connected.isDone(), "the session is that of the first");
    network.disconnected(PEER);
    network.connected(PEER);
    assertEquals(PEER, second.connected.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void tellsARootOfThePeersThatCameWhileItWasOpenedAgain() throws Exception {
    TreeMap<NodeId, String> peers = new TreeMap<>();
    peers.put(PEER, "web2");
    whileItOpens = () -> root.peersChanged(peers);

    first.ended.complete(new RootEnd.Failed("the disk is full"));

    FakeRoot second = next();
    while (!second.asked.contains("start")) {
      Thread.onSpinWait();
    }
    root.stop(); // Waits until the second one was taken.
    assertEquals(peers, second.names);
  }

  /** Its directory is mounted later than the daemon is started; other roots do not wait. */
  @Test
  void waitsForARootThatWasReplicatedBefore() throws Exception {
    refusals.add("/site is not there");
    LastingRoot late =
        LastingRoot.openInTheEnd("late", "/late", this::opened, new Link(), new TreeMap<>());
    assertEquals(RootReport.State.FAILED, late.report().state());
    assertTrue(late.report().standing().lost());
    assertTrue(late.report().reason().startsWith("/site is not there; "));

    late.start();
    next();
    while (late.report().state() != RootReport.State.LIVE) {
      Thread.onSpinWait();
    }
    late.stop();
  }

  @Test
  void doesNotWaitForAJournalThatSomebodyHasToLookAt(@TempDir Path state) throws Exception {
    Files.writeString(state.resolve("letter"), "no journal");
    cause = assertThrows(IOException.class, () -> RocksJournal.open(state));
    refusals.add("the journal is none");
    assertThrows(
        Failure.class,
        () -> LastingRoot.openInTheEnd("late", "/late", this::opened, link, new TreeMap<>()));
  }

  @Test
  void saysWhyItIsNotOpen() throws Exception {
    for (int refusal = 0; refusal < 100; refusal++) {
      refusals.add("the disk is full");
    }
    first.ended.complete(new RootEnd.Failed("the disk is full"));
    while (!first.asked.contains("stop")) {
      Thread.onSpinWait();
    }

    RootReport report = root.report();
    assertEquals(RootReport.State.FAILED, report.state());
    assertTrue(report.reason().startsWith("the disk is full; "), report.reason());
    ExecutionException failed = assertThrows(ExecutionException.class, () -> root.pause().get());
    assertEquals(
        "root site failed: the disk is full",
        assertInstanceOf(RootEndedException.class, failed.getCause()).getMessage());
  }

  @Test
  void leavesABrokenRootAlone() {
    first.ended.complete(new RootEnd.Broken("something that must hold does not"));

    root.stop();

    assertEquals(List.of("start", "stop"), first.asked);
    assertTrue(opened.isEmpty());
  }
}
