package dev.replicator.cli.control;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.net.http.Request;
import dev.replicator.net.http.Response;
import dev.replicator.runtime.BarrierOrder;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.Explanation;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.ResyncReport;
import dev.replicator.runtime.RootEndedException;
import dev.replicator.runtime.RootReport;
import dev.replicator.runtime.VerifyReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The long commands: they tell how far they are until they end. */
public final class StreamRoutes {
  private static final long PROGRESS_MILLIS = 500;
  private static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);
  private static final Duration TIMEOUT_MAX = Duration.ofDays(1);

  private final NodeView node;

  StreamRoutes(NodeView node) {
    this.node = node;
  }

  Response barrier(Request request) {
    OptionalInt peers = peersNeeded(request.text("peers").orElse("all"));
    Duration timeout =
        request
            .text("timeout")
            .map(Long::parseLong)
            .map(Duration::ofMillis)
            .orElse(TIMEOUT_DEFAULT);
    if (timeout.isNegative() || timeout.compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "the timeout must be at most " + TIMEOUT_MAX.toHours() + " h");
    }
    BarrierOrder order =
        new BarrierOrder(
            Requested.path(request), peers, timeout, Requested.flag(request, "durable"));
    Collection<ReplicatedRoot> roots = Requested.roots(node, request);
    List<Barrier> running = roots.stream().map(root -> barrier(root, order)).toList();
    return Response.lines(sink -> {
      for (Barrier one : running) {
        await(
            one.future(),
            () -> sink.line(write(waiting(one.root()))),
            reached -> sink.line(write(ended(one.root(), reached))),
            failure -> sink.line(write(failed(one.root(), failure))));
      }
    });
  }

  /** A barrier that was asked of one root; those of all roots run at the same time. */
  private record Barrier(ReplicatedRoot root, CompletableFuture<Reached> future) {}

  /**
   * @param remark what may surprise of the path, "" when nothing does
   */
  private record Reached(BarrierReport report, String remark) {}

  private Barrier barrier(ReplicatedRoot root, BarrierOrder order) {
    return new Barrier(
        root,
        root.barrier(order)
            .thenCompose(report ->
                remark(root, order.scope(), report)
                    .thenApply(remark -> new Reached(report, remark))));
  }

  /** Nothing has to be waited for where nothing is: that is done at once, and seldom meant. */
  private CompletableFuture<String> remark(
      ReplicatedRoot root, RelativePath path, BarrierReport report) {
    boolean blocks = node.blocks().containsKey(root.name());
    return path.isRoot() || blocks || report.outcome() != BarrierReport.Outcome.DONE
        ? CompletableFuture.completedFuture("")
        : root.explain(path).thenApply(StreamRoutes::remark).exceptionally(_ -> "");
  }

  private static String remark(Explanation path) {
    if (!path.filter().isEmpty()) {
      return "it is not replicated: " + path.filter();
    }
    boolean unknown =
        path.record().isEmpty() && path.materialised().isEmpty() && path.pending().isEmpty();
    return unknown && path.disk().equals(Explanation.ABSENT)
        ? "nothing of that name is known or was ever here"
        : "";
  }

  /** Where there are no peers nothing is on another machine once everything is there. */
  private boolean isAlone(ReplicatedRoot root, BarrierReport report) {
    return report.outcome() == BarrierReport.Outcome.DONE
        && report.peers().isEmpty()
        && !node.blocks().containsKey(root.name());
  }

  private OptionalInt peersNeeded(String text) {
    if (text.equals("all")) {
      return OptionalInt.empty();
    }
    int count = Integer.parseInt(text);
    int known = node.peers().size();
    if (count < 1 || count > known) {
      String there =
          switch (known) {
            case 0 -> "no peers; write all";
            case 1 -> "1 peer; write 1, or all";
            default -> known + " peers; write 1 to " + known + ", or all";
          };
      throw new IllegalArgumentException("--peers " + text + ": this node has " + there);
    }
    return OptionalInt.of(count);
  }

  private WaitJson waiting(ReplicatedRoot root) {
    Map<String, WaitJson.Peer> peers = new TreeMap<>();
    RootReport report = root.report();
    report
        .peers()
        .forEach((id, peer) ->
            peers.put(
                Health.nameOf(node, id),
                new WaitJson.Peer(
                    false,
                    0,
                    peer.connected(),
                    peer.behind() + peer.pending(),
                    peer.paused(),
                    false)));
    return new WaitJson(false, root.name(), "", "", peers, List.of());
  }

  private WaitJson ended(ReplicatedRoot root, Reached reached) {
    BarrierReport report = reached.report();
    Map<String, WaitJson.Peer> peers = new TreeMap<>();
    for (Map.Entry<NodeId, BarrierReport.PeerBarrier> entry : report.peers().entrySet()) {
      BarrierReport.PeerBarrier peer = entry.getValue();
      peers.put(
          Health.nameOf(node, entry.getKey()),
          new WaitJson.Peer(
              peer.done(),
              peer.millis(),
              peer.connected(),
              peer.pending(),
              peer.paused(),
              peer.shown()));
    }
    boolean alone = isAlone(root, report);
    String reason =
        report.outcome() == BarrierReport.Outcome.NOT_LIVE
            ? whyNotLive(root.report())
            : reached.remark();
    return new WaitJson(
        true,
        root.name(),
        alone ? "no_peers" : report.outcome().name().toLowerCase(Locale.ROOT),
        alone ? "nothing is on another machine" : reason,
        peers,
        report.unread().stream().map(RelativePathJson::text).toList());
  }

  private static String whyNotLive(RootReport report) {
    boolean paused = report.state() == RootReport.State.PAUSED;
    return paused ? "paused; " + report.reason() : report.reason();
  }

  private static WaitJson failed(ReplicatedRoot root, Throwable failure) {
    return new WaitJson(true, root.name(), "not_live", words(failure), Map.of(), List.of());
  }

  private static String write(WaitJson line) {
    return ControlJson.write(WaitJson.class, line);
  }

  Response resync(Request request) {
    Collection<ReplicatedRoot> roots = Requested.roots(node, request);
    ResyncReport.Order order = new ResyncReport.Order(Requested.flag(request, "dryRun"), false);
    return Response.lines(sink -> {
      for (ReplicatedRoot root : roots) {
        resync(root, order, node::peers, sink::line);
      }
    });
  }

  /** One root at a time: each takes all of the disk that it can get. */
  public static void resync(
      ReplicatedRoot root,
      ResyncReport.Order order,
      Supplier<List<NodeView.PeerView>> peersNow,
      LineOut sink)
      throws IOException, InterruptedException {
    boolean dryRun = order.dryRun();
    int peers = peersNow.get().size();
    Latest<ResyncReport> latest =
        new Latest<>(new ResyncReport(false, 0, 0, 0, 0, 0, 0, 0, List.of()));
    await(
        root.resync(order, latest::set),
        () -> sink.line(write(ResyncJson.of(root.name(), dryRun, peers, latest.get()))),
        report ->
            sink.line(
                write(
                    ResyncJson.of(root.name(), dryRun, peers, report)
                        .ended(missing(root, peersNow.get()), Holding.why(root.report())))),
        failure -> sink.line(write(ResyncJson.failed(root.name(), dryRun, peers, words(failure)))));
  }

  /** With whom nothing could be compared, and why. */
  private static List<String> missing(ReplicatedRoot root, List<NodeView.PeerView> peers) {
    SortedMap<NodeId, RootReport.PeerReport> known = root.report().peers();
    List<String> missing = new ArrayList<>();
    for (NodeView.PeerView peer : peers) {
      RootReport.PeerReport here = known.get(peer.id());
      if (here == null || !here.connected()) {
        String what = peer.connected() ? " was not compared with" : " is not connected";
        String why = peer.detail().isEmpty() ? "" : ": " + peer.detail();
        missing.add(peer.name() + what + why);
      }
    }
    return missing;
  }

  Response verify(Request request) {
    Collection<ReplicatedRoot> roots = Requested.roots(node, request);
    VerifyReport.Order order =
        new VerifyReport.Order(
            Requested.flag(request, "dryRun"),
            request.text("limit").map(Long::parseLong).orElse(VerifyReport.Order.NO_LIMIT));
    if (order.bytesPerSecond() < 1) {
      throw new IllegalArgumentException("the limit must be a positive number");
    }
    return Response.lines(sink -> {
      for (ReplicatedRoot root : roots) {
        verify(root, order, sink::line);
      }
    });
  }

  /** It ends with who asked for it. */
  public static void verify(ReplicatedRoot root, VerifyReport.Order order, LineOut sink)
      throws IOException, InterruptedException {
    Latest<VerifyReport> latest = new Latest<>(VerifyReport.NONE);
    boolean dryRun = order.dryRun();
    CompletableFuture<VerifyReport> running = root.verify(order, latest::set);
    try {
      await(
          running,
          () -> sink.line(write(VerifyJson.of(root.name(), dryRun, latest.get()))),
          report -> sink.line(write(VerifyJson.of(root.name(), dryRun, report))),
          failure ->
              sink.line(write(VerifyJson.failed(root.name(), dryRun, latest.get(), failure))));
    } finally {
      running.cancel(false);
    }
  }

  private static String write(VerifyJson line) {
    return ControlJson.write(VerifyJson.class, line);
  }

  static String words(Throwable failure) {
    return failure instanceof RootEndedException ended
        ? String.valueOf(ended.getMessage())
        : failure.toString();
  }

  private static String write(ResyncJson line) {
    return ControlJson.write(ResyncJson.class, line);
  }

  /** The newest counts; written by threads of the root, read by ours. */
  static final class Latest<T> {
    private volatile T report;

    Latest(T report) {
      this.report = report;
    }

    void set(T newer) {
      report = newer;
    }

    T get() {
      return report;
    }
  }

  /** Tells about progress at a fixed pace until {@code future} ends. */
  static <T> void await(
      CompletableFuture<T> future, Tick tick, Outcome<T> done, Outcome<Throwable> failed)
      throws IOException, InterruptedException {
    while (true) {
      try {
        done.take(future.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS));
        return;
      } catch (TimeoutException running) {
        tick.tell();
      } catch (ExecutionException broken) {
        Throwable cause = broken.getCause();
        failed.take(cause == null ? broken : cause);
        return;
      }
    }
  }

  /** Takes one line, without its end. */
  @FunctionalInterface
  public interface LineOut {
    void line(String text) throws IOException, InterruptedException;
  }

  /** Says that it still runs. */
  @FunctionalInterface
  interface Tick {
    void tell() throws IOException, InterruptedException;
  }

  /** Says how it ended. */
  @FunctionalInterface
  interface Outcome<T> {
    void take(T value) throws IOException, InterruptedException;
  }
}
