package dev.replicator.kernel;

import dev.replicator.model.Change;
import dev.replicator.model.Dot;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Full comparisons: every record of ours against every record of each connected peer. */
final class Comparisons {
  private static final int EXAMPLES_MAX = 20;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final ReplicaState state;
  private final Records records;
  private final Sessions sessions;
  private final TreeMap<Long, Running> running = new TreeMap<>();
  private long unasked;

  /** A comparison under way. */
  private static final class Running {
    final boolean dryRun;
    final Set<NodeId> waitingFor = new TreeSet<>();
    final TreeMap<NodeId, RelativePath> cursors = new TreeMap<>();
    final TreeSet<RelativePath> examples = new TreeSet<>();
    boolean scanned;
    long repaired;
    long compared;
    long differing;
    int peers;

    Running(boolean dryRun) {
      this.dryRun = dryRun;
    }
  }

  Comparisons(ReplicaState state, Records records, Sessions sessions) {
    this.state = state;
    this.records = records;
    this.sessions = sessions;
  }

  /** Begins once the local scan, if any, ended. */
  void begin(long request, boolean dryRun) {
    running.put(request, new Running(dryRun));
  }

  /** Compares with one peer and repairs what differs, asked by nobody. */
  void repairWith(NodeId peer) {
    long request = --unasked;
    Running comparison = new Running(false);
    running.put(request, comparison);
    comparison.scanned = true;
    begin(request, peer, comparison);
  }

  private void begin(long request, NodeId peer, Running comparison) {
    comparison.peers++;
    comparison.waitingFor.add(peer);
    comparison.cursors.put(peer, RelativePath.ROOT);
    sendPage(request, peer, comparison);
  }

  void scanned(long request, long repaired) {
    Running comparison = running.get(request);
    if (comparison == null) {
      return;
    }
    comparison.scanned = true;
    comparison.repaired = repaired;
    for (NodeId peer : sessions.live().keySet()) {
      begin(request, peer, comparison);
    }
    report(request, comparison);
  }

  private void sendPage(long request, NodeId peer, Running comparison) {
    RelativePath after = comparison.cursors.getOrDefault(peer, RelativePath.ROOT);
    SortedMap<RelativePath, RecordState> page =
        state.index.recordsAfter(after, state.settings.bounds().summary());
    boolean last = page.size() < state.settings.bounds().summary();
    List<Message.Fingerprint> fingerprints = new ArrayList<>(page.size());
    RelativePath end = after;
    long bytes = 0;
    for (Map.Entry<RelativePath, RecordState> entry : page.entrySet()) {
      bytes += Weight.of(entry.getKey());
      if (bytes > Limits.BATCH_BYTES_MAX) {
        last = false;
        break;
      }
      end = entry.getKey();
      fingerprints.add(new Message.Fingerprint(end, fingerprint(entry.getValue().record())));
    }
    Optional<RelativePath> through = last ? Optional.empty() : Optional.of(end);
    comparison.compared += fingerprints.size();
    if (last) {
      comparison.cursors.remove(peer);
    } else {
      comparison.cursors.put(peer, end);
    }
    state.emit(new Effect.Send(peer, new Message.Compare(request, after, through, fingerprints)));
  }

  /** A peer compares: tells what differs, and what it should tell us. */
  void compare(NodeId peer, Message.Compare asked) {
    TreeMap<RelativePath, Long> theirs = new TreeMap<>();
    asked.fingerprints().forEach(f -> theirs.put(f.path(), f.hash()));
    List<Change> differing = new ArrayList<>();
    List<RelativePath> wanted = new ArrayList<>();
    RelativePath cursor = asked.after();
    boolean within = true;
    while (within) {
      SortedMap<RelativePath, RecordState> page =
          state.index.recordsAfter(cursor, state.settings.bounds().summary());
      within = page.size() == state.settings.bounds().summary();
      for (Map.Entry<RelativePath, RecordState> entry : page.entrySet()) {
        RelativePath path = entry.getKey();
        if (asked.through().isPresent() && path.compareTo(asked.through().get()) > 0) {
          within = false;
          break;
        }
        Long hash = theirs.remove(path);
        if (hash == null || hash != fingerprint(entry.getValue().record())) {
          differing.add(new Change(0, path, entry.getValue().record(), entry.getValue().group()));
          if (hash != null) {
            wanted.add(path);
          }
        }
        if (differing.size() == state.settings.bounds().batch()) {
          state.emit(
              new Effect.Send(
                  peer, new Message.Compared(asked.request(), differing, wanted, false)));
          differing = new ArrayList<>();
          wanted = new ArrayList<>();
        }
        cursor = path;
      }
    }
    for (RelativePath path : theirs.keySet()) {
      if (!state.root().clock().isEmpty() || records.find(path).isEmpty()) {
        wanted.add(path);
      }
      if (wanted.size() == state.settings.bounds().summary()) {
        state.emit(
            new Effect.Send(peer, new Message.Compared(asked.request(), differing, wanted, false)));
        differing = new ArrayList<>();
        wanted = new ArrayList<>();
      }
    }
    state.emit(
        new Effect.Send(peer, new Message.Compared(asked.request(), differing, wanted, true)));
  }

  void compared(NodeId peer, Message.Compared answer) {
    Running comparison = running.get(answer.request());
    if (comparison == null || !comparison.waitingFor.contains(peer)) {
      return;
    }
    TreeSet<RelativePath> different = new TreeSet<>(answer.wanted());
    answer.differing().forEach(change -> different.add(change.path()));
    comparison.differing += different.size();
    different.stream().limit(EXAMPLES_MAX).forEach(comparison.examples::add);
    while (comparison.examples.size() > EXAMPLES_MAX) {
      comparison.examples.pollLast();
    }
    if (!comparison.dryRun) {
      repair(peer, answer);
    }
    if (answer.last()) {
      if (comparison.cursors.containsKey(peer)) {
        sendPage(answer.request(), peer, comparison);
      } else {
        comparison.waitingFor.remove(peer);
        if (answer.request() < 0 && sessions.find(peer).isPresent()) {
          sessions.compared(peer);
        }
      }
      report(answer.request(), comparison);
    }
  }

  private void repair(NodeId peer, Message.Compared answer) {
    List<Change> ours = new ArrayList<>();
    for (RelativePath path : answer.wanted()) {
      records
          .find(path)
          .ifPresent(stored -> ours.add(new Change(0, path, stored.record(), stored.group())));
      if (ours.size() == state.settings.bounds().batch()) {
        state.emit(new Effect.Send(peer, new Message.Told(ours)));
        ours.clear();
      }
    }
    if (!ours.isEmpty()) {
      state.emit(new Effect.Send(peer, new Message.Told(ours)));
    }
    sessions.told(peer, answer.differing());
  }

  void disconnected(NodeId peer) {
    new TreeMap<>(running)
        .forEach((request, comparison) -> {
          if (comparison.waitingFor.remove(peer)) {
            comparison.peers--;
            report(request, comparison);
          }
        });
  }

  private void report(long request, Running comparison) {
    boolean ended = comparison.scanned && comparison.waitingFor.isEmpty();
    if (ended) {
      running.remove(request);
    }
    if (request < 0) {
      return;
    }
    state.emit(
        new Effect.Reply(
            request,
            new Answer.Resync(
                ended,
                comparison.repaired,
                comparison.compared,
                comparison.differing,
                comparison.peers,
                List.copyOf(comparison.examples))));
  }

  /** Equal records have equal fingerprints: a dot names its value, so dots and context suffice. */
  static long fingerprint(Record record) {
    long hash = MIX;
    for (Map.Entry<dev.replicator.model.ReplicaId, Long> entry :
        record.context().counters().entrySet()) {
      hash = mix(mix(hash, entry.getKey().bits()), entry.getValue());
    }
    hash = mix(hash, record.contents().dots());
    hash = mix(hash, record.mtimes().dots());
    return mix(hash, record.attributes().dots());
  }

  private static long mix(long hash, Iterable<Dot> dots) {
    long mixed = mix(hash, 0);
    for (Dot dot : dots) {
      mixed = mix(mix(mixed, dot.replica().bits()), dot.counter());
    }
    return mixed;
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * MIX;
    return mixed ^ (mixed >>> 29);
  }
}
