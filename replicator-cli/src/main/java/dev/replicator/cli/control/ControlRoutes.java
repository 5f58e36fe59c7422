package dev.replicator.cli.control;

import dev.replicator.model.Dot;
import dev.replicator.model.RelativePath;
import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.net.http.Routes;
import dev.replicator.port.Arbiter;
import dev.replicator.runtime.CommandResult;
import dev.replicator.runtime.ReplicatedRoot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What the commands ask of a running daemon, over its Unix socket. */
public final class ControlRoutes {
  private static final int CONFLICTS_MAX = 10_000;
  private static final int HISTORY_MAX = 1_000;

  private final NodeView node;

  private ControlRoutes(NodeView node) {
    this.node = node;
  }

  /** Everything that may be asked on the Unix socket, health and metrics too. */
  public static Routes of(NodeView node) {
    ControlRoutes control = new ControlRoutes(node);
    StreamRoutes streams = new StreamRoutes(node);
    RootCommands commands = new RootCommands(node);
    DeletedRoutes deleted = new DeletedRoutes(node);
    return HealthRoutes.of(node)
        .add("GET", "/v1/status", Handling.of(control::status))
        .add("GET", "/v1/events", Handling.of(new EventRoutes(node)::events))
        .add("GET", "/v1/arbiters", Handling.of(control::arbiters))
        .add("GET", "/v1/conflicts", Handling.of(control::conflicts))
        .add("GET", "/v1/explain", Handling.of(control::explain))
        .add("GET", "/v1/history", Handling.of(control::history))
        .add("GET", "/v1/deleted", Handling.of(deleted::list))
        .add("POST", "/v1/wait", Handling.of(streams::barrier))
        .add("POST", "/v1/resync", Handling.of(streams::resync))
        .add("POST", "/v1/verify", Handling.of(streams::verify))
        .add("POST", "/v1/resolve", Handling.of(control::resolve))
        .add("POST", "/v1/restore", Handling.of(control::restore))
        .add("POST", "/v1/restore-deleted", Handling.of(deleted::restore))
        .add("POST", "/v1/pause", Handling.of(commands::pause))
        .add("POST", "/v1/resume", Handling.of(commands::resume))
        .add("POST", "/v1/approve", Handling.of(commands::approve))
        .add("POST", "/v1/fence", Handling.of(control::fence))
        .add("POST", "/v1/reload", Handling.of(request -> Handling.message(node.reload())));
  }

  private Response status(Request request) {
    return Response.json(200, ControlJson.write(StatusJson.class, StatusReader.read(node)));
  }

  private Response conflicts(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    ReplicatedRoot.ConflictKind kind =
        Requested.flag(request, "adopted")
            ? ReplicatedRoot.ConflictKind.ADOPTED
            : ReplicatedRoot.ConflictKind.WRITTEN;
    List<ConflictJson> conflicts = new ArrayList<>();
    for (ReplicatedRoot root : Requested.roots(node, request)) {
      Requested.answer(root.conflicts(kind, CONFLICTS_MAX), Handling.ANSWER_SECONDS_MAX).stream()
          .map(report -> ConflictJson.of(node, root.name(), report))
          .forEach(conflicts::add);
    }
    return Response.json(200, ControlJson.writeList(ConflictJson.class, conflicts));
  }

  private Response explain(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    ReplicatedRoot root = Requested.root(node, request);
    RelativePath path = Requested.path(request);
    ExplainJson answer =
        ExplanationReader.read(
            node,
            root.name(),
            path,
            Requested.answer(root.explain(path), Handling.ANSWER_SECONDS_MAX));
    return Response.json(200, ControlJson.write(ExplainJson.class, answer));
  }

  private Response history(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    ReplicatedRoot root = Requested.root(node, request);
    RelativePath path = Requested.path(request);
    HistoryJson answer =
        HistoryJson.of(
            node,
            root.name(),
            path,
            Requested.answer(root.history(path, HISTORY_MAX), Handling.ANSWER_SECONDS_MAX));
    return Response.json(200, ControlJson.write(HistoryJson.class, answer));
  }

  private Response resolve(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    ReplicatedRoot root = Requested.root(node, request);
    Dot chosen = Dot.parse(Requested.text(request, "version"));
    Set<Dot> printed = new TreeSet<>();
    Arrays.stream(Requested.text(request, "printed").split(",", -1))
        .map(Dot::parse)
        .forEach(printed::add);
    return result(root.resolve(Requested.path(request), chosen, printed));
  }

  private Response restore(Request request)
      throws InterruptedException, ExecutionException, TimeoutException {
    ReplicatedRoot root = Requested.root(node, request);
    Dot version = Dot.parse(Requested.text(request, "version"));
    return result(root.restore(Requested.path(request), version));
  }

  /** Asked by the handler of DRBD: it goes on for 200, gives up for 409, else asks again. */
  private Response fence(Request request) {
    Arbiter.Verdict verdict =
        node.arbiter()
            .fence(
                new Arbiter.Cut(
                    Requested.text(request, "resource"),
                    Requested.text(request, "peer"),
                    request.text("generation").orElse("")));
    return switch (verdict) {
      case GRANTED -> Handling.message(new MessageJson(true, verdict.name()));
      case REFUSED -> Handling.message(new MessageJson(false, verdict.name()));
      case UNREACHABLE -> Handling.refused(503, verdict.name());
    };
  }

  private Response arbiters(Request request) {
    return Response.json(
        200,
        ControlJson.writeList(
            ArbiterJson.class, node.arbiters().stream().map(ArbiterJson::of).toList()));
  }

  private static Response result(CompletableFuture<CommandResult> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return Handling.message(
        switch (Requested.answer(future, Handling.ANSWER_SECONDS_MAX)) {
          case CommandResult.Done(String text) -> new MessageJson(true, text);
          case CommandResult.Refused(String reason) -> new MessageJson(false, reason);
        });
  }
}
