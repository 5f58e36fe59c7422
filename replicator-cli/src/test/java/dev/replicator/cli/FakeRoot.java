package dev.replicator.cli;

import dev.replicator.model.Census;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.port.PeerLink;
import dev.replicator.runtime.BarrierOrder;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.CommandResult;
import dev.replicator.runtime.ConflictReport;
import dev.replicator.runtime.DeletedReport;
import dev.replicator.runtime.Explanation;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RestoreReport;
import dev.replicator.runtime.ResyncReport;
import dev.replicator.runtime.RootEnd;
import dev.replicator.runtime.RootReport;
import dev.replicator.runtime.SummaryItem;
import dev.replicator.runtime.VaultReport;
import dev.replicator.runtime.VerifyReport;
import dev.replicator.runtime.VersionReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A root in memory that answers what a test told it to, and remembers what it was asked. */
public final class FakeRoot implements ReplicatedRoot, PeerLink.Listener {
  public static final Digest DIGEST = Digest.ofHex("ab".repeat(Digest.LENGTH_BYTES));

  private final String name;
  private final String path;
  public final List<String> asked = new CopyOnWriteArrayList<>();
  public final List<SummaryItem> summary = new CopyOnWriteArrayList<>();
  public final CompletableFuture<NodeId> connected = new CompletableFuture<>();
  public final CompletableFuture<RootEnd> ended = new CompletableFuture<>();
  public final TreeMap<NodeId, RootReport.PeerReport> peers = new TreeMap<>();
  public final TreeMap<RelativePath, Pending> pending = new TreeMap<>();
  public final List<ConflictReport> conflicts = new ArrayList<>();
  public volatile RootReport.State state = RootReport.State.LIVE;
  public volatile String reason = "";
  public volatile String watcher = "fake watcher";
  public volatile String blind = "";
  public volatile RootReport.Standing standing = RootReport.Standing.NONE;
  public volatile Census census = new Census(7, 2, 1);
  public volatile long pendingMore;
  public volatile BarrierReport barrier = reached(BarrierReport.Outcome.DONE, List.of());
  public volatile String disk = "nothing there";
  public volatile VerifyReport verified =
      new VerifyReport(1, 2_000, 3, 3, 2, 4_000_000, 0, 0, 0, 0, 0, List.of());
  public volatile ResyncReport resync = new ResyncReport(true, 3, 3, 0, 3, 0, 0, 0, List.of());
  public volatile DeletedReport deleted = new DeletedReport(List.of(), true);
  public volatile RestoreReport restored = new RestoreReport(true, 3, 4_000, 0, 0, 0, List.of());
  public volatile CompletableFuture<Void> pulse = CompletableFuture.completedFuture(null);
  public volatile CommandResult result = new CommandResult.Done("");
  public volatile SortedMap<NodeId, String> names = new TreeMap<>();

  public FakeRoot(String name, String path) {
    this.name = name;
    this.path = path;
  }

  /** The {@code counter}-th write of replica 1. */
  public static Dot dot(long counter) {
    return new Dot(new ReplicaId(1), counter);
  }

  /** A node whose key has the fingerprint {@code pair}, two hexadecimal digits, again and again. */
  public static NodeId node(String pair) {
    return new NodeId(Digest.ofHex(pair.repeat(Digest.LENGTH_BYTES)));
  }

  public static VersionReport version(long counter, boolean visible) {
    return new VersionReport(
        dot(counter),
        Optional.empty(),
        0,
        new Entry.File(DIGEST, 10 * counter),
        visible,
        false,
        true,
        "");
  }

  public static RootReport.PeerReport peer(boolean connected, OptionalLong lagMillis) {
    return new RootReport.PeerReport(connected, lagMillis, 2, 1, true, false, false);
  }

  /** What came of waiting for one peer. */
  public static BarrierReport reached(BarrierReport.Outcome outcome, List<RelativePath> unread) {
    TreeMap<NodeId, BarrierReport.PeerBarrier> peers = new TreeMap<>();
    boolean done = outcome == BarrierReport.Outcome.DONE;
    peers.put(node("02"), new BarrierReport.PeerBarrier(done, 5, true, 0, false, done));
    return new BarrierReport(outcome, peers, unread);
  }

  public void pend(RelativePath path) {
    pending.put(path, new Pending(Problem.of(Problem.Kind.DISK_FULL), 0, 60_000, 3));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start() {
    asked.add("start");
  }

  @Override
  public void stop() {
    asked.add("stop");
  }

  @Override
  public CompletableFuture<RootEnd> ended() {
    return ended;
  }

  @Override
  public CompletableFuture<Void> pulse() {
    return pulse;
  }

  @Override
  public RootReport report() {
    return new RootReport(
        name,
        path,
        state,
        reason,
        List.of("a note"),
        watcher,
        blind,
        standing,
        census,
        pending.size() + pendingMore,
        pending,
        conflicts.size(),
        0,
        0,
        0,
        0,
        1_000_000,
        new VaultReport(3_000_000, 10_000_000, 12, 1_700_000_000_000L),
        verified,
        verified.damaged(),
        peers,
        new TreeMap<>(java.util.Map.of("read", new RootReport.StepTimes(1, 2, 3, 4, 5))));
  }

  @Override
  public void peersChanged(SortedMap<NodeId, String> namesOfPeers) {
    names = namesOfPeers;
  }

  @Override
  public CompletableFuture<BarrierReport> barrier(BarrierOrder order) {
    String durable = order.durable() ? " durable" : "";
    asked.add(
        "barrier " + order.scope() + " " + order.peersNeeded() + " " + order.timeout() + durable);
    return CompletableFuture.completedFuture(barrier);
  }

  @Override
  public CompletableFuture<ResyncReport> resync(
      ResyncReport.Order order, Consumer<ResyncReport> progress) {
    asked.add("resync " + order);
    return CompletableFuture.completedFuture(resync);
  }

  @Override
  public CompletableFuture<VerifyReport> verify(
      VerifyReport.Order order, Consumer<VerifyReport> progress) {
    asked.add("verify " + order);
    return CompletableFuture.completedFuture(verified);
  }

  @Override
  public CompletableFuture<Explanation> explain(RelativePath path) {
    asked.add("explain " + path);
    return CompletableFuture.completedFuture(
        new Explanation(
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            "nothing wanted",
            disk,
            new TreeMap<>()));
  }

  @Override
  public CompletableFuture<List<ConflictReport>> conflicts(ConflictKind kind, int limit) {
    return CompletableFuture.completedFuture(
        kind == ConflictKind.WRITTEN ? List.copyOf(conflicts) : List.of());
  }

  @Override
  public CompletableFuture<CommandResult> resolve(RelativePath path, Dot chosen, Set<Dot> printed) {
    asked.add("resolve " + path + " " + chosen + " " + printed);
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public CompletableFuture<List<VersionReport>> history(RelativePath path, int limit) {
    asked.add("history " + path);
    return CompletableFuture.completedFuture(List.of(version(1, false)));
  }

  @Override
  public CompletableFuture<CommandResult> restore(RelativePath path, Dot version) {
    asked.add("restore " + path + " " + version);
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public CompletableFuture<DeletedReport> deleted(
      RelativePath directory, long sinceMillis, int limit) {
    asked.add("deleted " + directory + " " + sinceMillis);
    return CompletableFuture.completedFuture(deleted);
  }

  @Override
  public CompletableFuture<RestoreReport> restoreDeleted(
      RestoreReport.Order order, Consumer<RestoreReport> progress) {
    asked.add("restore " + order);
    return CompletableFuture.completedFuture(restored);
  }

  @Override
  public CompletableFuture<CommandResult> pause() {
    asked.add("pause");
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public CompletableFuture<CommandResult> resume() {
    asked.add("resume");
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public CompletableFuture<CommandResult> approve(boolean force) {
    asked.add(force ? "approve with force" : "approve");
    return CompletableFuture.completedFuture(result);
  }

  @Override
  public void summary(Consumer<SummaryItem> consumer) {
    summary.forEach(consumer);
  }

  @Override
  public void connected(NodeId peer) {
    connected.complete(peer);
  }

  @Override
  public void disconnected(NodeId peer) {}

  @Override
  public void received(NodeId peer, Message message) {}
}
