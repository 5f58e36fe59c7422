package dev.replicator.kernel;

import dev.replicator.model.Intent;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/*
 * Who has a file open when another version takes its name writes beside the tree from then on, and
 * what he wrote becomes a conflict though he may be done within a moment. So an exchange is left
 * for later while the file is open for writing: what was staged waits, the intent stays. His close
 * has the path looked at, which tries again, and so does the time. After a while it goes on as if
 * nobody were there: a log is never closed.
 */

/** Exchanges that wait for somebody here to close what is to give way. */
final class OpenWriters {
  /** After the first try of a path. */
  static final long WAIT_MILLIS_MAX = 2_000;

  static final long RETRY_MILLIS = 200;

  /** Of those that failed for another reason since; they may have to wait once more. */
  private static final long REMEMBERED_MILLIS = 60_000;

  static final Problem PROBLEM =
      new Problem(Problem.Kind.BUSY, "here, by a program that has it open");

  private final ReplicaState state;
  private final Map<RelativePath, Long> firstMillis = new TreeMap<>();
  private final TreeMap<RelativePath, Waiting> waiting = new TreeMap<>();

  /** An exchange that was left for later. */
  private record Waiting(Intent intent, long nextMillis) {}

  OpenWriters(ReplicaState state) {
    this.state = state;
  }

  /** Whether the exchange of {@code path} may be left for later. */
  boolean maySpare(RelativePath path) {
    if (firstMillis.size() >= state.settings.bounds().writersAwaited()) {
      firstMillis
          .entrySet()
          .removeIf(entry ->
              !waiting.containsKey(entry.getKey())
                  && state.steadyMillis - entry.getValue() > REMEMBERED_MILLIS);
    }
    Long first = firstMillis.get(path);
    return first == null
        ? firstMillis.size() < state.settings.bounds().writersAwaited()
        : state.steadyMillis - first < WAIT_MILLIS_MAX;
  }

  /** The exchange was left for later; its intent stays open. */
  void await(RelativePath path, Intent intent) {
    long first = firstMillis.computeIfAbsent(path, unknown -> state.steadyMillis);
    long end = Math.max(first + WAIT_MILLIS_MAX, state.steadyMillis);
    waiting.put(path, new Waiting(intent, Math.min(state.steadyMillis + RETRY_MILLIS, end)));
    Optional<Pending> before = state.draft.pending(path);
    if (before.map(Pending::problem).filter(PROBLEM::equals).isEmpty()) {
      long since = before.map(Pending::sinceMillis).orElse(state.wallMillis);
      int tries = before.map(Pending::tries).orElse(0);
      state.draft.putPending(
          path, new Pending(PROBLEM, since, state.wallMillis + RETRY_MILLIS, tries));
    }
  }

  /** Ends the wait; tells what is staged for {@code path} since it began. */
  Optional<Event.Staged> resume(RelativePath path) {
    Waiting ended = waiting.remove(path);
    if (ended == null) {
      return Optional.empty();
    }
    state.draft.dropIntent(path);
    Intent intent = ended.intent;
    return intent
        .staged()
        .map(stamp -> new Event.Staged(path, intent.target(), intent.stagedName(), stamp));
  }

  /** Nothing is to be done at {@code path} any more. */
  void forget(RelativePath path) {
    firstMillis.remove(path);
    giveUp(path);
  }

  private void giveUp(RelativePath path) {
    resume(path).ifPresent(staged -> state.emit(new Effect.Discard(staged.name())));
  }

  /** The daemon ends: nothing stays staged, and the next start begins anew. */
  void stop() {
    List.copyOf(waiting.keySet()).forEach(this::giveUp);
  }

  /** Those whose time has come; each comes again until its wait ends. */
  List<RelativePath> due() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    long now = state.steadyMillis;
    List<RelativePath> due =
        waiting.entrySet().stream()
            .filter(entry -> entry.getValue().nextMillis <= now)
            .map(Map.Entry::getKey)
            .toList();
    due.forEach(path ->
        waiting.computeIfPresent(path, (same, it) -> new Waiting(it.intent, now + RETRY_MILLIS)));
    return due;
  }

  long wakeAtMillis() {
    if (waiting.isEmpty()) {
      return Long.MAX_VALUE;
    }
    return waiting.values().stream().mapToLong(Waiting::nextMillis).min().orElse(Long.MAX_VALUE);
  }
}
