package dev.replicator.simulation;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** One run: users, partitions and crashes by a seed; then everything heals and is checked. */
final class RandomSchedule {
  static final long BARRIER = 77;

  /** From here on users do more; those before, with the names of old failures, stay as they are. */
  static final long LONG_SEEDS = 1_000_000;

  /** So that the numbers of one act are none of another's, nor of another seed's. */
  private static final long STRIDE = 0x9E3779B97F4A7C15L;

  /** So often somebody looks for something else to do when there is nothing of what he wanted. */
  private static final int TRIES_MAX = 20;

  private static final long HINTS_SALT = 0x1B873593CC9E2D51L;
  private static final long FAULTS_SALT = 0x2545F4914F6CDD1DL;
  private static final long ADMINISTRATOR_SALT = 0xE7037ED1A0B428DBL;

  /** Whoever waits for a content tries again within ten seconds, and a page of those in each. */
  private static final long PAUSE_MILLIS = 1_000;

  private static final int PAUSES_MAX = 60;

  private final long seed;
  private final Cut cut;
  private final Swarm swarm;
  private final SimulatedCluster cluster;
  private final Lineage lineage = new Lineage();
  private final Surplus surplus;
  private final SimulatedUser user;
  private final Crashes crashes;
  private Optional<BarrierClaims> barriers = Optional.empty();
  private Optional<DurableClaims> claims = Optional.empty();
  private Optional<Administrator> administrator = Optional.empty();

  /** Acts of users that were no empty ones. */
  private int done;

  RandomSchedule(long seed, boolean tracing) {
    this(seed, Cut.NOTHING, tracing);
  }

  /** As the seed says, without what is cut off. */
  RandomSchedule(long seed, Cut cut, boolean tracing) {
    this.seed = seed;
    this.cut = cut;
    swarm = Swarm.of(seed).without(cut.knobsLeftOut());
    cluster = new SimulatedCluster(seed ^ cut.salt(), swarm.nodes(), tracing);
    surplus = new Surplus(cluster);
    user = new SimulatedUser(cluster, lineage);
    crashes = new Crashes(cluster, user, lineage);
    if (seed >= Swarm.RENAMING_SEEDS) {
      user.renameOften();
    }
    if (seed >= Swarm.WRITING_SEEDS) {
      user.writeUnclosed();
    }
    if (isHonest()) {
      claims = Optional.of(new DurableClaims(cluster));
      claims.ifPresent(crashes::holdTo);
    }
    if (swarm.has(Knob.BARRIERS)) {
      barriers = Optional.of(new BarrierClaims(cluster, lineage));
    }
    if (swarm.has(Knob.REPEATED_EVENTS)) {
      user.tellsBy(Hints.twice(cluster, new SplittableRandom(seed ^ HINTS_SALT)));
    }
    if (seed >= Swarm.ADMINISTERED_SEEDS) {
      administer();
    }
  }

  private void administer() {
    administrator = Optional.of(new Administrator(cluster, swarm, crashes, lineage, user.modes()));
    if (swarm.has(Knob.PRIVATE_MODES)) {
      SplittableRandom random = new SplittableRandom(seed ^ ADMINISTRATOR_SALT);
      TreeSet<RelativePath> names = new TreeSet<>(user.paths());
      names.removeIf(name -> random.nextBoolean());
      user.modes().keepPrivate(names);
    }
  }

  /** As from {@link Swarm#RENAMING_SEEDS} on. */
  RandomSchedule renamingOften() {
    user.renameOften();
    return this;
  }

  /** Runs it; a failure names the seed. */
  static RandomSchedule run(long seed) {
    RandomSchedule schedule = new RandomSchedule(seed, Boolean.getBoolean("simulation.trace"));
    schedule.go();
    return schedule;
  }

  /** Whether so much was done, and so much struck, that it is one of those that are asked for. */
  boolean counts() {
    return done >= Swarm.ACTS_MIN && cluster.struck().size() >= Swarm.FAULTS_MIN;
  }

  /** How many acts of users came to something. */
  int done() {
    return done;
  }

  /** How many files were looked for when a barrier was done. */
  long barriersChecked() {
    return barriers.map(BarrierClaims::checked).orElse(0L);
  }

  /** How many durable versions were looked for after power cuts. */
  long durableChecked() {
    return claims.map(DurableClaims::checked).orElse(0L);
  }

  SimulatedCluster cluster() {
    return cluster;
  }

  Swarm swarm() {
    return swarm;
  }

  void go() {
    try {
      if (seed < Swarm.SEEDS) {
        actAsBefore();
      } else {
        act();
      }
      askBarriers(cluster);
      tryWhatCanBeHad();
      new Verdict(
              cluster,
              lineage,
              surplus,
              crashes::forgets,
              administrator.map(judged -> user.modes()))
          .check();
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError("simulation seed " + seed + ": " + failure.getMessage(), failure);
    }
  }

  /** Whatever a run may see at all, one after the other; each with numbers of its own. */
  private void act() {
    Weather weather = new Weather(cluster, swarm, crashes, user, seed ^ FAULTS_SALT);
    SplittableRandom start = new SplittableRandom(seed);
    if (swarm.has(Knob.FEW_NAMES)) {
      user.keepTo(1 + start.nextInt(5));
    }
    cluster.nodes().forEach(cluster::start);
    for (int place = 0; place < swarm.acts(); place++) {
      SplittableRandom numbers = new SplittableRandom(seed + (place + 1) * STRIDE);
      cluster.run(numbers.nextInt(4) == 0 ? numbers.nextLong(2_000) : numbers.nextLong(30));
      SplittableRandom users = numbers.split();
      SplittableRandom others = numbers.split();
      if (cut.hasAct(place)) {
        drawFrom(weather, users);
        crowd(weather);
        maybeAsk(numbers);
      }
      if (numbers.nextInt(isHonest() ? 3 : 6) == 0 && cut.hasDisturbance(place)) {
        drawFrom(weather, others);
        weather.disturb(crashes.anyNode());
      }
      if (administrator.isPresent() && cut.hasDisturbance(place)) {
        long own = (seed ^ ADMINISTRATOR_SALT) + (place + 1) * STRIDE;
        administrator.get().maybeAct(new SplittableRandom(own));
      }
    }
    cluster.run(1_000);
    cluster.note("HEAL");
    weather.clear();
    administrator.ifPresent(Administrator::undo);
    startAndConnect();
    crashes.startMachinesAgain();
    weather.recover();
    cluster.settleAndApprove();
    scanAsEveryHour();
  }

  /** What could not be read of a root, when it was too much to be remembered, only that sees. */
  private void scanAsEveryHour() {
    List<SimulatedNode> unread =
        cluster.nodes().stream()
            .filter(node ->
                node.journal().root().stream()
                    .anyMatch(root -> root.unread().contains(RelativePath.ROOT)))
            .toList();
    unread.forEach(node -> node.handle(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN)));
    if (!unread.isEmpty()) {
      cluster.settleAndApprove();
    }
  }

  /** For what is done until now; who asks does not hear of it before the next act. */
  private void maybeAsk(SplittableRandom numbers) {
    barriers.ifPresent(each -> {
      SplittableRandom own = numbers.split();
      if (own.nextInt(5) == 0) {
        user.drawFrom(own);
        crashes.drawFrom(own);
        each.ask(crashes.anyNode(), user.anyPath(), own);
      }
    });
  }

  private boolean isHonest() {
    return seed >= Swarm.HONEST_SEEDS;
  }

  /** In late seeds until something comes of it. */
  private void crowd(Weather weather) {
    long before = user.done();
    for (int tries = isHonest() ? TRIES_MAX : 1; tries > 0 && user.done() == before; tries--) {
      weather.crowd(crashes.anyNode());
    }
    done += user.done() > before ? 1 : 0;
  }

  private void drawFrom(Weather weather, SplittableRandom numbers) {
    user.drawFrom(numbers);
    crashes.drawFrom(numbers);
    weather.drawFrom(numbers);
  }

  private void actAsBefore() {
    SplittableRandom random = cluster.random();
    cluster.nodes().forEach(cluster::start);
    int acts = (seed < LONG_SEEDS ? 30 : 50) + random.nextInt(31);
    for (int i = 0; i < acts; i++) {
      cluster.run(random.nextInt(4) == 0 ? random.nextLong(2_000) : random.nextLong(30));
      long before = user.done();
      user.act(crashes.anyNode());
      done += user.done() > before ? 1 : 0;
      if (random.nextInt(6) == 0) {
        disturb(random);
      }
    }
    cluster.run(random.nextLong(1_000));
    cluster.note("HEAL");
    startAndConnect();
    cluster.settleAndApprove();
  }

  private void disturb(SplittableRandom random) {
    SimulatedNode node = crashes.anyNode();
    int dice = random.nextInt(8);
    if (dice < 3 && swarm.has(Knob.CUTS)) {
      crashes.cutOrHeal(node);
    } else if (!node.isUp()) {
      cluster.start(node);
    } else if (dice == 3 && swarm.has(Knob.KILLS)) {
      crashes.killed(node);
    } else if (dice == 4 && swarm.has(Knob.POWER_CUTS)) {
      crashes.powerLost(node);
    } else if (dice == 5 && swarm.has(Knob.LOST_JOURNALS)) {
      crashes.journalLost(node);
    } else if (dice == 6 && swarm.has(Knob.IMAGES)) {
      crashes.image(node);
    } else if (dice == 7 && swarm.has(Knob.KILLS)) {
      crashes.stopped(node);
    }
  }

  private void startAndConnect() {
    List<SimulatedNode> down =
        new ArrayList<>(cluster.nodes().stream().filter(node -> !node.isUp()).toList());
    down.forEach(cluster::start);
    cluster.links().forEach(SimulatedLink::heal);
  }

  /**
   * What nobody could send may be in a vault since somebody kept an equal text of another path:
   * each that waits for such a thing is tried once more, and everybody is asked again.
   */
  private void tryWhatCanBeHad() {
    Set<Verdict.Waiting> untried = Verdict.waitingForWhatCanBeHad(cluster);
    if (untried.isEmpty()) {
      return;
    }
    for (int pause = 0; pause < PAUSES_MAX && isUntried(untried); pause++) {
      cluster.run(PAUSE_MILLIS);
    }
    askBarriers(cluster);
  }

  private boolean isUntried(Set<Verdict.Waiting> before) {
    return !Collections.disjoint(before, Verdict.waitingForWhatCanBeHad(cluster));
  }

  /** Nothing is left to do: everybody knows that everybody shows everything. */
  static void askBarriers(SimulatedCluster cluster) {
    for (SimulatedNode node : cluster.nodes()) {
      node.answers.remove(BARRIER);
      node.handle(
          new Event.BarrierAsked(
              BARRIER, RelativePath.ROOT, OptionalInt.empty(), Crashes.STOP_MILLIS));
    }
    cluster.run(2 * Crashes.STOP_MILLIS);
  }

  /** What a failing run looked like. */
  static String trace(long seed) {
    return trace(seed, Cut.NOTHING);
  }

  static String trace(long seed, Cut cut) {
    return trace(new RandomSchedule(seed, cut, true));
  }

  /** Runs one that is traced; all that it tells, with the digest of what is kept no more. */
  static String trace(RandomSchedule again) {
    String end = "no failure";
    try {
      again.go();
    } catch (AssertionError failure) {
      end = failure.toString();
    }
    TreeSet<String> alarms = new TreeSet<>();
    again.cluster.nodes().forEach(node -> alarms.addAll(node.alarms));
    return String.join("\n", again.cluster.traced()) + "\n" + alarms + "\n" + end;
  }
}
