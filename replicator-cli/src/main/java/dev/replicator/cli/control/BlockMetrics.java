package dev.replicator.cli.control;

import dev.replicator.block.Assessment;
import dev.replicator.block.BlockStatus;
import dev.replicator.block.Connection;
import dev.replicator.block.DiskState;
import dev.replicator.block.Drbd;
import dev.replicator.block.Keyword;
import dev.replicator.block.Role;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The metrics of roots that DRBD and OCFS2 keep. Of a choice, the case that holds is 1 and all
 * others are 0, so that an alarm can be about any of them.
 */
final class BlockMetrics {
  private static final int BYTES_PER_KIB = 1_024;
  private static final double PERCENT = 100;

  private final Map<String, BlockStatus> roots;
  private final List<MetricSnapshot> metrics = new ArrayList<>();

  private BlockMetrics(Map<String, BlockStatus> roots) {
    this.roots = roots;
  }

  /** Nothing for a node that has no such root, or has not looked at it yet. */
  static List<MetricSnapshot> of(Map<String, BlockStatus> roots) {
    if (roots.isEmpty()) {
      return List.of();
    }
    BlockMetrics page = new BlockMetrics(roots);
    page.addStates();
    page.addAmounts();
    return page.metrics;
  }

  private void addStates() {
    choice(
        "replicator_block_role",
        "1 for what this node may do with the device",
        Role.values(),
        Drbd::role);
    choice(
        "replicator_block_disk_state",
        "1 for the state of this node's disk",
        DiskState.values(),
        Drbd::disk);
    choice(
        "replicator_block_peer_disk_state",
        "1 for the state of the peer's disk",
        DiskState.values(),
        Drbd::peerDisk);
    choice(
        "replicator_block_connection",
        "1 for the state of the link",
        Connection.values(),
        Drbd::connection);
    GaugeSnapshot.Builder standings =
        gauge("replicator_block_standing", "1 for how far from healthy the root is");
    roots.forEach((root, status) -> {
      for (Assessment.Standing standing : Assessment.Standing.values()) {
        standings.dataPoint(
            MetricsPage.point(
                Labels.of("root", root, "standing", standing.name().toLowerCase(Locale.ROOT)),
                status.assessment().standing() == standing ? 1 : 0));
      }
    });
    metrics.add(standings.build());
  }

  private void addAmounts() {
    amount(
        "replicator_block_split_brain",
        "1 while both sides hold changes that the other lacks",
        status -> truth(status.assessment() instanceof Assessment.SplitBrain));
    amount(
        "replicator_block_frozen",
        "1 while writes wait for fencing to decide",
        status -> truth(status.assessment() instanceof Assessment.Frozen));
    amount(
        "replicator_block_mounted",
        "1 while the file system is mounted here",
        status -> truth(status.mounted()));
    amount(
        "replicator_block_out_of_sync_bytes",
        "What is known to differ between the disks",
        status ->
            status.outOfSyncKib().isPresent()
                ? OptionalDouble.of((double) status.outOfSyncKib().getAsLong() * BYTES_PER_KIB)
                : OptionalDouble.empty());
    amount(
        "replicator_block_sync_ratio",
        "How much of a running sync is done",
        status -> done(status, false));
    amount(
        "replicator_block_verify_ratio",
        "How much of a running verify is done",
        status -> done(status, true));
  }

  private static OptionalDouble truth(boolean holds) {
    return OptionalDouble.of(holds ? 1 : 0);
  }

  private static OptionalDouble done(BlockStatus status, boolean verify) {
    return status
        .progress()
        .filter(progress -> progress.verify() == verify)
        .map(progress -> OptionalDouble.of(progress.percent() / PERCENT))
        .orElse(OptionalDouble.empty());
  }

  /** A root that is down shows 0 for all cases. */
  private void choice(String name, String help, Keyword[] cases, Function<Drbd, Keyword> part) {
    GaugeSnapshot.Builder builder = gauge(name, help);
    roots.forEach((root, status) -> {
      Optional<Keyword> is = status.drbd().map(part);
      for (Keyword one : cases) {
        builder.dataPoint(
            MetricsPage.point(
                Labels.of("root", root, "state", one.text()), is.equals(Optional.of(one)) ? 1 : 0));
      }
    });
    metrics.add(builder.build());
  }

  /** Nothing for a root that does not tell it. */
  private void amount(String name, String help, Function<BlockStatus, OptionalDouble> amount) {
    GaugeSnapshot.Builder builder = gauge(name, help);
    roots.forEach((root, status) ->
        amount
            .apply(status)
            .ifPresent(
                value -> builder.dataPoint(MetricsPage.point(Labels.of("root", root), value))));
    metrics.add(builder.build());
  }

  private static GaugeSnapshot.Builder gauge(String name, String help) {
    return MetricsPage.gauge(name, help);
  }
}
