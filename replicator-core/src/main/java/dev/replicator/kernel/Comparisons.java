package dev.replicator.kernel;

import dev.replicator.model.Change;
import dev.replicator.model.Dot;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * Both sides keep what they know in the order of paths. Ranges of it are compared by one digest
 * each, some of them at a time; only where two differ are their paths told one by one.
 */

/** Full comparisons: every record of ours against every record of each connected peer. */
final class Comparisons {
  private static final int EXAMPLES_MAX = 20;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private final ReplicaState state;
  private final Records records;
  private final Sessions sessions;
  private final TreeMap<Long, Running> running = new TreeMap<>();
  private final TreeSet<RelativePath> examplesEver = new TreeSet<>();
  private long differingEver;
  private long unasked;

  /** A comparison under way. */
  private static final class Running {
    final boolean dryRun;
    final boolean sinceStart;
    final TreeMap<NodeId, WithPeer> waitingFor = new TreeMap<>();
    final TreeSet<RelativePath> examples = new TreeSet<>();
    boolean scanned;
    long repaired;
    long compared;
    long differing;
    int peers;

    Running(boolean dryRun, boolean sinceStart) {
      this.dryRun = dryRun;
      this.sinceStart = sinceStart;
    }
  }

  /** A stretch of paths: after one, exclusive, through another or the end. */
  private record Stretch(RelativePath after, Optional<RelativePath> through) {
    boolean isBefore(RelativePath path) {
      return through.filter(last -> path.compareTo(last) > 0).isPresent();
    }
  }

  /** How far a comparison with one peer came; answers come in the order of questions. */
  private static final class WithPeer {
    /** Behind what the ranges begin that were not told yet; empty once all were. */
    Optional<RelativePath> cursor = Optional.of(RelativePath.ROOT);

    /** The ranges of each message that was not answered. */
    final ArrayDeque<List<Stretch>> told = new ArrayDeque<>();

    /** Those that differ and were not told path by path yet. */
    final ArrayDeque<Stretch> differing = new ArrayDeque<>();

    int unanswered;

    boolean isAllAsked() {
      return differing.isEmpty() && cursor.isEmpty();
    }

    boolean isOver() {
      return unanswered == 0 && isAllAsked();
    }
  }

  Comparisons(ReplicaState state, Records records, Sessions sessions) {
    this.state = state;
    this.records = records;
    this.sessions = sessions;
  }

  /** Begins once the local scan, if any, ended. */
  void begin(Event.ResyncAsked asked) {
    running.put(asked.request(), new Running(asked.dryRun(), asked.sinceStart()));
  }

  /** Compares with one peer and repairs what differs, asked by nobody. */
  void repairWith(NodeId peer) {
    long request = --unasked;
    Running comparison = new Running(false, false);
    running.put(request, comparison);
    comparison.scanned = true;
    begin(request, peer, comparison);
  }

  private void begin(long request, NodeId peer, Running comparison) {
    comparison.peers++;
    WithPeer progress = new WithPeer();
    comparison.waitingFor.put(peer, progress);
    advance(request, peer, comparison, progress);
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

  /** Goes on with what may be asked, and notices the end. */
  private void advance(long request, NodeId peer, Running comparison, WithPeer progress) {
    while (progress.unanswered < Limits.COMPARISON_PARTS_MAX && !progress.isAllAsked()) {
      if (progress.differing.isEmpty()) {
        comparison.compared += sendRanges(request, peer, progress);
      } else {
        sendPaths(request, peer, progress, progress.differing.remove());
      }
      progress.unanswered++;
    }
    if (progress.isOver()) {
      comparison.waitingFor.remove(peer);
      if (request < 0 && sessions.find(peer).isPresent()) {
        sessions.compared(peer);
      }
    }
    report(request, comparison);
  }

  /** How many paths are compared as one, and told one by one where they differ. */
  private int pathsMax() {
    return Math.min(state.settings.bounds().summary(), Limits.RANGE_PATHS_MAX);
  }

  /** Tells the next ranges; how many paths they have. */
  private long sendRanges(long request, NodeId peer, WithPeer progress) {
    RelativePath after = progress.cursor.orElseThrow();
    List<RecordRange> ranges = new ArrayList<>();
    List<Stretch> stretches = new ArrayList<>();
    RelativePath from = after;
    long paths = 0;
    boolean toEnd = false;
    while (!toEnd && ranges.size() < Limits.RANGES_MAX) {
      RecordRange range = state.index.rangeAfter(from, Optional.empty(), pathsMax());
      toEnd = range.paths() < pathsMax();
      ranges.add(range);
      stretches.add(new Stretch(from, toEnd ? Optional.empty() : Optional.of(range.last())));
      paths += range.paths();
      from = range.last();
    }
    progress.cursor = toEnd ? Optional.empty() : Optional.of(from);
    progress.told.add(stretches);
    state.emit(new Effect.Send(peer, new Message.CompareRanges(request, after, ranges, toEnd)));
    return paths;
  }

  /** Tells the paths of a stretch, or the first of them when it has become too long. */
  private void sendPaths(long request, NodeId peer, WithPeer progress, Stretch stretch) {
    List<Message.Fingerprint> fingerprints = new ArrayList<>();
    RelativePath end = stretch.after();
    long bytes = 0;
    SortedMap<RelativePath, RecordState> page = state.index.recordsAfter(end, pathsMax());
    boolean whole = page.size() < pathsMax();
    for (Map.Entry<RelativePath, RecordState> entry : page.entrySet()) {
      bytes += Weight.of(entry.getKey());
      boolean behind = stretch.isBefore(entry.getKey());
      if (behind || bytes > Limits.BATCH_BYTES_MAX) {
        whole = behind;
        break;
      }
      end = entry.getKey();
      fingerprints.add(new Message.Fingerprint(end, fingerprint(entry.getValue().record())));
    }
    Optional<RelativePath> through = whole ? stretch.through() : Optional.of(end);
    if (!through.equals(stretch.through())) {
      progress.differing.addFirst(new Stretch(end, stretch.through()));
    }
    state.emit(
        new Effect.Send(
            peer, new Message.Compare(request, stretch.after(), through, fingerprints)));
  }

  /** A peer compares: tells which ranges differ. */
  void compareRanges(NodeId peer, Message.CompareRanges asked) {
    List<Integer> differing = new ArrayList<>();
    RelativePath after = asked.after();
    for (int place = 0; place < asked.ranges().size(); place++) {
      RecordRange theirs = asked.ranges().get(place);
      boolean toEnd = asked.toEnd() && place == asked.ranges().size() - 1;
      Optional<RelativePath> through = toEnd ? Optional.empty() : Optional.of(theirs.last());
      RecordRange ours = state.index.rangeAfter(after, through, theirs.paths() + 1);
      if (ours.paths() != theirs.paths() || !ours.digest().equals(theirs.digest())) {
        differing.add(place);
      }
      after = theirs.last();
    }
    state.emit(new Effect.Send(peer, new Message.ComparedRanges(asked.request(), differing)));
  }

  void comparedRanges(NodeId peer, Message.ComparedRanges answer) {
    Running comparison = running.get(answer.request());
    if (comparison == null) {
      return;
    }
    WithPeer progress = comparison.waitingFor.get(peer);
    if (progress == null || progress.told.isEmpty()) {
      return;
    }
    List<Stretch> told = progress.told.remove();
    answer.differing().stream()
        .filter(place -> place < told.size())
        .forEach(place -> progress.differing.add(told.get(place)));
    progress.unanswered--;
    advance(answer.request(), peer, comparison, progress);
  }

  /** An answer to a peer, in parts that fit into a frame. */
  private final class Answering {
    private final NodeId peer;
    private final long request;
    private List<Change> differing = new ArrayList<>();
    private List<RelativePath> wanted = new ArrayList<>();
    private long bytes;

    Answering(NodeId peer, long request) {
      this.peer = peer;
      this.request = request;
    }

    void differs(RelativePath path, RecordState known) {
      makeRoom(Weight.of(path, known.record()));
      differing.add(new Change(0, path, known.record(), known.group()));
    }

    void wants(RelativePath path) {
      makeRoom(Weight.of(path));
      wanted.add(path);
    }

    private void makeRoom(long more) {
      boolean full =
          differing.size() >= state.settings.bounds().batch()
              || wanted.size() >= state.settings.bounds().summary()
              || bytes + more > Limits.BATCH_BYTES_MAX;
      if (full && bytes > 0) {
        send(false);
      }
      bytes += more;
    }

    void send(boolean last) {
      state.emit(new Effect.Send(peer, new Message.Compared(request, differing, wanted, last)));
      differing = new ArrayList<>();
      wanted = new ArrayList<>();
      bytes = 0;
    }
  }

  /** A peer compares: tells what differs, and what it should tell us. */
  void compare(NodeId peer, Message.Compare asked) {
    TreeMap<RelativePath, Long> theirs = new TreeMap<>();
    asked.fingerprints().forEach(f -> theirs.put(f.path(), f.hash()));
    Answering answer = new Answering(peer, asked.request());
    RelativePath cursor = asked.after();
    boolean within = true;
    while (within) {
      // One more than were asked about, so that the end of the stretch is seen at once.
      int limit = pathsMax() + 1;
      SortedMap<RelativePath, RecordState> page = state.index.recordsAfter(cursor, limit);
      within = page.size() == limit;
      for (Map.Entry<RelativePath, RecordState> entry : page.entrySet()) {
        RelativePath path = entry.getKey();
        if (asked.through().isPresent() && path.compareTo(asked.through().get()) > 0) {
          within = false;
          break;
        }
        Long hash = theirs.remove(path);
        if (hash == null || hash != fingerprint(entry.getValue().record())) {
          answer.differs(path, entry.getValue());
          if (hash != null) {
            answer.wants(path);
          }
        }
        cursor = path;
      }
    }
    for (RelativePath path : theirs.keySet()) {
      if (!state.root().clock().isEmpty() || records.find(path).isEmpty()) {
        answer.wants(path);
      }
    }
    answer.send(true);
  }

  void compared(NodeId peer, Message.Compared answer) {
    Running comparison = running.get(answer.request());
    if (comparison == null) {
      return;
    }
    WithPeer progress = comparison.waitingFor.get(peer);
    if (progress == null || progress.unanswered == progress.told.size()) {
      return;
    }
    TreeSet<RelativePath> different = different(answer);
    comparison.differing += different.size();
    differingEver += different.size();
    List.of(comparison.examples, examplesEver)
        .forEach(examples -> {
          different.stream().limit(EXAMPLES_MAX).forEach(examples::add);
          while (examples.size() > EXAMPLES_MAX) {
            examples.pollLast();
          }
        });
    if (!comparison.dryRun) {
      repair(peer, answer);
    }
    if (answer.last()) {
      progress.unanswered--;
      advance(answer.request(), peer, comparison, progress);
    }
  }

  /**
   * Where something shows, here or there. A deletion that one side has forgotten already is told to
   * it again, and nobody has anything to see of that.
   */
  private TreeSet<RelativePath> different(Message.Compared answer) {
    TreeSet<RelativePath> different = new TreeSet<>();
    answer.differing().stream()
        .filter(change -> shows(change.record()) || showsHere(change.path()))
        .forEach(change -> different.add(change.path()));
    // Of what shows nothing here the peer either tells what it has, or it has nothing.
    answer.wanted().stream().filter(this::showsHere).forEach(different::add);
    return different;
  }

  private boolean showsHere(RelativePath path) {
    return records.find(path).map(RecordState::record).filter(Comparisons::shows).isPresent();
  }

  private static boolean shows(Record record) {
    return record.visibleEntry().isPresent();
  }

  private void repair(NodeId peer, Message.Compared answer) {
    List<Change> ours = new ArrayList<>();
    long bytes = 0;
    for (RelativePath path : answer.wanted()) {
      Optional<RecordState> known = records.find(path);
      if (known.isEmpty()) {
        continue;
      }
      long more = Weight.of(path, known.get().record());
      boolean full =
          ours.size() >= state.settings.bounds().batch() || bytes + more > Limits.BATCH_BYTES_MAX;
      if (full && !ours.isEmpty()) {
        state.emit(new Effect.Send(peer, new Message.Told(ours)));
        ours.clear();
        bytes = 0;
      }
      ours.add(new Change(0, path, known.get().record(), known.get().group()));
      bytes += more;
    }
    if (!ours.isEmpty()) {
      state.emit(new Effect.Send(peer, new Message.Told(ours)));
    }
    sessions.told(peer, answer.differing());
  }

  void disconnected(NodeId peer) {
    new TreeMap<>(running)
        .forEach((request, comparison) -> {
          if (comparison.waitingFor.remove(peer) != null) {
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
                // What the sessions exchanged by themselves no comparison finds any more.
                comparison.sinceStart ? differingEver + state.exchanged : comparison.differing,
                comparison.peers,
                List.copyOf(comparison.sinceStart ? examplesEver : comparison.examples))));
  }

  /** Equal records have equal fingerprints: a dot names its value, so dots and context suffice. */
  static long fingerprint(Record record) {
    long hash = MIX;
    for (Dot last : record.context().lasts()) {
      hash = mix(mix(hash, last.replica().bits()), last.counter());
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
