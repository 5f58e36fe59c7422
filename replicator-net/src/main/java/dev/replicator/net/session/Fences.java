package dev.replicator.net.session;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.port.ArbiterSeat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Questions to arbiters and to this one, over sessions that stand. Of the network thread. */
final class Fences {
  /** The minor version of the protocol that knows them. */
  static final int VERSION_MINOR = 1;

  /** A question that was sent. */
  private record Sent(Connection connection, CompletableFuture<FenceAnswer> future) {}

  private final Map<Long, Sent> sent = new HashMap<>();
  private final Map<Connection, Integer> deciding = new HashMap<>();
  private volatile @Nullable ArbiterSeat seat;
  private long lastId;

  /** Who decides here, of every question that comes after this; from any thread. */
  void decideBy(ArbiterSeat decides) {
    seat = decides;
  }

  /** Sends {@code request} if that can be, and completes {@code future} in any case or not yet. */
  long ask(@Nullable Connection live, FenceRequest request, CompletableFuture<FenceAnswer> future) {
    lastId++;
    if (live == null) {
      future.complete(FenceAnswer.notAble("not connected"));
    } else if (live.theirs().versionMinor() < VERSION_MINOR) {
      future.complete(FenceAnswer.notAble("its release decides for nobody"));
    } else if (sent.size() >= SessionLimits.FENCES_ASKED_MAX) {
      future.complete(FenceAnswer.notAble("too many questions at once"));
    } else {
      sent.put(lastId, new Sent(live, future));
      live.sendControl(new Control.Fence(lastId, request));
    }
    return lastId;
  }

  /** Nobody waits for the answer any more. */
  void forget(long id) {
    sent.remove(id);
  }

  void answered(Connection connection, Control.FenceAnswered answered) {
    Sent question = sent.get(answered.id());
    // One that came too late is of a question that was forgotten.
    if (question != null && question.connection() == connection) {
      sent.remove(answered.id());
      question.future().complete(answered.answer());
    }
  }

  /** The other side asks; it is answered on the network thread, while the session stands. */
  void asked(Connection connection, Control.Fence fence) {
    ArbiterSeat decides = seat;
    int open = deciding.getOrDefault(connection, 0);
    if (decides == null) {
      answer(connection, fence.id(), FenceAnswer.notAble("this node decides for nobody"));
    } else if (open >= SessionLimits.FENCES_ASKED_MAX) {
      answer(connection, fence.id(), FenceAnswer.notAble("too many questions at once"));
    } else {
      deciding.put(connection, open + 1);
      NodeId asker = connection.node();
      decides.asked(
          asker,
          fence.request(),
          answer -> later(connection, () -> decided(connection, fence.id(), answer)));
    }
  }

  private static void later(Connection connection, Runnable task) {
    try {
      connection.channel.eventLoop().execute(task);
    } catch (RejectedExecutionException closed) {
      // The network is gone, and with it whoever asked.
    }
  }

  private void decided(Connection connection, long id, FenceAnswer answer) {
    deciding.computeIfPresent(connection, (_, open) -> open > 1 ? open - 1 : null);
    answer(connection, id, answer);
  }

  private static void answer(Connection connection, long id, FenceAnswer answer) {
    if (connection.isOpen()) {
      connection.sendControl(new Control.FenceAnswered(id, answer));
    }
  }

  void ended(Connection connection) {
    deciding.remove(connection);
    List<Long> lost =
        sent.entrySet().stream()
            .filter(one -> one.getValue().connection() == connection)
            .map(Map.Entry::getKey)
            .toList();
    for (long id : lost) {
      Sent question = sent.remove(id);
      if (question != null) {
        question.future().complete(FenceAnswer.notAble("the connection ended"));
      }
    }
  }
}
