package dev.replicator.cli.control;

import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.runtime.CommandResult;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootEndedException;
import dev.replicator.runtime.RootReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One command for one root or all of them: each is asked, whatever another one answers. */
final class RootCommands {
  private final NodeView node;

  /** A command that takes nothing but the root. */
  @FunctionalInterface
  interface Command {
    CompletableFuture<CommandResult> run(ReplicatedRoot root);
  }

  /**
   * What was asked of a root.
   *
   * @param idle whether it has nothing to do for that, so that it may refuse
   */
  private record Asked(
      ReplicatedRoot root, CompletableFuture<CommandResult> result, boolean idle) {}

  /** What became of it. */
  private enum Fate {
    DONE,
    /** There was nothing to do for a command that was not meant for this root alone. */
    IDLE,
    REFUSED
  }

  private record Line(Fate fate, String text) {}

  RootCommands(NodeView node) {
    this.node = node;
  }

  Response pause(Request request) throws InterruptedException {
    return each(request, ReplicatedRoot::pause);
  }

  Response resume(Request request) throws InterruptedException {
    return each(request, ReplicatedRoot::resume);
  }

  private Response each(Request request, Command command) throws InterruptedException {
    return answer(
        Requested.roots(node, request).stream()
            .map(root -> new Asked(root, command.run(root), false))
            .toList());
  }

  /**
   * Deletions that are held may be let go for all roots at once. Another directory is taken for a
   * root only by the name of that root: who wants the deletions of one may not think of the disk of
   * another that is not mounted.
   */
  Response approve(Request request) throws InterruptedException {
    Collection<ReplicatedRoot> roots = Requested.roots(node, request);
    boolean force = Requested.flag(request, "force");
    if (request.text("root").isPresent()) {
      return each(request, root -> root.approve(force));
    }
    List<Asked> asked = new ArrayList<>();
    for (ReplicatedRoot root : roots) {
      RootReport before = root.report();
      boolean several = node.roots().size() > 1;
      CompletableFuture<CommandResult> result =
          several && before.standing().lost() ? refusedUnnamed(root) : root.approve(force);
      asked.add(new Asked(root, result, Holding.why(before).isEmpty()));
    }
    return answer(asked);
  }

  private static CompletableFuture<CommandResult> refusedUnnamed(ReplicatedRoot root) {
    return CompletableFuture.completedFuture(
        new CommandResult.Refused(
            "its directory is missing or another one: mount it, or take what is there by"
                + " `replicator approve "
                + root.name()
                + "`"));
  }

  private static Response answer(List<Asked> all) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Handling.ANSWER_SECONDS_MAX);
    List<Line> lines = new ArrayList<>();
    for (Asked asked : all) {
      lines.add(line(asked, Math.max(0, deadline - System.nanoTime())));
    }
    boolean done =
        lines.stream().noneMatch(line -> line.fate() == Fate.REFUSED)
            && lines.stream().anyMatch(line -> line.fate() == Fate.DONE);
    return Handling.message(
        new MessageJson(done, String.join("\n", lines.stream().map(Line::text).toList())));
  }

  private static Line line(Asked asked, long nanos) throws InterruptedException {
    String name = asked.root().name() + ": ";
    try {
      return switch (asked.result().get(nanos, TimeUnit.NANOSECONDS)) {
        case CommandResult.Done(String text) ->
            new Line(Fate.DONE, name + (text.isEmpty() ? "done" : text));
        case CommandResult.Refused(String reason) ->
            new Line(asked.idle() ? Fate.IDLE : Fate.REFUSED, name + reason);
      };
    } catch (TimeoutException slow) {
      return new Line(
          Fate.REFUSED, name + "no answer within " + Handling.ANSWER_SECONDS_MAX + " s");
    } catch (ExecutionException failed) {
      String why =
          failed.getCause() instanceof RootEndedException ended
              ? String.valueOf(ended.getMessage())
              : "failed: " + failed.getCause();
      return new Line(Fate.REFUSED, name + why);
    }
  }
}
