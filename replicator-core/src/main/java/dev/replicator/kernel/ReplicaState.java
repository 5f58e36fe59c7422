package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RootState;
import dev.replicator.model.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the parts of one replica share: the root's own state, and the draft of the running step. */
final class ReplicaState {
  private static final int CLOCK_COUNT_BITS = 16;
  private static final long CLOCK_AHEAD_MILLIS_MAX = 24L * 60 * 60 * 1_000;

  final Settings settings;
  final IndexView index;
  final Draft draft;

  /** For what is told in the time of people and of file systems; jumps. */
  long wallMillis;

  /** For whatever waits. */
  long steadyMillis;

  SortedSet<NodeId> peers = new TreeSet<>();

  /** Changes that peers told and were news here, and that they were sent, since the start. */
  long exchanged;

  private final List<Effect> effects = new ArrayList<>();
  private Optional<RootState> root;
  private boolean rootChanged;
  private boolean syncsAppend;

  ReplicaState(Settings settings, IndexView index) {
    this.settings = settings;
    this.index = index;
    this.draft = new Draft(index, settings.bounds());
    this.root = index.root();
  }

  Optional<RootState> stored() {
    return root;
  }

  RootState root() {
    return root.orElseThrow();
  }

  void setRoot(RootState state) {
    rootChanged = rootChanged || !root.equals(Optional.of(state));
    root = Optional.of(state);
  }

  /** Whether the tree is left alone and no change goes out, by command or for a dry run. */
  boolean isPaused() {
    return settings.observing() || root().paused();
  }

  /** What this step appends is synced before anything else is done. */
  void syncAppend() {
    syncsAppend = true;
  }

  void emit(Effect effect) {
    effects.add(effect);
  }

  void alarm(String text) {
    effects.add(new Effect.Alarm(text, true));
  }

  /** Tells an administrator what reports show while it lasts. */
  void tell(String text) {
    effects.add(new Effect.Alarm(text, false));
  }

  /** The effects of the step, its appends first. */
  List<Effect> finish() {
    if (rootChanged) {
      draft.putRoot(root());
      rootChanged = false;
    }
    List<JournalWrite> writes = draft.take();
    List<Effect> finished = new ArrayList<>(effects.size() + 1);
    if (!writes.isEmpty()) {
      finished.add(new Effect.Append(writes, syncsAppend));
    }
    syncsAppend = false;
    finished.addAll(effects);
    effects.clear();
    return finished;
  }

  /** A number for the next change of a record. */
  long takeNumber() {
    long number = root().nextNumber();
    setRoot(root().withNextNumber(number + 1));
    return number;
  }

  /** The next dot of this replica; the root clock covers it from now on. */
  Dot mint() {
    Dot dot = new Dot(root().identity().replica(), root().counter() + 1);
    setRoot(root().withDot(dot));
    return dot;
  }

  /**
   * A clock above that of {@code dating}, and above all that were given unless it is of an earlier
   * time.
   */
  long tick(Dating dating) {
    long clock = Math.max(wallMillis << CLOCK_COUNT_BITS, root().hybridClock() + 1);
    setRoot(root().withClocks(root().clock(), clock));
    long written =
        millis(clock) > dating.millisMax() ? dating.millisMax() << CLOCK_COUNT_BITS : clock;
    // None is above the last, which only a liar gives.
    return dating.after() == Long.MAX_VALUE
        ? Long.MAX_VALUE
        : Math.max(written, dating.after() + 1);
  }

  /** Takes up a clock that was seen, unless it is so far ahead that its node must be wrong. */
  void witness(long clock) {
    long ceiling = (wallMillis + CLOCK_AHEAD_MILLIS_MAX) << CLOCK_COUNT_BITS;
    if (clock > root().hybridClock() && clock <= ceiling) {
      setRoot(root().withClocks(root().clock(), clock));
    }
  }

  void joinClock(VersionVector other) {
    setRoot(root().withClocks(root().clock().join(other), root().hybridClock()));
  }

  /** Milliseconds since the epoch at which an element's clock says it was written. */
  static long millis(long clock) {
    return clock >> CLOCK_COUNT_BITS;
  }

  /** When the content of {@code known} was written; 0 when the record does not hold it any more. */
  static long writtenMillis(Record record, Knowledge known) {
    return known.contents().stream()
        .findFirst()
        .flatMap(record.contents()::find)
        .map(element -> millis(element.clock()))
        .orElse(0L);
  }
}
