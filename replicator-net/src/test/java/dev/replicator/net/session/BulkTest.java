package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BulkTest {
  private static final int LARGE = (int) SessionLimits.BULK_OF_ROOT_BYTES_MAX;

  private final Bulk bulk = new Bulk();
  private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    senders.shutdownNow();
  }

  private static Frame frame(int root, int bytes) {
    return new Frame(FrameType.MESSAGE, root, new byte[bytes]);
  }

  private List<Integer> rootsOfAll() {
    List<Integer> roots = new ArrayList<>();
    for (Optional<Frame> next = bulk.next(); next.isPresent(); next = bulk.next()) {
      roots.add(next.get().root());
    }
    return roots;
  }

  private Future<?> sender(Frame frame) {
    CountDownLatch running = new CountDownLatch(1);
    Future<?> sender =
        senders.submit(() -> {
          running.countDown();
          bulk.addInTurn(frame);
          return true;
        });
    try {
      running.await();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
    return sender;
  }

  @Test
  void givesRootsTheirTurn() {
    for (int i = 0; i < 3; i++) {
      bulk.add(frame(0, 10));
    }
    bulk.add(frame(1, 10));
    bulk.add(frame(7, 10));
    bulk.add(frame(7, 10));

    assertEquals(List.of(0, 1, 7, 0, 7, 0), rootsOfAll());
    assertTrue(bulk.isEmpty());
    assertEquals(60, bulk.bytes(), "what is not written yet counts");
  }

  @Test
  void holdsBackASenderUntilSomethingOfItsRootIsWritten() throws Exception {
    Frame first = frame(0, LARGE);
    bulk.addInTurn(first);
    Future<?> held = sender(frame(0, 20));
    bulk.addInTurn(frame(1, 30));

    assertEquals(Optional.of(first), bulk.next());
    assertEquals(List.of(1), rootsOfAll());
    assertFalse(held.isDone());

    bulk.written(first);
    held.get();
    assertEquals(List.of(0), rootsOfAll());
  }

  @Test
  void letsAsManyGoOnAsThereIsRoomFor() throws Exception {
    Frame first = frame(0, LARGE);
    bulk.addInTurn(first);
    List<Future<?>> held =
        List.of(sender(frame(0, 20)), sender(frame(0, 20)), sender(frame(0, 20)));

    bulk.written(first);

    for (Future<?> one : held) {
      one.get();
    }
  }

  @Test
  void letsGoWhoWaitsWhenTheSessionEnds() throws Exception {
    bulk.addInTurn(frame(0, LARGE));
    Future<?> held = sender(frame(0, 20));

    bulk.close();
    held.get();
    bulk.addInTurn(frame(0, 20));

    assertTrue(bulk.isEmpty());
    assertEquals(0, bulk.bytes());
  }

  @Test
  void letsGoWhoIsInterrupted() throws InterruptedException {
    bulk.addInTurn(frame(0, LARGE));
    Future<?> held = sender(frame(0, 20));

    senders.shutdownNow();

    assertTrue(senders.awaitTermination(30, TimeUnit.SECONDS));
    try {
      held.get();
      throw new AssertionError("sent by a thread that was to end");
    } catch (ExecutionException interrupted) {
      assertTrue(interrupted.getCause() instanceof InterruptedException);
    }
  }

  @Test
  void tellsWhenASenderThatIsNotHeldBackHasQueuedTooMuch() {
    assertTrue(bulk.add(frame(0, (int) SessionLimits.BULK_QUEUE_BYTES_MAX)));
    assertFalse(bulk.add(frame(1, 1)));
  }
}
