package dev.replicator.cli.control;

import dev.replicator.block.BlockStatus;
import dev.replicator.block.Progress;
import io.avaje.jsonb.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A root that DRBD and OCFS2 keep.
 *
 * @param state its name in docs/BLOCK.md
 * @param standing healthy, degraded, on_the_way or person
 * @param drbd connection, roles and disks, "" when DRBD is down
 * @param outOfSyncKib -1 when it is not known
 * @param percent of a sync or a verify, -1 when there is none
 * @param arbiter its name and what it last answered, "" when there is none
 */
@Json
public record BlockStatusJson(
    String root,
    String node,
    String state,
    String standing,
    String reason,
    String drbd,
    boolean mounted,
    long outOfSyncKib,
    int percent,
    String arbiter) {
  public static BlockStatusJson of(String root, String node, BlockStatus status, String arbiter) {
    return new BlockStatusJson(
        root,
        node,
        status.assessment().name(),
        status.assessment().standing().name().toLowerCase(Locale.ROOT),
        status.assessment().reason(),
        status.drbdText(),
        status.mounted(),
        status.outOfSyncKib().orElse(-1),
        status.progress().map(Progress::percent).orElse(-1),
        arbiter);
  }

  /** The same for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(root + " on " + node + ": " + state);
    lines.add("  " + reason);
    lines.add("  DRBD: " + (drbd.isEmpty() ? "down" : drbd));
    lines.add("  " + (mounted ? "mounted" : "not mounted"));
    if (outOfSyncKib > 0) {
      lines.add("  out of sync: " + outOfSyncKib + " KiB");
    }
    if (percent >= 0) {
      lines.add("  done: " + percent + " %");
    }
    if (!arbiter.isEmpty()) {
      lines.add("  arbiter: " + arbiter);
    }
    return lines;
  }
}
