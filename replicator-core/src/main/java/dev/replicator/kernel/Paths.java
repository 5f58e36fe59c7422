package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Invariant;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which paths wait to be looked at or worked on, and which are being handled: at most one operation
 * runs on a path at any time.
 */
final class Paths {
  /** Waiting paths beyond this are found again in the journal's pending work. */
  static final int WORK_MAX = 8_192;

  /** Of so many looks one is a scan's, however fast paths change: else no scan would ever end. */
  static final int SCAN_SHARE = 8;

  /**
   * A look that was asked for.
   *
   * @param listed what is in a directory is told of by whoever asked, after this
   */
  record Suspicion(Cause cause, boolean reread, boolean listed) {
    Suspicion(Cause cause, boolean reread) {
      this(cause, reread, false);
    }

    static Suspicion of(Event.Suspected told) {
      return new Suspicion(told.cause(), told.reread(), told.listed());
    }

    Suspicion merge(Suspicion later) {
      Cause merged = cause == Cause.WATCH || later.cause == Cause.WATCH ? Cause.WATCH : later.cause;
      return new Suspicion(merged, reread || later.reread, listed && later.listed);
    }
  }

  /** What runs on a path. */
  enum Busy {
    INSPECTING,
    STAGING,
    /** Staged as well, but of so much content that it may take long to come. */
    STAGING_LARGE,
    EXCHANGING,
    /** The same, by who was killed: what gave way may be large, and is yet to be read. */
    CUT_OFF,
    KEEPING,
    /** Put together with all of its group, which is one operation. */
    GROUPED;

    boolean isSmallPut() {
      return this == STAGING || this == EXCHANGING;
    }
  }

  private final Bounds bounds;

  /** A scan finds thousands at once: who changes a file meanwhile does not wait behind them. */
  private final LinkedHashMap<RelativePath, Suspicion> suspects = new LinkedHashMap<>();

  private final LinkedHashMap<RelativePath, Suspicion> scanned = new LinkedHashMap<>();

  /** Looks that went before those of a scan since its last one. */
  private int passedOver;

  private final Turns work = new Turns();
  private final Map<RelativePath, Busy> busy = new HashMap<>();
  private int grouped;
  private int smallPuts;
  private int largePuts;
  private final Map<RelativePath, Suspicion> inspecting = new HashMap<>();
  private final Map<RelativePath, Suspicion> suspectedWhileBusy = new HashMap<>();
  private final TreeMap<Long, LinkedHashMap<RelativePath, Suspicion>> later = new TreeMap<>();

  private final OpenReads openReads = new OpenReads();
  private final Unclosed unclosed;
  private boolean hurried;

  /** Of what could not be looked at it is not forgotten why it was to be. */
  private final Map<RelativePath, Suspicion> unread = new HashMap<>();

  Paths(Bounds bounds) {
    this.bounds = bounds;
    this.unclosed = new Unclosed(bounds);
  }

  /** Has {@code path} looked at, because it may not be as it is believed to be. */
  void check(RelativePath path) {
    suspect(path, new Suspicion(Cause.CHECK, false));
  }

  /** Tells false when there are too many: only a scan will find that it is to be looked at. */
  boolean unread(RelativePath path, Suspicion suspicion) {
    if (unread.size() >= bounds.waiting() && !unread.containsKey(path)) {
      return false;
    }
    unread.put(path, suspicion);
    return true;
  }

  /** Whether it is not known to show what it is to show, whatever is believed: it stays pending. */
  boolean isUnread(RelativePath path) {
    return unread.containsKey(path);
  }

  /** The first such below {@code scope}, or above it. */
  List<RelativePath> unread(RelativePath scope, int most) {
    return unread.keySet().stream()
        .filter(path -> path.isWithin(scope) || scope.isWithin(path))
        .sorted()
        .limit(most)
        .toList();
  }

  void lookAgain(RelativePath path) {
    suspect(path, unread.getOrDefault(path, new Suspicion(Cause.CHECK, false)));
  }

  void suspect(RelativePath path, Suspicion suspicion) {
    if (busy.containsKey(path)) {
      suspectedWhileBusy.merge(path, suspicion, Suspicion::merge);
    } else {
      queue(path, suspicion);
    }
  }

  private void queue(RelativePath path, Suspicion suspicion) {
    if (suspicion.cause() == Cause.SCAN && !suspects.containsKey(path)) {
      scanned.merge(path, suspicion, Suspicion::merge);
    } else {
      Suspicion earlier = scanned.remove(path);
      suspects.merge(
          path, earlier == null ? suspicion : earlier.merge(suspicion), Suspicion::merge);
    }
  }

  void suspectAt(long millis, RelativePath path, Suspicion suspicion) {
    later
        .computeIfAbsent(millis, ignored -> new LinkedHashMap<>())
        .merge(path, suspicion, Suspicion::merge);
  }

  /** As {@link #suspectAt}, but at once when that is now. */
  void suspectFrom(long millis, long nowMillis, RelativePath path, Suspicion suspicion) {
    if (millis > nowMillis) {
      suspectAt(millis, path, suspicion);
    } else {
      suspect(path, suspicion);
    }
  }

  /** As {@link #suspectAt}, but at once while somebody waits for all that is to be looked at. */
  void suspectUnhurried(long millis, RelativePath path, Suspicion suspicion) {
    if (hurried) {
      suspect(path, suspicion);
    } else {
      suspectAt(millis, path, suspicion);
    }
  }

  /** Somebody waits for all that is to be looked at: nothing below {@code scope} is put off. */
  void hurry(RelativePath scope) {
    hurried = true;
    later.values().stream()
        .flatMap(paths -> paths.keySet().stream())
        .filter(path -> path.isWithin(scope))
        .toList()
        .forEach(this::hasten);
  }

  void hurryNoMore() {
    hurried = false;
  }

  /** Has {@code path} looked at now if it waits for its time. */
  void hasten(RelativePath path) {
    List<Suspicion> waiting =
        later.values().stream().map(paths -> paths.remove(path)).filter(Objects::nonNull).toList();
    later.values().removeIf(Map::isEmpty);
    waiting.forEach(suspicion -> suspect(path, suspicion));
  }

  Unclosed unclosed() {
    return unclosed;
  }

  /**
   * Whether a look that was asked for may leave a new file to its writer. A scan has to know what
   * there is, and a peer's version goes over nothing unread.
   */
  boolean mayLeave(RelativePath path, Suspicion suspicion) {
    return suspicion.cause() == Cause.WATCH && unclosed.mayWait(path);
  }

  /**
   * A new file is at {@code path} that its writer has not closed.
   *
   * @param patient whether nothing else asks for it
   * @return false when it is looked at all the same
   */
  boolean leave(RelativePath path, Suspicion suspicion, boolean patient) {
    boolean left = patient && mayLeave(path, suspicion);
    if (left) {
      unclosed.add(path);
    } else {
      suspect(path, suspicion);
    }
    return left;
  }

  OpenReads openReads() {
    return openReads;
  }

  void wake(long nowMillis) {
    openReads
        .due(nowMillis)
        .forEach(path -> {
          openReads.remove(path);
          suspect(path, new Suspicion(Cause.WATCH, true));
        });
    while (!later.isEmpty() && later.firstKey() <= nowMillis) {
      later.pollFirstEntry().getValue().forEach(this::suspect);
    }
  }

  long wakeAtMillis() {
    long first = later.isEmpty() ? Long.MAX_VALUE : later.firstKey();
    return Math.min(first, openReads.wakeAtMillis());
  }

  /** Queues a path for work; false when there are too many, and the journal must remember it. */
  boolean enqueue(RelativePath path) {
    return busy.containsKey(path)
        || work.contains(path)
        || (work.size() < bounds.work() && work.add(path));
  }

  boolean hasRoomForWork() {
    return work.size() < bounds.work() / 2;
  }

  void forgetWork(RelativePath path) {
    work.remove(path);
  }

  boolean isBusy(RelativePath path) {
    return busy.containsKey(path);
  }

  boolean isSuspect(RelativePath path) {
    return suspects.containsKey(path)
        || scanned.containsKey(path)
        || suspectedWhileBusy.containsKey(path)
        || inspecting.containsKey(path);
  }

  /** Those below {@code scope} that are to be looked at. */
  List<RelativePath> suspected(RelativePath scope) {
    return Stream.concat(
            Stream.of(suspects, scanned, suspectedWhileBusy, inspecting), later.values().stream())
        .flatMap(waiting -> waiting.keySet().stream())
        .filter(path -> path.isWithin(scope))
        .toList();
  }

  /** So many of those of which a look did not tell yet what is there. */
  List<RelativePath> waiting(int most) {
    return Stream.concat(
            Stream.of(suspects, scanned, suspectedWhileBusy, inspecting), later.values().stream())
        .flatMap(looks -> looks.keySet().stream())
        .limit(most)
        .toList();
  }

  /** Whether a look waits for a stamp that what runs on {@code path} is to tell, or to give. */
  boolean isGettingStamp(RelativePath path) {
    Busy running = busy.getOrDefault(path, Busy.STAGING);
    boolean again = running == Busy.INSPECTING && suspectedWhileBusy.containsKey(path);
    return again || isChange(running);
  }

  /** Looks that wait or run. */
  int backlog() {
    return suspects.size() + scanned.size() + inspecting.size();
  }

  /** Those of them that scans found and that wait. */
  int scanBacklog() {
    return scanned.size();
  }

  /** Whether a look waits for what runs on its path. */
  boolean hasLooksBehindWork() {
    return !suspectedWhileBusy.isEmpty();
  }

  int inFlight() {
    return busy.size();
  }

  boolean hasCapacity() {
    return busy.size() - grouped < bounds.inFlight();
  }

  /**
   * Large files may be on their way for hours: who changes one meanwhile does not wait for them.
   */
  boolean hasRoomToLook() {
    return busy.size() - grouped - largePuts < bounds.inFlight()
        && inspecting.size() < Limits.LOOKS_IN_FLIGHT_MAX;
  }

  /** Whether one more may be put: those that wait for it take turns, those in flight do not. */
  boolean hasRoomToPut() {
    return hasCapacity() && smallPuts < Limits.SMALL_PUTS_IN_FLIGHT_MAX;
  }

  boolean isIdle() {
    return !hasSuspects() && work.isEmpty() && busy.isEmpty() && later.isEmpty();
  }

  /** Whether nothing runs or is to be looked at below {@code scope}. */
  boolean isQuiet(RelativePath scope) {
    return Stream.of(busy.keySet(), suspects.keySet(), scanned.keySet())
        .flatMap(Set::stream)
        .noneMatch(path -> path.isWithin(scope));
  }

  /** Those below {@code scope} at which the disk is being changed, or was and nobody told yet. */
  List<RelativePath> changing(RelativePath scope) {
    return busy.entrySet().stream()
        .filter(entry -> isChange(entry.getValue()) && entry.getKey().isWithin(scope))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static boolean isChange(Busy operation) {
    return operation == Busy.EXCHANGING || operation == Busy.CUT_OFF || operation == Busy.GROUPED;
  }

  /** Those below {@code scope} that somebody looks at now: the answer may be older than asked. */
  List<RelativePath> inspecting(RelativePath scope) {
    return inspecting.keySet().stream().filter(path -> path.isWithin(scope)).sorted().toList();
  }

  /** Those of them that are looked at once more afterwards. */
  List<RelativePath> inspectedAgain(RelativePath scope) {
    return inspecting(scope).stream().filter(suspectedWhileBusy::containsKey).toList();
  }

  /** The next look that may start; those of busy paths wait until what runs there ends. */
  Optional<Map.Entry<RelativePath, Suspicion>> nextSuspect() {
    while (hasSuspects()) {
      Map.Entry<RelativePath, Suspicion> next = pollSuspect();
      if (!busy.containsKey(next.getKey())) {
        return Optional.of(next);
      }
      suspectedWhileBusy.merge(next.getKey(), next.getValue(), Suspicion::merge);
    }
    return Optional.empty();
  }

  private Map.Entry<RelativePath, Suspicion> pollSuspect() {
    boolean scansTurn = suspects.isEmpty() || (!scanned.isEmpty() && passedOver >= SCAN_SHARE - 1);
    passedOver = scansTurn || scanned.isEmpty() ? 0 : passedOver + 1;
    return scansTurn ? scanned.pollFirstEntry() : suspects.pollFirstEntry();
  }

  Optional<RelativePath> nextWork() {
    return work.isEmpty() ? Optional.empty() : Optional.of(work.poll());
  }

  boolean hasSuspects() {
    return !suspects.isEmpty() || !scanned.isEmpty();
  }

  void begin(RelativePath path, Busy operation) {
    Invariant.check(busy.put(path, operation) == null, "one operation at a time runs on a path");
    count(operation, 1);
  }

  private void count(Busy operation, int one) {
    grouped += operation == Busy.GROUPED ? one : 0;
    smallPuts += operation.isSmallPut() ? one : 0;
    largePuts += operation == Busy.STAGING_LARGE ? one : 0;
  }

  void beginStaging(RelativePath path, Entry entry) {
    boolean large = entry instanceof Entry.File file && file.size() > Limits.INLINE_BYTES_MAX;
    begin(path, large ? Busy.STAGING_LARGE : Busy.STAGING);
  }

  void beginInspecting(RelativePath path, Suspicion suspicion) {
    begin(path, Busy.INSPECTING);
    inspecting.put(path, suspicion);
    openReads.remove(path);
    unclosed.remove(path);
  }

  /** Ends what ran; a look that was asked for meanwhile waits now. */
  Suspicion end(RelativePath path) {
    Busy ended = busy.remove(path);
    if (ended != null) {
      count(ended, -1);
    }
    Suspicion asked = inspecting.remove(path);
    Suspicion again = suspectedWhileBusy.remove(path);
    if (again != null) {
      queue(path, again);
    }
    Suspicion looked = asked == null ? new Suspicion(Cause.CHECK, false) : asked;
    Suspicion before = asked == null ? null : unread.remove(path);
    return before == null ? looked : before.merge(looked);
  }
}
