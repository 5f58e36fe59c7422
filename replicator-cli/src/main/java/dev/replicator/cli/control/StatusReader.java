package dev.replicator.cli.control;

import dev.replicator.cli.config.Bandwidth;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.KeyText;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import dev.replicator.runtime.VaultReport;
import dev.replicator.runtime.VerifyReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Puts the reports of all roots together. */
final class StatusReader {
  private StatusReader() {}

  static StatusJson read(NodeView node) {
    List<RootReport> reports = node.roots().values().stream().map(ReplicatedRoot::report).toList();
    return new StatusJson(
        new StatusJson.Node(
            node.name(),
            KeyText.print(node.id()),
            Version.text(),
            node.listen(),
            ProcessHandle.current().pid(),
            Instant.ofEpochMilli(node.startedMillis()).toString(),
            Health.notReady(node)),
        reports.stream().map(report -> root(node, report)).toList(),
        node.peers().stream().map(peer -> peer(peer, reports)).toList());
  }

  private static StatusJson.Root root(NodeView node, RootReport report) {
    return new StatusJson.Root(
        report.name(),
        report.path(),
        Health.stateText(report.state()),
        report.reason(),
        report.notes(),
        report.watcher(),
        report.census().present(),
        report.census().linked(),
        report.census().setId(),
        report.pending(),
        report.pendingPaths().entrySet().stream().map(StatusReader::pending).toList(),
        report.conflicts(),
        report.adoptedLosers(),
        report.held(),
        report.tombstones(),
        report.retiredReplicas(),
        report.bytesFree(),
        vault(report.vault()),
        verified(report),
        rootPeers(node, report),
        steps(report));
  }

  private static StatusJson.Vault vault(VaultReport vault) {
    return new StatusJson.Vault(
        vault.bytes(),
        vault.bytesMax(),
        vault.versions(),
        vault.oldestMillis() == 0 ? "" : Instant.ofEpochMilli(vault.oldestMillis()).toString());
  }

  private static StatusJson.Verified verified(RootReport report) {
    VerifyReport last = report.verified();
    return new StatusJson.Verified(
        last.ended() ? Instant.ofEpochMilli(last.endedMillis()).toString() : "",
        last.files(),
        last.bytes(),
        last.damaged(),
        last.healed(),
        last.left(),
        last.unread(),
        report.damagedEver());
  }

  private static StatusJson.PendingPath pending(Map.Entry<RelativePath, Pending> entry) {
    Pending pending = entry.getValue();
    return new StatusJson.PendingPath(
        RelativePathJson.text(entry.getKey()),
        pending.problem().toString(),
        Instant.ofEpochMilli(pending.sinceMillis()).toString(),
        pending.nextTryMillis() > System.currentTimeMillis()
            ? Instant.ofEpochMilli(pending.nextTryMillis()).toString()
            : "",
        pending.tries(),
        RelativePathJson.more(entry.getKey()));
  }

  private static List<StatusJson.RootPeer> rootPeers(NodeView node, RootReport report) {
    List<StatusJson.RootPeer> peers = new ArrayList<>();
    report
        .peers()
        .forEach((id, peer) ->
            peers.add(
                new StatusJson.RootPeer(
                    Health.nameOf(node, id),
                    peer.connected(),
                    peer.lagMillis(),
                    peer.behind(),
                    peer.pending(),
                    peer.merged(),
                    peer.filterDiffers(),
                    peer.paused())));
    return peers;
  }

  private static Map<String, StatusJson.Step> steps(RootReport report) {
    Map<String, StatusJson.Step> steps = new TreeMap<>();
    report
        .stageMicros()
        .forEach((name, times) ->
            steps.put(
                name,
                new StatusJson.Step(
                    times.count(), times.p50(), times.p95(), times.p99(), times.max())));
    return steps;
  }

  /** The greatest lag and the sum of what is missing; unknown in one root is unknown. */
  private static StatusJson.Peer peer(NodeView.PeerView view, List<RootReport> reports) {
    long behind = 0;
    OptionalLong lag = view.connected() ? OptionalLong.of(0) : OptionalLong.empty();
    NodeId id = view.id();
    boolean seen = false;
    for (RootReport report : reports) {
      RootReport.PeerReport peer = report.peers().get(id);
      if (peer != null) {
        behind += peer.behind();
        boolean known = peer.lagMillis().isPresent() && (lag.isPresent() || !seen);
        lag =
            known
                ? OptionalLong.of(Math.max(lag.orElse(0), peer.lagMillis().getAsLong()))
                : OptionalLong.empty();
        seen = true;
      }
    }
    return new StatusJson.Peer(
        view.name(),
        KeyText.print(id),
        view.address(),
        view.connected(),
        lag,
        behind,
        view.rttMicros(),
        view.bytesIn(),
        view.bytesOut(),
        view.bandwidth().stream().mapToLong(Bandwidth::bytesPerSecond).findFirst(),
        view.detail(),
        view.twin());
  }
}
