package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldReadersTest {
  private static final NodeId PEER = EngineOnDisk.node(2);
  private static final long PATIENCE_SECONDS = 20;
  private static final long STOP_MILLIS = 5_000;

  private final Link link = new Link();

  @TempDir private Path directory;

  /** Notes when the peer is paused, and when it is read from again. */
  private static final class Link implements PeerLink {
    private final List<Boolean> paused = new ArrayList<>();
    private final CountDownLatch listening = new CountDownLatch(1);
    private Optional<Listener> listener = Optional.empty();

    @Override
    public void listen(Listener told) {
      listener = Optional.of(told);
      listening.countDown();
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
    public void pauseReading(NodeId peer, boolean pause) {
      assertEquals(PEER, peer);
      paused.add(pause);
    }

    @Override
    public void disconnect(NodeId peer, String reason) {}

    @Override
    public void renew(NodeId peer, String reason) {}
  }

  private static void fill(Mailbox mailbox) {
    for (int task = 0; task <= HeldReaders.MAILBOX_HIGH; task++) {
      mailbox.put(() -> {});
    }
  }

  @Test
  void readsAgainOnceMostIsWorkedOff() throws Exception {
    Mailbox mailbox = new Mailbox();
    HeldReaders readers = new HeldReaders(mailbox, link);
    readers.heardOf(PEER);
    fill(mailbox);
    readers.heardOf(PEER);
    readers.releaseWhereThereIsRoom();
    assertEquals(List.of(true), link.paused);
    while (!mailbox.isEmpty()) {
      mailbox.take(0);
    }
    readers.releaseWhereThereIsRoom();
    readers.releaseWhereThereIsRoom();
    assertEquals(List.of(true, false), link.paused);
  }

  /** A pause ends with its session. */
  @Test
  void pausesAlsoTheNextSessionOfAPeerThatItHolds() {
    Mailbox mailbox = new Mailbox();
    HeldReaders readers = new HeldReaders(mailbox, link);
    fill(mailbox);
    readers.heardOf(PEER);
    link.paused.clear();

    readers.heardOf(PEER);

    assertEquals(List.of(true), link.paused);
  }

  /** Or the other roots would hear nothing on the connection that they share. */
  @Test
  void aRootThatFailsLetsGoOfThePeersThatItHolds() throws Exception {
    EngineParts parts = EngineOnDisk.at(directory, "root").parts(EngineOnDisk.node(1), PEER, link);
    RootLoop loop = new RootLoop(parts, new Timings());
    loop.start();
    try {
      assertEquals(true, link.listening.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
      PeerLink.Listener network = link.listener.orElseThrow();
      CountDownLatch filled = new CountDownLatch(1);
      loop.submit(() -> await(filled));
      network.received(PEER, new Message.ComparedRanges(1, List.of()));
      loop.submit(() -> {
        throw new UncheckedIOException(new IOException("the disk is full"));
      });
      for (int task = 0; task < HeldReaders.MAILBOX_HIGH; task++) {
        loop.submit(() -> {});
      }
      filled.countDown();

      assertEquals(
          new RootEnd.Failed("java.io.IOException: the disk is full"),
          loop.ended().get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      assertEquals(List.of(true, false), link.paused);
    } finally {
      loop.stop(STOP_MILLIS);
      loop.effects().close();
      parts.journal().close();
      parts.tree().close();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
