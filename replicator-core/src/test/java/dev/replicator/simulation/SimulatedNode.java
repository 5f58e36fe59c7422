package dev.replicator.simulation;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Bounds;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.GroupOutcome;
import dev.replicator.kernel.Now;
import dev.replicator.kernel.Outcome;
import dev.replicator.kernel.Replica;
import dev.replicator.kernel.Settings;
import dev.replicator.kernel.Settled;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** One machine: a disk with users, and a daemon that runs the production kernel on it. */
final class SimulatedNode {
  static final Problem ROOT_LOST = new Problem(Problem.Kind.HELD, "root lost");
  private static final RootIdentity NO_ROOT = new RootIdentity(0, 0, "");

  final int number;
  final NodeId id;
  final SimulatedDisk disk = new SimulatedDisk();
  final TreeMap<Long, Answer> answers = new TreeMap<>();
  final List<String> alarms = new ArrayList<>();
  private final SimulatedCluster cluster;
  private final SimulatedClock clock;
  private final Initial initial;
  private FakeJournal journal = new FakeJournal();
  private final Gathered outcomes = new Gathered(task -> later(delay(), task), this::handle);
  private final Gathered hints = new Gathered(this::watched, this::handle);
  private boolean together;
  private boolean looked = true;
  private Optional<Replica> replica = Optional.empty();
  private RootIdentity pinned = NO_ROOT;
  private String boot;
  private long bootMillis;
  private int boots;
  private int life;
  private final SimulatedSync syncs = new SimulatedSync(this);
  private final SimulatedContents contents = new SimulatedContents(this);
  private boolean outcomesStall;
  private boolean arrivalsStall;
  private long tickAtMillis = Long.MAX_VALUE;
  private Faults faults = Faults.NONE;
  final SimulatedRules rules = new SimulatedRules();
  private boolean groups = true;
  private Bounds bounds = Bounds.ORDINARY;
  private long slownessMillis;

  SimulatedNode(SimulatedCluster cluster, int number, long clockOffsetMillis, Initial initial) {
    this.cluster = cluster;
    this.number = number;
    this.id = new NodeId(Thing.digest("node " + number));
    this.clock = new SimulatedClock(cluster::millis, clockOffsetMillis, number);
    this.initial = initial;
    this.boot = number + ".0";
    this.bootMillis = nowMillis();
  }

  SimulatedClock clock() {
    return clock;
  }

  long nowMillis() {
    return clock.nowMillis();
  }

  long steadyMillis() {
    return cluster.millis();
  }

  long nowNanos() {
    return clock.nowNanos();
  }

  boolean isUp() {
    return replica.isPresent();
  }

  Replica replica() {
    return replica.orElseThrow();
  }

  SimulatedCluster cluster() {
    return cluster;
  }

  FakeJournal journal() {
    return journal;
  }

  int life() {
    return life;
  }

  Faults faults() {
    return faults;
  }

  void suffer(Faults drawn) {
    faults = drawn;
  }

  /** Its daemon takes up no more at once. */
  void bound(Bounds drawn) {
    bounds = drawn;
  }

  /** Its file system cannot put a directory as a whole. */
  void putsPathByPath() {
    groups = false;
  }

  /** Whatever befell paths, and what is hinted, is one step with what comes soon after it. */
  void takeTogether() {
    together = true;
  }

  /** Whatever its disk and journal do takes longer by so much. */
  void slowDown(long millis) {
    slownessMillis = millis;
  }

  long delay() {
    return cluster.delay() + slownessMillis;
  }

  Identity drawIdentity() {
    return cluster.drawIdentity();
  }

  void start(TreeSet<NodeId> peers) {
    life++;
    syncs.resume();
    outcomesStall = false;
    arrivalsStall = false;
    tickAtMillis = Long.MAX_VALUE;
    disk.looks.begin(journal);
    rules.begin();
    Settings settings = new Settings(id, rules, rules.digest(), initial, groups, false, bounds);
    replica = Optional.of(new Replica(settings, journal));
    List<Settled> settled = new ArrayList<>();
    Optional<RootIdentity> known = journal.root().flatMap(root -> root.rootIdentity());
    if (known.isPresent()) {
      boolean itself = disk.isItself(known.get());
      journal
          .intents()
          .forEach((path, intent) ->
              settled.add(
                  itself || disk.displacements().containsKey(path)
                      ? disk.settle(path, intent)
                      : new Settled.Unclear(path, intent)));
    }
    TreeSet<String> left = new TreeSet<>(disk.staged());
    handle(new Event.Started(drawIdentity(), boot, bootMillis, disk.root(), peers, settled));
    if (isUp()) {
      // The journal knows of it now: else the next start finds it once more.
      disk.clearStaging(left);
    }
  }

  /** The process is gone; the machine goes on. */
  void kill() {
    end();
    journal = journal.afterKill();
  }

  void cutPower() {
    end();
    journal = journal.afterPowerCut(cluster.random());
    disk.cutPower(cluster.random());
    disk.forgetDisplacements(journal.intents());
    reboot();
  }

  String bootId() {
    return boot;
  }

  void reboot() {
    disk.forgetUnwritten();
    boots++;
    boot = number + "." + boots;
    bootMillis = nowMillis();
  }

  /** Another journal; of what was under way nothing is known any more. */
  void restore(FakeJournal image) {
    journal = image;
    looked = false;
    disk.displacements().clear();
  }

  /** Whether a scan of the whole root came to its end since the journal became another. */
  boolean hasLooked() {
    return looked;
  }

  private void end() {
    life++;
    outcomes.clear();
    hints.clear();
    replica = Optional.empty();
    cluster.disconnected(this);
  }

  /** Takes an event now, when this is still the same run of the daemon. */
  void handle(Event event) {
    if (replica.isEmpty()) {
      return;
    }
    cluster.trace(this, event);
    List<Effect> effects = replica.get().step(new Now(nowMillis(), steadyMillis()), event);
    for (Effect effect : effects) {
      cluster.trace(this, effect);
      perform(effect);
      if (replica.isEmpty()) {
        return;
      }
      if (effect instanceof Effect.Send
          || effect instanceof Effect.Exchange
          || effect instanceof Effect.PlaceGroup) {
        cluster.noteActivity();
      }
    }
    looked = looked || !replica.get().isScanning();
    disk.journaled(event);
    planTick();
  }

  private void planTick() {
    long wake = replica.orElseThrow().wakeAtMillis();
    if (wake == Long.MAX_VALUE) {
      return;
    }
    long due = Math.max(wake, steadyMillis() + 1);
    if (due < tickAtMillis) {
      tickAtMillis = due;
      later(
          due - steadyMillis(),
          () -> {
            if (tickAtMillis == due) {
              tickAtMillis = Long.MAX_VALUE;
              handle(new Event.Tick());
            }
          });
    }
  }

  void later(long millis, Runnable action) {
    cluster.schedule(this, millis, unlessEnded(action));
  }

  /** Nothing happens once this run of the daemon is over. */
  private Runnable unlessEnded(Runnable action) {
    int now = life;
    return () -> {
      if (life == now) {
        action.run();
      }
    };
  }

  void post(Event event) {
    later(delay(), () -> handle(event));
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Append it -> append(it);
      case Effect.Send it -> cluster.send(this, it.peer(), it.message());
      case Effect.Disconnect it -> cluster.disconnect(this, it.peer());
      case Effect.Renew it -> cluster.disconnect(this, it.peer());
      case Effect.Inspect it -> later(delay(), () -> inspect(it));
      case Effect.Scan it -> later(delay(), () -> new SimulatedScan(this, it).go());
      case Effect.CheckRoot it -> later(delay(), this::checkRoot);
      case Effect.AcceptRoot it -> {
        pinned = it.identity();
        disk.mark(pinned);
      }
      case Effect.Stage it -> later(delay(), () -> contents.stage(it));
      case Effect.Discard it -> disk.discard(it.name());
      case Effect.Exchange it -> later(delay(), () -> exchange(it));
      case Effect.PlaceGroup it -> later(delay(), () -> gather(it));
      case Effect.AwaitWriter it -> {}
      case Effect.Keep it -> later(delay(), () -> contents.keep(it));
      case Effect.Recall it -> later(delay(), () -> contents.recall(it));
      case Effect.Sync it -> syncs.begin();
      case Effect.Flush it -> watched(() -> flushed(it.request()));
      case Effect.DrawIdentity it -> post(new Event.IdentityDrawn(drawIdentity()));
      case Effect.Reply it -> answers.put(it.request(), it.answer());
      case Effect.Alarm it -> alarms.add(it.text());
      case Effect.Abandon it -> throw new IllegalStateException("nobody copies a node: " + it);
    }
  }

  /**
   * One that fails may have been written or not; the root ends, and is opened again. That a sync
   * failed is always written: where not even that can be, nobody is left to tell the next start.
   */
  private void append(Effect.Append it) {
    boolean tells =
        it.writes().stream()
            .anyMatch(write ->
                write instanceof JournalWrite.PutRoot(RootState root) && root.syncFailed());
    boolean fails = !tells && faults.failsAppend();
    if (!fails || faults.isWritten()) {
      journal.append(it.writes());
      if (it.synced()) {
        journal.sync();
      }
    }
    if (fails) {
      faults.end(this);
    } else {
      post(new Event.Appended());
    }
  }

  boolean isRootItself() {
    return disk.isItself(pinned);
  }

  private void inspect(Effect.Inspect it) {
    Observation observation =
        isRootItself()
            ? faults
                .on(Faults.Step.LOOK)
                .<Observation>map(Observation.Unreadable::new)
                .orElseGet(() -> disk.looks.inspect(it, nowMillis()))
            : new Observation.RootLost(ROOT_LOST);
    tell(new Event.Inspected(it.path(), observation));
  }

  /** What befell a path. */
  void tell(Event event) {
    if (together || event instanceof Event.Inspected) {
      outcomes.add(event);
    } else {
      post(event);
    }
  }

  private void checkRoot() {
    post(new Event.RootChecked(isRootItself(), disk.things().isEmpty()));
  }

  private void exchange(Effect.Exchange it) {
    RelativePath path = it.path();
    Problem lost = new Problem(Problem.Kind.INPUT_OUTPUT, "root lost");
    Optional<Problem> fault = isRootItself() ? faults.on(Faults.Step.EXCHANGE) : Optional.of(lost);
    if (fault.isPresent()) {
      tell(new Event.Exchanged(path, new Outcome.Failed(fault.get())));
      return;
    }
    if (it.sparing() && disk.isBeingWritten(path)) {
      tell(new Event.Exchanged(path, new Outcome.BeingWritten()));
      return;
    }
    boolean late = cluster.random().nextBoolean();
    var outcome = KeptApart.by(this, () -> disk.exchange(path, it.intent(), late, nowNanos()));
    cluster.trace(this, outcome);
    if (outcomesStall) {
      return;
    }
    tell(new Event.Exchanged(path, outcome));
    if (cluster.echoes()) {
      watched(new Event.Suspected(path, Cause.WATCH, false));
    }
  }

  private void gather(Effect.PlaceGroup it) {
    Optional<Problem> refusal =
        isRootItself() ? faults.on(Faults.Step.EXCHANGE) : Optional.of(ROOT_LOST);
    refusal = refusal.or(() -> disk.groups().prepare(it, nowNanos()));
    if (refusal.isPresent()) {
      it.members().forEach(member -> disk.discard(member.intent().stagedName()));
      post(new Event.GroupPlaced(it.top(), new GroupOutcome.NotPlaced(refusal.get())));
    } else if (!arrivalsStall) {
      later(delay(), () -> arrive(it));
    }
  }

  private void arrive(Effect.PlaceGroup it) {
    var moving = it.from().map(from -> disk.groups().relocation(from, it));
    GroupOutcome outcome = KeptApart.by(this, () -> disk.groups().place(it, nowNanos()));
    cluster.trace(this, outcome);
    moving.filter(each -> outcome instanceof GroupOutcome.Placed).ifPresent(cluster::relocated);
    if (outcomesStall) {
      return;
    }
    post(new Event.GroupPlaced(it.top(), outcome));
    if (cluster.echoes()) {
      watched(SimulatedGroups.echo(it));
      it.from().ifPresent(from -> watched(new Event.Suspected(from, Cause.WATCH, false)));
    }
  }

  SimulatedSync syncs() {
    return syncs;
  }

  /** From now on no directory gets its name after it was gathered in staging. */
  void stallArrivals() {
    arrivalsStall = true;
  }

  /** From now on the kernel does not learn how its exchanges end. */
  void stallOutcomes() {
    outcomesStall = true;
  }

  /** Something that the watcher tells: not at once, but in order if it has one. */
  void watched(Event event) {
    if (!together) {
      watched(() -> handle(event));
    } else if (replica.isPresent()) {
      hints.add(event);
    }
  }

  private void watched(Runnable told) {
    if (replica.isPresent() && faults.keepsOrder()) {
      cluster.watched(this, unlessEnded(told));
    } else if (replica.isPresent()) {
      later(delay(), told);
    }
  }

  /** As the runtime does: another directory may be in the place of the one that is watched. */
  private void flushed(long request) {
    if (!isRootItself()) {
      handle(new Event.RootLost(ROOT_LOST));
    }
    handle(new Event.Flushed(request, faults.keepsOrder()));
  }

  @Override
  public String toString() {
    return "n" + number;
  }
}
