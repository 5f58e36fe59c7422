package dev.replicator.cli.control;

import dev.replicator.model.NodeId;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.RootReport;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The metrics, read when they are asked for. Labels are names of roots, peers and steps only. */
final class MetricsPage {
  static final String TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final double MILLIS_PER_SECOND = 1_000;
  private static final double MICROS_PER_SECOND = 1_000_000;

  private final NodeView node;
  private final List<RootReport> reports;
  private final MetricSnapshots.Builder metrics = MetricSnapshots.builder();

  private MetricsPage(NodeView node) {
    this.node = node;
    this.reports = node.roots().values().stream().map(ReplicatedRoot::report).toList();
  }

  static String write(NodeView node) {
    MetricsPage page = new MetricsPage(node);
    page.addNode();
    page.addRoots();
    page.addPeers();
    page.addSteps();
    BlockMetrics.of(node.blocks()).forEach(page.metrics::metricSnapshot);
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(octets, page.metrics.build());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return octets.toString(StandardCharsets.UTF_8);
  }

  private void addNode() {
    metrics.metricSnapshot(
        InfoSnapshot.builder()
            .name("replicator_build")
            .help("Which build runs here")
            .dataPoint(
                InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(Labels.of("version", Version.text()))
                    .build())
            .build());
    GaugeSnapshot.Builder connected =
        gauge("replicator_peer_connected", "1 while a session with the peer stands");
    for (NodeView.PeerView peer : node.peers()) {
      connected.dataPoint(point(Labels.of("peer", peer.name()), peer.connected() ? 1 : 0));
    }
    metrics.metricSnapshot(connected.build());
    addBytes();
    metrics.metricSnapshot(
        gauge("replicator_ready", "1 while a load balancer may send requests here")
            .dataPoint(point(Labels.EMPTY, Health.notReady(node).isEmpty() ? 1 : 0))
            .build());
  }

  private void addBytes() {
    CounterSnapshot.Builder bytes =
        CounterSnapshot.builder()
            .name("replicator_peer_bytes")
            .help("Bytes on the wire since the daemon started, encryption included");
    for (NodeView.PeerView peer : node.peers()) {
      bytes.dataPoint(count(peer.name(), "in", peer.bytesIn()));
      bytes.dataPoint(count(peer.name(), "out", peer.bytesOut()));
    }
    metrics.metricSnapshot(bytes.build());
  }

  private static CounterDataPointSnapshot count(String peer, String direction, long bytes) {
    return CounterDataPointSnapshot.builder()
        .labels(Labels.of("peer", peer, "direction", direction))
        .value(bytes)
        .build();
  }

  private void addRoots() {
    root("replicator_root_entries", "Paths on this disk", report -> report.census().present());
    root("replicator_pending_files", "Paths not in their newest state", RootReport::pending);
    root("replicator_conflicts", "Paths with a hidden version", RootReport::conflicts);
    root("replicator_held_deletions", "Deletions that wait for approve", RootReport::held);
    root("replicator_tombstones", "Deletions still remembered", RootReport::tombstones);
    root("replicator_free_bytes", "Free space of the file system", RootReport::bytesFree);
    root(
        "replicator_vault_bytes",
        "What replaced and deleted versions take of the disk, those of conflicts among them",
        report -> report.vault().bytes());
    root(
        "replicator_vault_limit_bytes",
        "What replaced and deleted versions may take, without those of conflicts",
        report -> report.vault().bytesMax());
    root(
        "replicator_vault_oldest_timestamp_seconds",
        "When the oldest version that is kept left its path, 0 without one",
        report -> report.vault().oldestMillis() / MILLIS_PER_SECOND);
    root(
        "replicator_verify_end_timestamp_seconds",
        "When the last verify ended, 0 before the first since the daemon started",
        report -> report.verified().endedMillis() / MILLIS_PER_SECOND);
    root(
        "replicator_verify_left_files",
        "Damaged files that the last verify could not heal",
        report -> report.verified().left());
    addDamages();
    GaugeSnapshot.Builder states =
        gauge("replicator_root_state", "1 for the state that the root is in");
    for (RootReport report : reports) {
      for (RootReport.State state : RootReport.State.values()) {
        states.dataPoint(
            point(
                Labels.of("root", report.name(), "state", Health.stateText(state)),
                report.state() == state ? 1 : 0));
      }
    }
    metrics.metricSnapshot(states.build());
  }

  private void addDamages() {
    CounterSnapshot.Builder damages =
        CounterSnapshot.builder()
            .name("replicator_damaged_files")
            .help("Damaged files that verify found since the daemon started");
    for (RootReport report : reports) {
      damages.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("root", report.name()))
              .value(report.damagedEver())
              .build());
    }
    metrics.metricSnapshot(damages.build());
  }

  private void root(String name, String help, ToDoubleFunction<RootReport> value) {
    GaugeSnapshot.Builder builder = gauge(name, help);
    for (RootReport report : reports) {
      builder.dataPoint(point(Labels.of("root", report.name()), value.applyAsDouble(report)));
    }
    metrics.metricSnapshot(builder.build());
  }

  private void addPeers() {
    GaugeSnapshot.Builder lag =
        gauge("replicator_lag_seconds", "Age of the oldest change that the peer does not show");
    GaugeSnapshot.Builder behind =
        gauge("replicator_behind_changes", "Changes that the peer has not merged");
    for (RootReport report : reports) {
      for (Map.Entry<NodeId, RootReport.PeerReport> entry : report.peers().entrySet()) {
        Labels labels =
            Labels.of("root", report.name(), "peer", Health.nameOf(node, entry.getKey()));
        RootReport.PeerReport peer = entry.getValue();
        peer.lagMillis()
            .ifPresent(millis -> lag.dataPoint(point(labels, millis / MILLIS_PER_SECOND)));
        behind.dataPoint(point(labels, peer.behind()));
      }
    }
    metrics.metricSnapshot(lag.build());
    metrics.metricSnapshot(behind.build());
  }

  private void addSteps() {
    SummarySnapshot.Builder steps =
        SummarySnapshot.builder()
            .name("replicator_step_seconds")
            .help("Where the time of recent changes goes");
    for (RootReport report : reports) {
      report
          .stageMicros()
          .forEach((name, times) ->
              steps.dataPoint(
                  SummarySnapshot.SummaryDataPointSnapshot.builder()
                      .labels(Labels.of("root", report.name(), "step", name))
                      .count(times.count())
                      .quantiles(
                          Quantiles.of(
                              new Quantile(0.5, times.p50() / MICROS_PER_SECOND),
                              new Quantile(0.95, times.p95() / MICROS_PER_SECOND),
                              new Quantile(0.99, times.p99() / MICROS_PER_SECOND)))
                      .build()));
    }
    metrics.metricSnapshot(steps.build());
  }

  static GaugeSnapshot.Builder gauge(String name, String help) {
    return GaugeSnapshot.builder().name(name).help(help);
  }

  static GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
