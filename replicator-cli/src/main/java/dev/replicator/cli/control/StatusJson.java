package dev.replicator.cli.control;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What {@code status --json} prints. */
@Json
public record StatusJson(Node node, List<Root> roots, List<Peer> peers) {
  /**
   * This node.
   *
   * @param id the key as other nodes' configurations carry it
   * @param notReady why a load balancer should not send requests here; empty when it may
   */
  @Json
  public record Node(
      String name,
      String id,
      String version,
      String listen,
      long pid,
      String startedAt,
      List<String> notReady) {}

  /**
   * One root; {@code state} is one of starting, scanning, live, held, paused, failed.
   *
   * @param hardLinked files that have other names too; each name is replicated by itself
   * @param setIdFiles files with set-id bits
   */
  @Json
  public record Root(
      String name,
      String path,
      String state,
      String reason,
      List<String> notes,
      String watcher,
      long entries,
      long hardLinked,
      long setIdFiles,
      long pending,
      List<PendingPath> pendingPaths,
      long conflicts,
      long adoptedLosers,
      long held,
      long tombstones,
      int retiredReplicas,
      long bytesFree,
      Vault vault,
      Verified verified,
      List<RootPeer> peers,
      Map<String, Step> steps) {}

  /**
   * What is kept of what was replaced and deleted; all zero until a minute after the start.
   *
   * @param bytes that it takes of its disk, versions of open conflicts among them
   * @param bytesMax of what is no version of an open conflict
   * @param oldest when the oldest of these left its path; "" without one
   */
  @Json
  public record Vault(long bytes, long bytesMax, long versions, String oldest) {}

  /**
   * What `verify` found the last time since the daemon started.
   *
   * @param endedAt "" when it did not run to its end yet
   * @param left damaged files that still were when it ended
   * @param damagedEver damaged files that were found since the daemon started
   */
  @Json
  public record Verified(
      String endedAt,
      long files,
      long bytes,
      long damaged,
      long healed,
      long left,
      long unread,
      long damagedEver) {}

  /**
   * A path that does not show its newest state here yet.
   *
   * @param nextTry "" when it waits for no time: for its turn, or for somebody
   */
  @Json
  public record PendingPath(
      String path,
      String reason,
      String since,
      String nextTry,
      int tries,
      @Json.Unmapped Map<String, Object> more) {}

  /**
   * One peer as one root sees it.
   *
   * @param paused whether somebody paused the root there, as far as it told
   */
  @Json
  public record RootPeer(
      String name,
      boolean connected,
      OptionalLong lagMillis,
      long behind,
      long pending,
      boolean merged,
      boolean filterDiffers,
      boolean paused) {
    public RootPeer {
      lagMillis = Nulls.absent(lagMillis);
    }
  }

  /** Microseconds that one step of recent changes took. */
  @Json
  public record Step(long count, long p50, long p95, long p99, long max) {}

  /**
   * One peer over all roots.
   *
   * @param lagMillis age of the oldest change that it lacks; null when that is not known
   * @param behind changes that it has not merged; what it merged and does not show, {@code pending}
   *     of the roots counts
   * @param rttMicros a round trip of a ping; 0 before the first
   * @param bytesIn on the wire since the daemon started, encryption included
   * @param bandwidthBytesPerSecond limit of the content that is sent to it; null without one
   * @param twin from where two daemons with its key come; "" while none do
   */
  @Json
  public record Peer(
      String name,
      String id,
      String address,
      boolean connected,
      OptionalLong lagMillis,
      long behind,
      long rttMicros,
      long bytesIn,
      long bytesOut,
      OptionalLong bandwidthBytesPerSecond,
      String detail,
      String twin) {
    public Peer {
      twin = Nulls.absent(twin);
      lagMillis = Nulls.absent(lagMillis);
      bandwidthBytesPerSecond = Nulls.absent(bandwidthBytesPerSecond);
    }
  }
}
