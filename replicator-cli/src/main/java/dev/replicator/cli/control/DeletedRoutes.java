package dev.replicator.cli.control;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RestoreReport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What was deleted below a directory: lists it, and writes all of it back at one request. */
final class DeletedRoutes {
  private final NodeView node;

  DeletedRoutes(NodeView node) {
    this.node = node;
  }

  Response list(Request request) throws InterruptedException, ExecutionException, TimeoutException {
    ReplicatedRoot root = Requested.root(node, request);
    RelativePath path = Requested.path(request);
    DeletedJson answer =
        DeletedJson.of(
            root.name(),
            path,
            Requested.answer(
                root.deleted(path, since(request), Limits.DELETED_ANSWERED_MAX),
                Handling.ANSWER_SECONDS_MAX));
    return Response.json(200, ControlJson.write(DeletedJson.class, answer));
  }

  /** It ends with who asked for it. */
  Response restore(Request request) {
    ReplicatedRoot root = Requested.root(node, request);
    boolean dryRun = Requested.flag(request, "dryRun");
    RestoreReport.Order order =
        new RestoreReport.Order(Requested.path(request), since(request), dryRun);
    return Response.lines(sink -> {
      StreamRoutes.Latest<RestoreReport> latest = new StreamRoutes.Latest<>(RestoreReport.NONE);
      CompletableFuture<RestoreReport> running = root.restoreDeleted(order, latest::set);
      try {
        StreamRoutes.await(
            running,
            () -> sink.line(write(RestoredJson.of(dryRun, latest.get()))),
            report -> sink.line(write(RestoredJson.of(dryRun, report))),
            failure ->
                sink.line(
                    write(RestoredJson.failed(dryRun, latest.get(), StreamRoutes.words(failure)))));
      } finally {
        running.cancel(false);
      }
    });
  }

  private static String write(RestoredJson line) {
    return ControlJson.write(RestoredJson.class, line);
  }

  private static long since(Request request) {
    return request.text("since").map(Long::parseLong).orElse(Long.MIN_VALUE);
  }
}
