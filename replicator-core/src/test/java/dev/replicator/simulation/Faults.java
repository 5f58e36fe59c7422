package dev.replicator.simulation;

import dev.replicator.model.Problem;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** What goes wrong with the machine of one node, until it is repaired. */
final class Faults {
  /** What a fault may strike. */
  enum Step {
    LOOK,
    LIST,
    READ,
    STAGE,
    EXCHANGE,
    KEEP
  }

  /**
   * How often in a hundred times.
   *
   * @param steps of the disk, each
   * @param appends of the journal
   * @param syncs of disk and journal
   * @param events of the watcher that nobody hears; a scan follows
   * @param kinds what a step of the disk fails with
   */
  record Percent(int steps, int appends, int syncs, int events, List<Problem> kinds) {}

  /** The root ended because it can no longer trust its disk. */
  interface Ended {
    void end(SimulatedNode node);
  }

  /** A machine that works. */
  static final Faults NONE =
      new Faults(new SplittableRandom(0), new Percent(0, 0, 0, 0, List.of()), node -> {});

  private static final long RESCAN_MILLIS_MAX = 5_000;

  private final SplittableRandom random;
  private final Percent percent;
  private final Ended ended;
  private Optional<Problem> standing = Optional.empty();
  private boolean repaired;
  private boolean unordered;
  private int missed;
  private final EnumSet<Knob> struck = EnumSet.noneOf(Knob.class);

  Faults(SplittableRandom random, Percent percent, Ended ended) {
    this.random = random;
    this.percent = percent;
    this.ended = ended;
  }

  void repair() {
    repaired = true;
    standing = Optional.empty();
  }

  /** From now on nothing can be put on the disk, as when it is full; or it can be again. */
  void stand(Optional<Problem> problem) {
    standing = problem;
  }

  boolean isStanding() {
    return standing.isPresent();
  }

  /** Why a step fails now. */
  Optional<Problem> on(Step step) {
    boolean puts = step == Step.STAGE || step == Step.EXCHANGE || step == Step.KEEP;
    if (puts && standing.isPresent()) {
      struck.add(Knob.FULL_DISKS);
      return standing;
    }
    return strikes(Knob.DISK_ERRORS, percent.steps())
        ? Optional.of(percent.kinds().get(random.nextInt(percent.kinds().size())))
        : Optional.empty();
  }

  boolean failsAppend() {
    return strikes(Knob.JOURNAL_ERRORS, percent.appends());
  }

  /** Whether the append that failed is in the journal nevertheless. */
  boolean isWritten() {
    return random.nextBoolean();
  }

  boolean failsSync() {
    return strikes(Knob.SYNC_ERRORS, percent.syncs());
  }

  boolean losesEvent() {
    return strikes(Knob.MISSED_EVENTS, percent.events());
  }

  /** Nobody heard an event, and nobody was told yet that it was missed; or he is told now. */
  void missed(boolean told) {
    missed += told ? -1 : 1;
  }

  /** Whether the watcher missed what it did not tell to be missed yet. */
  boolean hasMissed() {
    return missed > 0;
  }

  long rescanMillis() {
    return random.nextLong(RESCAN_MILLIS_MAX);
  }

  void end(SimulatedNode node) {
    ended.end(node);
  }

  /** Its watcher has not one queue: what it tells has no order, and a barrier scans. */
  void forgetOrder() {
    unordered = true;
  }

  boolean keepsOrder() {
    return !unordered;
  }

  /** What did strike until now. */
  Set<Knob> struck() {
    return struck;
  }

  private boolean strikes(Knob kind, int chance) {
    boolean now = !repaired && chance > 0 && random.nextInt(100) < chance;
    if (now) {
      struck.add(kind);
    }
    return now;
  }
}
