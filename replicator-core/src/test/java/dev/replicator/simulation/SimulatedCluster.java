package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Several nodes in one thread: time, network and the order of everything follow from one seed. The
 * same seed gives the same run.
 */
final class SimulatedCluster {
  private static final long MICROS = 1_000;
  private static final long EPOCH_MILLIS = 1_700_000_000_000L;

  /** A group that is never closed, or of which a content is lost, is waited for so long. */
  private static final long QUIET_MILLIS = 35_000;

  private static final long SETTLE_MILLIS_MAX = 120_000;
  private static final int APPROVALS_MAX = 5;

  /** What is due later is not ready. */
  private static final long PASSING_MILLIS = 50;

  private static final int NOWHERE = -1;
  private static final int TRACE_LINES_MAX = 20_000;

  private final SplittableRandom random;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final TreeMap<NodeId, SimulatedNode> byId = new TreeMap<>();
  private final TreeMap<String, SimulatedLink> links = new TreeMap<>();
  private final SimulatedTrust trust = new SimulatedTrust();
  private final TreeMap<Integer, Long> watchedUntil = new TreeMap<>();
  private final PriorityQueue<Planned> plan = new PriorityQueue<>();
  private final List<Overhearing> listeners = new ArrayList<>();
  private final List<BiConsumer<SimulatedNode, Object>> witnesses = new ArrayList<>();
  private final ArrayDeque<String> trace = new ArrayDeque<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Relocation> relocations = new ArrayList<>();
  private final EnumSet<Knob> struck = EnumSet.noneOf(Knob.class);
  private final boolean tracing;
  private final int slowPercent;
  private final boolean echoes;
  private Digest whole = Thing.digest("");
  private long nowMicros = EPOCH_MILLIS * MICROS;
  private long lastActivityMicros;
  private long planned;
  private long messages;
  private long steps;
  private Optional<SortedSet<Long>> passed = Optional.empty();
  private Optional<Planned> held = Optional.empty();
  private long choices;

  /** A directory that a node renamed as another one had. */
  record Relocation(RelativePath from, RelativePath to, List<Touched> touched) {}

  /**
   * What somebody took away or replaced between the last look and the rename.
   *
   * @param path under the new name
   * @param there what he left
   */
  record Touched(RelativePath path, Optional<Thing> there, Entry before) {}

  /**
   * @param at which node it happens to; none when negative
   * @param lane what keeps an order there; empty for what is ready whenever it is
   */
  private record Planned(long micros, long order, int at, String lane, Runnable action)
      implements Comparable<Planned> {
    boolean isOrdered(Planned other) {
      return !lane.isEmpty() && lane.equals(other.lane);
    }

    /** Whether this may as well happen just before {@code other}. */
    boolean passes(Planned other) {
      return at == other.at
          && !isOrdered(other)
          && micros - other.micros <= PASSING_MILLIS * MICROS;
    }

    @Override
    public int compareTo(Planned other) {
      int byTime = Long.compare(micros, other.micros);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  SimulatedCluster(long seed, int size, boolean tracing) {
    this.random = new SplittableRandom(seed);
    this.tracing = tracing;
    this.slowPercent = random.nextInt(3) * 10;
    this.echoes = random.nextBoolean();
    boolean skewed = random.nextInt(4) == 0;
    for (int number = 0; number < size; number++) {
      long offset = skewed ? random.nextLong(-7_200_000, 7_200_000) : random.nextLong(-5, 5);
      SimulatedNode node = new SimulatedNode(this, number, offset, Initial.UNION);
      nodes.add(node);
      byId.put(node.id, node);
      trust.joins(node.id);
    }
    for (SimulatedNode one : nodes) {
      for (SimulatedNode other : nodes.subList(one.number + 1, size)) {
        links.put(name(one, other), new SimulatedLink(this, one, other));
      }
    }
  }

  private static String name(SimulatedNode one, SimulatedNode other) {
    return Math.min(one.number, other.number) + "-" + Math.max(one.number, other.number);
  }

  SplittableRandom random() {
    return random;
  }

  List<SimulatedNode> nodes() {
    return nodes;
  }

  SimulatedNode node(int number) {
    return nodes.get(number);
  }

  SimulatedNode node(NodeId id) {
    return Objects.requireNonNull(byId.get(id));
  }

  SimulatedLink link(SimulatedNode one, SimulatedNode other) {
    return Objects.requireNonNull(links.get(name(one, other)));
  }

  Iterable<SimulatedLink> links() {
    return links.values();
  }

  long millis() {
    return nowMicros / MICROS;
  }

  long micros() {
    return nowMicros;
  }

  boolean echoes() {
    return echoes;
  }

  long messages() {
    return messages;
  }

  long steps() {
    return steps;
  }

  /** Mostly next to nothing, sometimes much. */
  long delay() {
    int dice = random.nextInt(100);
    if (dice < slowPercent) {
      return random.nextLong(300);
    }
    return dice < 70 ? random.nextLong(2) : random.nextLong(20);
  }

  void schedule(long millis, Runnable action) {
    schedule(NOWHERE, millis, action);
  }

  void schedule(SimulatedNode node, long millis, Runnable action) {
    schedule(node.number, millis, action);
  }

  private void schedule(int at, long millis, Runnable action) {
    planned++;
    long due = nowMicros + millis * MICROS + random.nextInt(900);
    plan.add(new Planned(due, planned, at, "", action));
  }

  private void scheduleAt(long micros, SimulatedNode node, String lane, Runnable action) {
    planned++;
    plan.add(new Planned(micros, planned, node.number, lane, action));
  }

  /** As {@link #schedule} after whatever the watcher of {@code node} told before. */
  void watched(SimulatedNode node, Runnable action) {
    long due = nowMicros + delay() * MICROS;
    due = Math.max(due, watchedUntil.getOrDefault(node.number, 0L) + 1);
    watchedUntil.put(node.number, due);
    scheduleAt(due, node, "watcher", action);
  }

  /** What {@code link} brings to {@code node}, not before {@code micros}; tells when. */
  long arrive(SimulatedLink link, SimulatedNode node, long micros, Runnable action) {
    long due = Math.max(nowMicros + delay() * MICROS + random.nextInt(900), micros + 1);
    scheduleAt(due, node, link.toString(), action);
    return due;
  }

  Identity drawIdentity() {
    byte[] journal = new byte[JournalId.LENGTH_BYTES];
    random.nextBytes(journal);
    return new Identity(new ReplicaId(random.nextLong()), new JournalId(Bytes.copyOf(journal)));
  }

  void start(SimulatedNode node) {
    node.start(trust.peers(node.id));
    links.values().stream().filter(link -> link.joins(node)).forEach(SimulatedLink::dial);
  }

  /** Who has whom for a peer. */
  SimulatedTrust trust() {
    return trust;
  }

  void disconnected(SimulatedNode node) {
    links.values().stream().filter(link -> link.joins(node)).forEach(SimulatedLink::drop);
  }

  /** A fault happened, and was none that changes nothing. */
  void struck(Knob kind) {
    struck.add(kind);
  }

  /** The kinds of fault that happened until now. */
  Set<Knob> struck() {
    EnumSet<Knob> all = EnumSet.copyOf(struck);
    nodes.forEach(node -> all.addAll(node.faults().struck()));
    all.retainAll(Knob.FAULTS);
    return all;
  }

  /** Hears every message that is sent. */
  interface Overhearing {
    void sent(SimulatedNode from, NodeId to, Message message);
  }

  /** Somebody who sees every event and every effect, just before it has one. */
  void witness(BiConsumer<SimulatedNode, Object> witness) {
    witnesses.add(witness);
  }

  void overhear(Overhearing listener) {
    listeners.add(listener);
  }

  void send(SimulatedNode from, NodeId to, Message message) {
    messages++;
    listeners.forEach(listener -> listener.sent(from, to, message));
    link(from, node(to)).send(from, message);
  }

  void disconnect(SimulatedNode from, NodeId to) {
    link(from, node(to)).drop();
  }

  Optional<String> fetch(SimulatedNode asker, NodeId source, RelativePath path, Entry.File file) {
    SimulatedNode from = node(source);
    boolean reachable = link(asker, from).isUp() && from.isUp();
    boolean readable = from.faults().on(Faults.Step.READ).isEmpty();
    return reachable && readable && from.disk.root().isPresent()
        ? from.disk.content(path, file)
        : Optional.empty();
  }

  void noteActivity() {
    lastActivityMicros = nowMicros;
  }

  void trace(SimulatedNode node, Object what) {
    witnesses.forEach(witness -> witness.accept(node, what));
    if (what instanceof Event) {
      steps++;
    }
    if (tracing) {
      write(node + "  " + (what instanceof Event ? "" : "    -> ") + what);
    }
  }

  /** What somebody does to the cluster, and how its links are. */
  void note(String what) {
    if (tracing) {
      notes.add(write(what));
    }
  }

  private String write(String what) {
    String line = (nowMicros - EPOCH_MILLIS * MICROS) + " " + what;
    whole = Thing.digest(whole.toHex() + line);
    trace.add(line);
    if (trace.size() > TRACE_LINES_MAX) {
      trace.removeFirst();
    }
    return line;
  }

  /** What was noted, without what the nodes made of it. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  void relocated(Relocation relocation) {
    relocations.add(relocation);
  }

  List<Relocation> relocations() {
    return List.copyOf(relocations);
  }

  /** A digest of every line since the start, also of those that are kept no more. */
  Digest whole() {
    return whole;
  }

  /** The last lines, with the digest of all. */
  List<String> traced() {
    List<String> lines = new ArrayList<>(trace);
    lines.add("all lines: " + whole.toHex());
    return lines;
  }

  /**
   * From now on, what is next waits for the one after it on the same node, at these of all such
   * choices.
   */
  void pass(SortedSet<Long> at) {
    passed = Optional.of(at);
    choices = 0;
  }

  /** How often two things on a node might have happened in the other order, since then. */
  long choices() {
    return choices;
  }

  private void step() {
    Planned next = plan.poll();
    nowMicros = next.micros();
    if (held.isEmpty() && passed.filter(at -> isPassed(next, at)).isPresent()) {
      held = Optional.of(next);
      return;
    }
    Optional<Planned> waiting = held.filter(other -> other.at() == next.at());
    if (waiting.isPresent()) {
      held = Optional.empty();
      boolean first = next.isOrdered(waiting.get());
      (first ? waiting.get() : next).action().run();
      (first ? next : waiting.get()).action().run();
    } else {
      next.action().run();
    }
  }

  private boolean isPassed(Planned next, SortedSet<Long> at) {
    boolean choice =
        next.at() != NOWHERE
            && plan.stream()
                .filter(other -> other.at() == next.at())
                .min(Comparator.naturalOrder())
                .filter(other -> other.passes(next))
                .isPresent();
    choices += choice ? 1 : 0;
    return choice && at.contains(choices);
  }

  /** Goes on for {@code millis} of simulated time. */
  void run(long millis) {
    long end = nowMicros + millis * MICROS;
    while (!plan.isEmpty() && plan.peek().micros() <= end) {
      step();
    }
    nowMicros = end;
  }

  /**
   * Goes on until nothing happened for {@code quietMillis}; tells false when that is not before
   * {@code limitMillis}.
   */
  boolean settle(long quietMillis, long limitMillis) {
    long end = nowMicros + limitMillis * MICROS;
    lastActivityMicros = nowMicros;
    while (nowMicros < end) {
      if (nowMicros - lastActivityMicros >= quietMillis * MICROS) {
        return true;
      }
      if (plan.isEmpty() || plan.peek().micros() - lastActivityMicros >= quietMillis * MICROS) {
        nowMicros = Math.max(nowMicros, lastActivityMicros + quietMillis * MICROS);
        return true;
      }
      step();
    }
    return false;
  }

  /** Goes on until all is quiet and no deletion is held any more. */
  void settleAndApprove() {
    boolean quiet = false;
    for (int round = 0; round < APPROVALS_MAX && !quiet; round++) {
      quiet = settle(QUIET_MILLIS, SETTLE_MILLIS_MAX);
      for (SimulatedNode node : nodes) {
        if (node.isUp() && node.replica().heldDeletions() > 0) {
          quiet = false;
          node.handle(new Event.ApproveAsked(round));
        }
        quiet = quiet && !(node.isUp() && node.replica().isScanToCome());
      }
    }
    if (!quiet) {
      throw new AssertionError("not quiet after " + SETTLE_MILLIS_MAX + " ms");
    }
  }
}
