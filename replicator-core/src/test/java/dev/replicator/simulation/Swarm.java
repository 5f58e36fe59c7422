package dev.replicator.simulation;

import dev.replicator.kernel.Bounds;
import dev.replicator.model.Problem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a seed draws before anything happens: how many nodes there are, what a run may see, and how
 * much of it. Most runs see little: what hides a bug is mostly something else that happens as well.
 */
record Swarm(
    int nodes,
    int acts,
    Set<Knob> knobs,
    Faults.Percent percent,
    int latencyMillis,
    Bounds bounds) {
  /** From here on all knobs are drawn, and each act has random numbers of its own. */
  static final long SEEDS = 2_000_000;

  /** From here on it is drawn, too, how much a node takes up at once. */
  static final long BOUNDED_SEEDS = 3_000_000;

  /** From here on users rename more than twice as often. */
  static final long RENAMING_SEEDS = 9_000_000;

  /** From here on a file that is renamed is renamed on the peers, too, however small it is. */
  static final long MOVING_SEEDS = Long.getLong("simulation.moving", 9_000_000);

  /** From here on what is changed again and again rests, however small it is. */
  static final long RESTING_SEEDS = Long.getLong("simulation.resting", 12_000_000);

  /** From here on who holds a file open writes to it, and the watcher tells of that. */
  static final long WRITING_SEEDS = Long.getLong("simulation.writing", 13_000_000);

  /** From here on users do at least so much that a schedule counts, and three things break. */
  static final long HONEST_SEEDS = Long.getLong("simulation.honest", 14_000_000);

  /** From here on the clocks of file systems may tick, as they do before Linux 6.13. */
  static final long TICKING_SEEDS = Long.getLong("simulation.ticking", 15_000_000);

  /** From here on what befell many paths may be one step, not looks alone. */
  static final long TOGETHER_SEEDS = Long.getLong("simulation.together", 16_000_000);

  /** From here on administrators may change rules and peers, and users keep names private. */
  static final long ADMINISTERED_SEEDS = Long.getLong("simulation.administered", 17_000_000);

  static final int ACTS_MIN = 50;
  static final int FAULTS_MIN = 3;

  private static final long HONEST_SALT = 0x27D4EB2F165667C5L;
  private static final long TICK_SALT = 0x9E3779B97F4A7C15L;
  private static final long TOGETHER_SALT = 0xD6E8FEB86659FD93L;
  private static final long ADMINISTERED_SALT = 0xA0761D6478BD642FL;
  private static final int ACTS_MORE = 40;
  private static final long REST_SALT = 0x2545F4914F6CDD1DL;
  private static final long SALT = 0x5DEECE66DL;
  private static final long BOUNDS_SALT = 0xB5297A4D3F84D5B5L;
  private static final int LATENCY_MILLIS_MAX = 400;
  private static final int TINY = 4;

  /** What a step of the disk fails with; what passes by itself once the fault is gone. */
  private static final List<Problem> KINDS =
      List.of(
          Problem.of(Problem.Kind.DISK_FULL),
          new Problem(Problem.Kind.DISK_FULL, "quota exceeded"),
          Problem.of(Problem.Kind.INPUT_OUTPUT),
          new Problem(Problem.Kind.INPUT_OUTPUT, "too many open files"),
          Problem.of(Problem.Kind.READ_ONLY),
          Problem.of(Problem.Kind.PERMISSION),
          Problem.of(Problem.Kind.BUSY),
          Problem.of(Problem.Kind.OBSTRUCTED));

  static Swarm of(long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ SALT);
    if (seed < SEEDS) {
      return plain(random);
    }
    Swarm full = full(random);
    Swarm bounded =
        seed < BOUNDED_SEEDS ? full : full.bounded(new SplittableRandom(seed ^ BOUNDS_SALT));
    Swarm moving = seed < MOVING_SEEDS ? bounded : bounded.moving();
    Swarm resting =
        seed < RESTING_SEEDS ? moving : moving.resting(new SplittableRandom(seed ^ REST_SALT));
    if (seed < HONEST_SEEDS) {
      return resting;
    }
    Swarm honest = resting.honest(new SplittableRandom(seed ^ HONEST_SALT));
    Swarm ticking =
        seed < TICKING_SEEDS
            ? honest
            : honest.mostly(Knob.TICKING_CLOCKS, new SplittableRandom(seed ^ TICK_SALT));
    Swarm together =
        seed < TOGETHER_SEEDS
            ? ticking
            : ticking.mostly(Knob.TOGETHER, new SplittableRandom(seed ^ TOGETHER_SALT));
    return seed < ADMINISTERED_SEEDS
        ? together
        : together.administered(new SplittableRandom(seed ^ ADMINISTERED_SALT));
  }

  /** Each in half of such seeds. */
  private Swarm administered(SplittableRandom random) {
    EnumSet<Knob> more = EnumSet.noneOf(Knob.class);
    more.addAll(knobs);
    for (Knob knob : EnumSet.range(Knob.CHANGED_RULES, Knob.PRIVATE_MODES)) {
      take(more, knob, random.nextBoolean());
    }
    return new Swarm(nodes, acts, more, percent, latencyMillis, bounds);
  }

  /** In two of three such seeds. */
  private Swarm mostly(Knob knob, SplittableRandom random) {
    EnumSet<Knob> more = EnumSet.noneOf(Knob.class);
    more.addAll(knobs);
    take(more, knob, random.nextInt(3) > 0);
    return new Swarm(nodes, acts, more, percent, latencyMillis, bounds);
  }

  /** With as many acts and faults as a schedule must have to count; what else is drawn stays. */
  private Swarm honest(SplittableRandom random) {
    int enough = ACTS_MIN + random.nextInt(ACTS_MORE);
    EnumSet<Knob> more = EnumSet.noneOf(Knob.class);
    more.addAll(knobs);
    for (Knob knob : EnumSet.range(Knob.CLOCK_STEPS, Knob.BARRIERS)) {
      take(more, knob, random.nextBoolean());
    }
    List<Knob> faults = List.copyOf(Knob.FAULTS);
    while (faults.stream().filter(more::contains).count() < FAULTS_MIN) {
      more.add(faults.get(random.nextInt(faults.size())));
    }
    Faults.Percent often =
        new Faults.Percent(
            drawn(random, more, Knob.DISK_ERRORS, percent.steps(), 30),
            drawn(random, more, Knob.JOURNAL_ERRORS, percent.appends(), 3),
            drawn(random, more, Knob.SYNC_ERRORS, percent.syncs(), 20),
            drawn(random, more, Knob.MISSED_EVENTS, percent.events(), 60),
            percent.kinds());
    return new Swarm(nodes, enough, more, often, latencyMillis, bounds);
  }

  /** As it was drawn, or drawn now when {@code knob} came only now. */
  private static int drawn(SplittableRandom random, Set<Knob> knobs, Knob knob, int was, int most) {
    int now = 1 + random.nextInt(most);
    return was == 0 && knobs.contains(knob) ? now : was;
  }

  /** Files rest in two of three such seeds, for moments or for seconds. */
  private Swarm resting(SplittableRandom random) {
    long rate = random.nextInt(3) == 0 ? bounds.restBytesPerSecond() : 100;
    return with(bounds.withFiles(bounds.movedFileBytes(), rate));
  }

  /** Files are moved however small they are. */
  private Swarm moving() {
    return with(bounds.withFiles(0, bounds.restBytesPerSecond()));
  }

  private Swarm with(Bounds other) {
    return new Swarm(nodes, acts, knobs, percent, latencyMillis, other);
  }

  /** Two of three such seeds; what else a seed draws does not depend on it. */
  private Swarm bounded(SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return this;
    }
    EnumSet<Knob> more = EnumSet.of(Knob.TINY_BOUNDS);
    more.addAll(knobs);
    return new Swarm(nodes, acts, more, percent, latencyMillis, tiny(random));
  }

  /** Each is small by itself, or as in a daemon. */
  private static Bounds tiny(SplittableRandom random) {
    Bounds most = Bounds.ORDINARY;
    return new Bounds(
        drawn(random, 1, most.inFlight()),
        drawn(random, 2, most.work()),
        drawn(random, 1, most.batch()),
        drawn(random, 0, most.window()),
        drawn(random, 1, most.summary()),
        drawn(random, 0, most.waiting()),
        drawn(random, 0, most.unreadScopes()),
        drawn(random, 0, most.remembered()),
        drawn(random, 0, most.groups()),
        drawn(random, 1, most.groupMembers()),
        drawn(random, 0, most.writersAwaited()),
        most.movedFileBytes(),
        most.restBytesPerSecond());
  }

  private static int drawn(SplittableRandom random, int least, int most) {
    return random.nextBoolean() ? most : least + random.nextInt(TINY);
  }

  /** As it was drawn from the first seed on. */
  private static Swarm plain(SplittableRandom random) {
    int nodes = 2 + random.nextInt(3);
    EnumSet<Knob> knobs = EnumSet.noneOf(Knob.class);
    take(knobs, Knob.CUTS, random.nextInt(3) > 0);
    take(knobs, Knob.KILLS, random.nextInt(2) > 0);
    take(knobs, Knob.POWER_CUTS, random.nextInt(3) == 0);
    take(knobs, Knob.LOST_JOURNALS, random.nextInt(4) == 0);
    take(knobs, Knob.IMAGES, random.nextInt(4) == 0);
    return new Swarm(
        nodes, 0, knobs, new Faults.Percent(0, 0, 0, 0, List.of()), 0, Bounds.ORDINARY);
  }

  private static Swarm full(SplittableRandom random) {
    int nodes = random.nextInt(8) == 0 ? 5 + random.nextInt(3) : 2 + random.nextInt(3);
    int acts = 10 + random.nextInt(nodes > 4 ? 40 : 80);
    int oneIn = 2 + random.nextInt(6);
    EnumSet<Knob> knobs = EnumSet.noneOf(Knob.class);
    for (Knob knob : EnumSet.range(Knob.CUTS, Knob.PATH_BY_PATH)) {
      take(knobs, knob, random.nextInt(oneIn) == 0);
    }
    Faults.Percent percent =
        new Faults.Percent(
            knobs.contains(Knob.DISK_ERRORS) ? 1 + random.nextInt(30) : 0,
            knobs.contains(Knob.JOURNAL_ERRORS) ? 1 + random.nextInt(3) : 0,
            knobs.contains(Knob.SYNC_ERRORS) ? 1 + random.nextInt(20) : 0,
            knobs.contains(Knob.MISSED_EVENTS) ? 1 + random.nextInt(60) : 0,
            kinds(random));
    int latency = knobs.contains(Knob.SLOW_LINKS) ? 1 + random.nextInt(LATENCY_MILLIS_MAX) : 0;
    return new Swarm(nodes, acts, knobs, percent, latency, Bounds.ORDINARY);
  }

  private static void take(EnumSet<Knob> knobs, Knob knob, boolean drawn) {
    if (drawn) {
      knobs.add(knob);
    }
  }

  private static List<Problem> kinds(SplittableRandom random) {
    List<Problem> kinds = new ArrayList<>(KINDS);
    kinds.removeIf(kind -> random.nextBoolean());
    return kinds.isEmpty() ? KINDS : kinds;
  }

  boolean has(Knob knob) {
    return knobs.contains(knob);
  }

  /** Without some of what it may see. */
  Swarm without(Set<Knob> left) {
    EnumSet<Knob> kept = EnumSet.noneOf(Knob.class);
    kept.addAll(knobs);
    kept.removeAll(left);
    Faults.Percent fewer =
        new Faults.Percent(
            kept.contains(Knob.DISK_ERRORS) ? percent.steps() : 0,
            kept.contains(Knob.JOURNAL_ERRORS) ? percent.appends() : 0,
            kept.contains(Knob.SYNC_ERRORS) ? percent.syncs() : 0,
            kept.contains(Knob.MISSED_EVENTS) ? percent.events() : 0,
            percent.kinds());
    return new Swarm(
        nodes,
        acts,
        kept,
        fewer,
        kept.contains(Knob.SLOW_LINKS) ? latencyMillis : 0,
        kept.contains(Knob.TINY_BOUNDS)
            ? bounds
            : Bounds.ORDINARY.withFiles(bounds.movedFileBytes(), bounds.restBytesPerSecond()));
  }
}
