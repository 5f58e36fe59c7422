package dev.replicator.kernel;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The scans that are under way, and what they could not read. */
final class Scans {
  private static final long AGAIN_MILLIS = 10_000;
  private static final long AGAIN_MILLIS_MAX = 600_000;

  /** So many are looked at again at once; a root that was emptied has millions. */
  private static final int RECHECKS_MAX = 1_024;

  /** Directories that cannot be listed, for each scope that could not be read and is remembered. */
  private static final int UNLISTED_SHARE = 32;

  /** Between two scans of all that are not worth more than this. */
  static final long PACED_MILLIS = 60_000;

  private final ReplicaState state;
  private final Paths paths;
  private final Births births;
  private final Deletions deletions;
  private final Health health;
  private final TreeMap<Long, Scan> scans = new TreeMap<>();
  private final List<Scan> again = new ArrayList<>();
  private long againAtMillis = Long.MAX_VALUE;
  private long againPauseMillis = AGAIN_MILLIS;
  private long pacedAtMillis = Long.MAX_VALUE;
  private long pacedMillis = -PACED_MILLIS;
  private long lastScan;

  /** Of what the scan of the start believed the stamps. */
  private long startDistrustMillis = Long.MAX_VALUE;

  /**
   * What only a scan will see, as directories that could not be listed, and the last scan that had
   * begun when that was told.
   */
  private final TreeMap<RelativePath, Long> unlisted = new TreeMap<>();

  /** Up to where all that was seen to be absent was looked at again. */
  private Optional<RelativePath> recheckAfter = Optional.empty();

  /**
   * A scan under way.
   *
   * @param ended once all its suspects were told
   * @param unread what it could not read and is to be adopted when it can be read
   */
  private record Scan(
      RelativePath scope,
      Cause cause,
      long distrustSinceMillis,
      boolean ended,
      Unread unread,
      Runnable then) {}

  /** What could not be read below {@code scope}; when that is too much, all of it. */
  private static final class Unread {
    private final RelativePath scope;
    private final int most;
    private final TreeSet<RelativePath> paths = new TreeSet<>();
    private boolean tooMuch;

    Unread(RelativePath scope, int most) {
      this.scope = scope;
      this.most = most;
    }

    void add(RelativePath path) {
      paths.removeIf(known -> known.isWithin(path));
      if (paths.stream().noneMatch(path::isWithin)) {
        paths.add(path);
      }
      if (paths.size() > most) {
        tooMuch = true;
        paths.clear();
        paths.add(scope);
      }
    }

    /** Each of which one look tells when it can be read: not of all, because it is too much. */
    Stream<RelativePath> named() {
      return tooMuch ? Stream.empty() : paths.stream();
    }
  }

  Scans(ReplicaState state, Paths paths, Births births, Deletions deletions, Health health) {
    this.state = state;
    this.paths = paths;
    this.births = births;
    this.deletions = deletions;
    this.health = health;
  }

  /**
   * Compares disk and index below {@code scope}; {@code then} runs when all is taken in.
   *
   * <p>What was seen to be absent is in the index until that is judged: a scan that finds it there
   * again, as it was, has nothing to tell. So each such path is looked at by itself, and each that
   * is being looked at, or changed, once more.
   */
  long begin(RelativePath scope, Cause cause, long askedSinceMillis, Runnable then) {
    long scan = ++lastScan;
    startDistrustMillis = scan == 1 ? askedSinceMillis : startDistrustMillis;
    long distrustSinceMillis =
        isToBeListed(scope) ? Math.min(askedSinceMillis, startDistrustMillis) : askedSinceMillis;
    paths.inspecting(scope).forEach(paths::check);
    if (cause != Cause.SCAN) {
      Paths.Suspicion told = new Paths.Suspicion(cause, false);
      paths.changing(scope).forEach(path -> paths.suspect(path, told));
    }
    List<RelativePath> absent = deletions.within(scope, RECHECKS_MAX);
    if (absent.size() < RECHECKS_MAX) {
      absent.forEach(paths::check);
    } else {
      recheckAfter = Optional.of(RelativePath.ROOT);
    }
    List<RelativePath> doubted = doubted(scope, distrustSinceMillis);
    Runnable ended = doubted.isEmpty() ? then : new Last(1 + doubted.size(), then);
    Unread unread = new Unread(scope, state.settings.bounds().unreadScopes());
    scans.put(scan, new Scan(scope, cause, distrustSinceMillis, false, unread, ended));
    state.emit(new Effect.Scan(scan, scope, cause, distrustSinceMillis));
    doubted.forEach(path -> begin(path, cause, startDistrustMillis, ended));
    return scan;
  }

  /**
   * A scan that believes stamps may be the first that can list what that of the start could not.
   */
  private List<RelativePath> doubted(RelativePath scope, long distrustSinceMillis) {
    return distrustSinceMillis <= startDistrustMillis
        ? List.of()
        : unlisted.keySet().stream()
            .filter(path -> !path.equals(scope) && path.isWithin(scope))
            .toList();
  }

  /** What follows once the last of some scans is over. */
  private static final class Last implements Runnable {
    private int scans;
    private final Runnable then;

    Last(int scans, Runnable then) {
      this.scans = scans;
      this.then = then;
    }

    @Override
    public void run() {
      if (--scans == 0) {
        then.run();
      }
    }
  }

  /** Goes on with what was seen to be absent, while there is room. */
  void dispatch() {
    if (recheckAfter.isPresent() && paths.backlog() < RECHECKS_MAX) {
      List<RelativePath> next = deletions.after(recheckAfter.get(), RECHECKS_MAX);
      next.forEach(paths::check);
      recheckAfter = next.isEmpty() ? Optional.empty() : Optional.of(next.getLast());
    }
  }

  /** Compares below {@code scope}, and reads all of it that no scan could read before. */
  long suspect(RelativePath scope, Cause cause) {
    boolean unread = state.root().unread().stream().anyMatch(scope::isWithin);
    return begin(scope, cause, unread ? 0 : Long.MAX_VALUE, () -> {});
  }

  /** Whether the scan of the start may not have come to what is there. */
  private boolean isToBeListed(RelativePath scope) {
    return unlisted.keySet().stream().anyMatch(path -> !path.isRoot() && scope.isWithin(path));
  }

  /**
   * What cannot be read while it would be adopted is adopted whenever it can be read; of a
   * directory that could be read once, what is below it and never could.
   */
  void unread(RelativePath path) {
    births.looks().failed(path, lastScan);
    if (births.isAdopting(path)) {
      keepUnread(path);
    } else {
      state.root().unread().stream()
          .filter(scope -> scope.isWithin(path))
          .forEach(this::keepUnread);
    }
  }

  /** A directory could not be listed; or a path could not be read, beside too many others. */
  void unlisted(RelativePath directory) {
    unlisted.put(directory, lastScan);
    if (unlisted.size() > UNLISTED_SHARE * state.settings.bounds().unreadScopes()) {
      unlisted.clear();
      unlisted.put(RelativePath.ROOT, lastScan);
    }
    unread(directory);
  }

  /** What is in these nobody can tell, as far as it is below {@code scope}. */
  Stream<RelativePath> notListed(RelativePath scope) {
    return unlisted.keySet().stream().filter(path -> path.isWithin(scope) || scope.isWithin(path));
  }

  private void keepUnread(RelativePath path) {
    scans.values().stream()
        .filter(scan -> path.isWithin(scan.scope()))
        .forEach(scan -> scan.unread().add(path));
  }

  /**
   * What is at {@code path} could be read after all, and is no directory. What the index has below
   * it is looked at before that is over: nobody saw it go.
   */
  void read(RelativePath path, BooleanSupplier hasBelow) {
    boolean unread = births.isUnread(path);
    if (isKeptUnread(path) && !hasBelow.getAsBoolean()) {
      scans.values().forEach(scan -> scan.unread().paths.remove(path));
    }
    if (unread && !hasBelow.getAsBoolean()) {
      births.scanned(path, new TreeSet<>());
    } else if (unread && scans.values().stream().noneMatch(scan -> scan.scope().equals(path))) {
      suspect(path, Cause.SCAN);
    }
  }

  /** As {@link #read}, or {@link #seen} of a directory. */
  void found(RelativePath path, EntryType type, BooleanSupplier hasBelow) {
    if (type == EntryType.DIRECTORY) {
      seen(path);
    } else {
      read(path, hasBelow);
    }
  }

  /** This node put or removed something at {@code path}: what could not be read gave way to it. */
  void put(RelativePath path, Outcome outcome, BooleanSupplier hasBelow) {
    switch (outcome) {
      case Outcome.Placed it -> found(path, it.actual().entry().type(), hasBelow);
      case Outcome.Overtaken it -> found(path, it.actual().entry().type(), hasBelow);
      case Outcome.StillWritten it -> found(path, it.actual().entry().type(), hasBelow);
      case Outcome.Removed _, Outcome.MovedAway _ -> read(path, hasBelow);
      case Outcome.Unexpected _, Outcome.BeingWritten _, Outcome.Failed _ -> {}
    }
  }

  /** What it could not read, and nobody waits for any more: it was looked at meanwhile. */
  private List<RelativePath> seenSince(Scan ended) {
    return ended
        .unread()
        .named()
        .filter(path -> !unlisted.containsKey(path))
        .filter(path -> state.draft.pending(path).isEmpty())
        .toList();
  }

  /** A scan that believes stamps does not read what could not be read: another one does. */
  private List<RelativePath> stillUnread(Scan ended) {
    return state.root().unread().stream()
        .filter(path -> path.isWithin(ended.scope()) && ended.distrustSinceMillis() != 0)
        .toList();
  }

  private boolean isKeptUnread(RelativePath path) {
    return scans.values().stream().anyMatch(scan -> scan.unread().paths.contains(path));
  }

  /**
   * What is at {@code path} could be looked at after all, and is as it was. That tells nothing of
   * what is in it, nor that a file can be read: all of it is. Of what could not be listed another
   * scan is to come.
   */
  void seen(RelativePath path) {
    if (births.isUnread(path)
        && !unlisted.containsKey(path)
        && scans.values().stream().noneMatch(scan -> scan.scope().equals(path))) {
      suspect(path, Cause.SCAN);
    }
  }

  void ended(long scan, boolean whole) {
    Scan known = scans.get(scan);
    if (known == null) {
      return;
    }
    if (whole) {
      againPauseMillis = AGAIN_MILLIS;
      scans.put(
          scan,
          new Scan(
              known.scope(),
              known.cause(),
              known.distrustSinceMillis(),
              true,
              known.unread(),
              known.then()));
    } else if (!health.isLost()) {
      scans.remove(scan);
      if (again.isEmpty()) {
        againAtMillis = state.steadyMillis + againPauseMillis;
        againPauseMillis = Math.min(2 * againPauseMillis, AGAIN_MILLIS_MAX);
      }
      again.add(known);
    }
  }

  /**
   * Has the whole root compared, unless that was done just before: then after a while.
   *
   * @return false when it is to come already
   */
  boolean beginPaced() {
    boolean coming = isToCome();
    if (!coming) {
      pacedAtMillis = Math.max(state.steadyMillis, pacedMillis + PACED_MILLIS);
    }
    return !coming;
  }

  /** Whether only a scan that did not begin yet will find what is to be looked at. */
  boolean isToCome() {
    return pacedAtMillis != Long.MAX_VALUE;
  }

  /** A root that could not be listed is tried again, ever more seldom. */
  void tick() {
    if (state.steadyMillis >= againAtMillis) {
      tryAgain();
    }
    if (state.steadyMillis >= pacedAtMillis) {
      pacedMillis = state.steadyMillis;
      pacedAtMillis = Long.MAX_VALUE;
      suspect(RelativePath.ROOT, Cause.SCAN);
    }
  }

  /** Somebody waits: what is to be tried again is tried now, and soon once more if it fails. */
  void hurry() {
    if (!again.isEmpty()) {
      againPauseMillis = AGAIN_MILLIS;
      tryAgain();
    }
  }

  private void tryAgain() {
    List<Scan> due = List.copyOf(again);
    again.clear();
    againAtMillis = Long.MAX_VALUE;
    due.forEach(scan -> again(scan, scan.cause()));
  }

  /**
   * Whether nobody can tell what is below {@code scope} before a scan was tried again. What cannot
   * be listed is named instead: that may be so for ever.
   */
  boolean isToBeTriedAgain(RelativePath scope) {
    return again.stream()
        .map(Scan::scope)
        .filter(tried -> tried.isWithin(scope) || scope.isWithin(tried))
        .anyMatch(tried -> !unlisted.containsKey(tried));
  }

  private void again(Scan scan, Cause cause) {
    long distrust = Math.min(scan.distrustSinceMillis(), state.root().checkpointMillis());
    begin(scan.scope(), cause, distrust, scan.then());
  }

  long wakeAtMillis() {
    return Math.min(againAtMillis, pacedAtMillis);
  }

  /** The root is back: what was being scanned, or waited for another try, is scanned again. */
  void restart() {
    List<Scan> interrupted = new ArrayList<>(scans.values());
    interrupted.addAll(again);
    scans.clear();
    again.clear();
    againAtMillis = Long.MAX_VALUE;
    againPauseMillis = AGAIN_MILLIS;
    interrupted.forEach(scan -> again(scan, Cause.SCAN));
  }

  boolean isScanning() {
    return !scans.isEmpty();
  }

  /** Whether none runs, or is to come because something could not be seen. */
  boolean isDone() {
    return scans.isEmpty() && again.isEmpty() && !isToCome();
  }

  /** Whether a scan may still find something absent. */
  boolean isListing() {
    return isScanning()
        && scans.values().stream().anyMatch(scan -> scan.cause() == Cause.SCAN && !scan.ended());
  }

  /** A scan is over once each of its suspects was looked at and no absence waits to be judged. */
  void settle() {
    if (!isScanning()) {
      return;
    }
    List<Long> over =
        scans.entrySet().stream()
            .filter(entry -> entry.getValue().ended())
            .map(Map.Entry::getKey)
            .toList();
    for (long scan : over) {
      Scan ended = scans.remove(scan);
      if (ended != null) {
        unlisted
            .entrySet()
            .removeIf(told -> told.getValue() < scan && told.getKey().isWithin(ended.scope()));
        if (ended.cause() == Cause.SCAN) {
          births.looks().scanned(ended.scope(), scan);
        }
        List<RelativePath> again = seenSince(ended);
        List<RelativePath> still = stillUnread(ended);
        ended.unread().paths.addAll(still);
        births.scanned(ended.scope(), ended.unread().paths);
        Stream.concat(again.stream(), still.stream()).forEach(path -> suspect(path, Cause.SCAN));
        if (ended.scope().isRoot() && !deletions.rediscovered(state.steadyMillis)) {
          beginPaced();
        }
        ended.then().run();
      }
    }
  }
}
