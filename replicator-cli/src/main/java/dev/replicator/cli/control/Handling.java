package dev.replicator.cli.control;

import dev.replicator.net.http.Handler;
import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.runtime.RootEndedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Turns what a handler throws into answers that a person can read. */
final class Handling {
  static final long ANSWER_SECONDS_MAX = 30;

  private Handling() {}

  /** Answers one kind of request; may wait. */
  @FunctionalInterface
  interface Answering {
    Response answer(Request request)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  static Handler of(Answering answering) {
    return request -> CompletableFuture.completedStage(answer(answering, request));
  }

  private static Response answer(Answering answering, Request request) {
    try {
      return answering.answer(request);
    } catch (IllegalArgumentException wrong) {
      return refused(400, String.valueOf(wrong.getMessage()));
    } catch (TimeoutException slow) {
      return refused(504, "the root did not answer within " + ANSWER_SECONDS_MAX + " s");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RootEndedException ended) {
        return refused(503, String.valueOf(ended.getMessage()));
      }
      return refused(500, "failed: " + failed.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return refused(503, "the daemon is stopping");
    }
  }

  static Response refused(int status, String reason) {
    return Response.json(
        status, ControlJson.write(MessageJson.class, new MessageJson(false, reason)));
  }

  static Response message(MessageJson message) {
    return Response.json(message.done() ? 200 : 409, ControlJson.write(MessageJson.class, message));
  }
}
