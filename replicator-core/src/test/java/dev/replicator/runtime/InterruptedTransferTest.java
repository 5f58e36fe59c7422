package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Message;
import dev.replicator.port.PeerLink;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A large file of which a part has come when the peer or the daemon goes. */
class InterruptedTransferTest extends TwoEngines {
  private static final int FILE_BYTES = 24_000_000;
  private static final long STOP_BYTES = FILE_BYTES / 2;

  /** What may be on its way when the link breaks: as many chunks as are asked for at once. */
  private static final long LOST_BYTES = FILE_BYTES / 3;

  private final AtomicLong sentBytes = new AtomicLong();
  private final CountDownLatch half = new CountDownLatch(1);
  private volatile Optional<CountDownLatch> gone = Optional.empty();

  @Override
  PeerLink link(PeerLink link) {
    return Noting.messages(
        Noting.full(link),
        message -> {
          if (message instanceof Message.ChunkData chunk
              && sentBytes.addAndGet(chunk.data().length()) >= STOP_BYTES) {
            half.countDown();
            gone.ifPresent(InterruptedTransferTest::await);
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends a file and returns when half of it has left; no more of it leaves until then. */
  private CountDownLatch sendHalf() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    gone = Optional.of(interrupted);
    byte[] content = new byte[FILE_BYTES];
    new Random(5).nextBytes(content);
    Files.write(file("there", "large"), content);
    await(half);
    return interrupted;
  }

  private void assertTheRestWasSent() throws Exception {
    settle();
    assertEquals(-1, Files.mismatch(file("there", "large"), file("here", "large")));
    assertTrue(sentBytes.get() <= FILE_BYTES + LOST_BYTES, sentBytes + " bytes were sent");
  }

  @Test
  void goesOnAfterTheLinkBroke() throws Exception {
    CountDownLatch interrupted = sendHalf();
    mesh.disconnect(here, there);
    interrupted.countDown();
    mesh.connect(here, there);
    assertTheRestWasSent();
  }

  @Test
  void goesOnAfterARestart() throws Exception {
    CountDownLatch interrupted = sendHalf();
    stopHere();
    interrupted.countDown();
    startHere();
    assertTheRestWasSent();
  }
}
