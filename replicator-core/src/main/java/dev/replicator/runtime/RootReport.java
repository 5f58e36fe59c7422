package dev.replicator.runtime;

import dev.replicator.model.Census;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The state of a root at one moment.
 *
 * @param reason of a state that is not live, and of limits of what is done ("owners not enforced")
 * @param watcher its name and what it cannot see, for people
 * @param blind why changes are only found by scanning, "" when the watcher tells of them
 * @param pendingPaths the first of the pending paths, with their reasons
 * @param standing whether what others wrote shows here
 * @param census how many paths this disk holds, and those of note
 * @param bytesFree of the file system of the root
 * @param vault what is kept of what was replaced and deleted
 * @param verified what was found when all content was read again the last time
 * @param damagedEver damaged files that were found since the start
 * @param stageMicros where the time of recent changes goes, by the name of the step
 */
public record RootReport(
    String name,
    String path,
    State state,
    String reason,
    List<String> notes,
    String watcher,
    String blind,
    Standing standing,
    Census census,
    long pending,
    SortedMap<RelativePath, Pending> pendingPaths,
    long conflicts,
    long adoptedLosers,
    long held,
    long tombstones,
    int retiredReplicas,
    long bytesFree,
    VaultReport vault,
    VerifyReport verified,
    long damagedEver,
    SortedMap<NodeId, PeerReport> peers,
    SortedMap<String, StepTimes> stageMicros) {

  /** Of a root that could not be opened yet. */
  public static RootReport unopened(String name, String path) {
    return new RootReport(
        name,
        path,
        State.FAILED,
        "",
        List.of(),
        "",
        "",
        new Standing(true, true, 0),
        Census.NONE,
        0,
        new TreeMap<>(),
        0,
        0,
        0,
        0,
        0,
        -1,
        VaultReport.NONE,
        VerifyReport.NONE,
        0,
        new TreeMap<>(),
        new TreeMap<>());
  }

  /** The same root, once it does not run any more. */
  public RootReport failed(String why) {
    return new RootReport(
        name,
        path,
        State.FAILED,
        why,
        notes,
        watcher,
        "",
        standing,
        census,
        pending,
        pendingPaths,
        conflicts,
        adoptedLosers,
        held,
        tombstones,
        retiredReplicas,
        bytesFree,
        vault,
        verified,
        damagedEver,
        peers,
        stageMicros);
  }

  /**
   * How far this disk shows what is to show.
   *
   * @param merged whether all that some peer has was merged with this journal once, though that
   *     peer may be removed since
   * @param lost whether the directory of the root is missing or another one
   * @param behindMillis age of the oldest content of others that does not show here yet, 0 when all
   *     shows; what no waiting mends, as a name that is too long, does not count
   */
  public record Standing(boolean merged, boolean lost, long behindMillis) {
    /** Of a root of which nothing of that is asked. */
    public static final Standing NONE = new Standing(true, false, 0);
  }

  /** What the root is doing. */
  public enum State {
    STARTING,
    SCANNING,
    LIVE,
    HELD,
    PAUSED,
    FAILED
  }

  /**
   * One peer as this root sees it.
   *
   * @param lagMillis age of the oldest change that the peer does not show yet, 0 when there is
   *     none, empty while the peer told nothing since this start
   * @param behind how many changes it has not merged; of one that is away, as far as it
   *     acknowledged
   * @param pending how many paths are pending there
   * @param filterDiffers whether its filter rules are not ours
   * @param paused whether somebody paused the root there, as far as it told
   */
  public record PeerReport(
      boolean connected,
      OptionalLong lagMillis,
      long behind,
      long pending,
      boolean merged,
      boolean filterDiffers,
      boolean paused) {}

  /** Times of one step of recent changes, in microseconds. */
  public record StepTimes(long count, long p50, long p95, long p99, long max) {}
}
