package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** What befalls a cluster besides users and crashes: faults of disks, links and whole roots. */
final class Weather {
  private static final long FULL_MILLIS_MAX = 4_000;
  private static final long STALL_MILLIS_MAX = 3_000;
  private static final long AWAY_MILLIS_MAX = 3_000;
  private static final long CHECK_MILLIS_MAX = 1_000;
  private static final long RESTART_MILLIS_MAX = 500;
  private static final long APPROVAL = 88;
  private static final long STEP_WITHIN_MILLIS = 1_000;
  private static final long TEN_YEARS_MILLIS = 3_652L * 24 * 60 * 60 * 1_000;

  private final SimulatedCluster cluster;
  private final Swarm swarm;
  private final Crashes crashes;
  private final SimulatedUser user;
  private SplittableRandom random;

  Weather(
      SimulatedCluster cluster, Swarm swarm, Crashes crashes, SimulatedUser user, long faultsSeed) {
    this.cluster = cluster;
    this.swarm = swarm;
    this.crashes = crashes;
    this.user = user;
    this.random = new SplittableRandom(faultsSeed);
    begin();
  }

  private void begin() {
    for (SimulatedNode node : cluster.nodes()) {
      node.bound(swarm.bounds());
      node.suffer(new Faults(random.split(), swarm.percent(), this::rootEnded));
      if (swarm.has(Knob.PATH_BY_PATH) && random.nextBoolean()) {
        node.putsPathByPath();
      }
      if (swarm.has(Knob.TOGETHER)) {
        node.takeTogether();
      }
      if (swarm.has(Knob.TICKING_CLOCKS)) {
        node.clock().tick(1 + random.nextInt((int) Stamp.YOUNG_MILLIS / 2));
      }
      if (swarm.has(Knob.UNORDERED_EVENTS) && random.nextBoolean()) {
        node.faults().forgetOrder();
      }
    }
    for (SimulatedLink link : cluster.links()) {
      cluster.nodes().stream()
          .filter(link::joins)
          .filter(node -> swarm.latencyMillis() > 0 && random.nextBoolean())
          .forEach(node -> {
            cluster.struck(Knob.SLOW_LINKS);
            link.slow(node, 1 + random.nextInt(swarm.latencyMillis()));
          });
    }
  }

  void drawFrom(SplittableRandom other) {
    random = other;
  }

  /** As the daemon does: a root that ended by itself is opened again. */
  private void rootEnded(SimulatedNode node) {
    cluster.note(node + " gives its root up");
    crashes.kill(node);
    cluster.schedule(
        random.nextLong(RESTART_MILLIS_MAX),
        () -> {
          if (!node.isUp()) {
            cluster.start(node);
          }
        });
  }

  /** One thing that this run may see happens to {@code node}. */
  void disturb(SimulatedNode node) {
    List<Knob> sources =
        new ArrayList<>(
            List.of(
                Knob.CUTS,
                Knob.KILLS,
                Knob.POWER_CUTS,
                Knob.LOST_JOURNALS,
                Knob.IMAGES,
                Knob.FULL_DISKS,
                Knob.ONE_WAY_STALLS,
                Knob.UNMOUNTED_ROOTS,
                Knob.EMPTIED_ROOTS,
                Knob.SWAPPED_ROOTS,
                Knob.CLOCK_STEPS));
    sources.retainAll(swarm.knobs());
    if (!node.isUp()) {
      cluster.start(node);
    } else if (!sources.isEmpty()) {
      disturb(node, sources.get(random.nextInt(sources.size())));
    }
  }

  private void disturb(SimulatedNode node, Knob source) {
    switch (source) {
      case CUTS -> crashes.cutOrHeal(node);
      case KILLS -> {
        if (random.nextBoolean()) {
          crashes.killed(node);
        } else {
          crashes.stopped(node);
        }
      }
      case POWER_CUTS -> crashes.powerLost(node);
      case LOST_JOURNALS -> crashes.journalLost(node);
      case IMAGES -> crashes.image(node);
      case FULL_DISKS -> fill(node);
      case ONE_WAY_STALLS -> stall(node);
      case UNMOUNTED_ROOTS -> unmount(node);
      case EMPTIED_ROOTS -> {
        cluster.struck(Knob.EMPTIED_ROOTS);
        user.emptyRoot(node, random.nextLong(AWAY_MILLIS_MAX));
      }
      case SWAPPED_ROOTS -> swap(node);
      case CLOCK_STEPS -> step(node);
      case DISK_ERRORS,
          JOURNAL_ERRORS,
          SYNC_ERRORS,
          SLOW_LINKS,
          MISSED_EVENTS,
          RENAME_STORMS,
          CROSSED_MOVES,
          TYPE_CHANGES,
          FEW_NAMES,
          PATH_BY_PATH,
          TINY_BOUNDS,
          REPEATED_EVENTS,
          UNORDERED_EVENTS,
          BARRIERS ->
          throw new AssertionError(source + " is none of a moment");
    }
  }

  private void fill(SimulatedNode node) {
    cluster.note(node + " has a full disk");
    node.faults().stand(Optional.of(Problem.of(Problem.Kind.DISK_FULL)));
    cluster.schedule(random.nextLong(FULL_MILLIS_MAX), () -> node.faults().stand(Optional.empty()));
  }

  private void stall(SimulatedNode node) {
    SimulatedNode other = crashes.anyNode();
    if (other != node) {
      cluster.note("nothing gets from " + other + " to " + node);
      if (cluster.link(node, other).isUp()) {
        cluster.struck(Knob.ONE_WAY_STALLS);
      }
      cluster.link(node, other).stall(node, random.nextLong(STALL_MILLIS_MAX));
    }
  }

  private void unmount(SimulatedNode node) {
    cluster.struck(Knob.UNMOUNTED_ROOTS);
    cluster.note(node + " has no root");
    node.disk.unmount();
    checkSoon(node);
    cluster.schedule(random.nextLong(AWAY_MILLIS_MAX), () -> mount(node));
  }

  private void mount(SimulatedNode node) {
    node.disk.mount();
    checkSoon(node);
  }

  /** An empty directory where the root was: an administrator has to say that it is the root. */
  private void swap(SimulatedNode node) {
    cluster.struck(Knob.SWAPPED_ROOTS);
    cluster.note(node + " has another root");
    crashes.rootReplaced(node);
    checkSoon(node);
    if (random.nextBoolean()) {
      cluster.schedule(CHECK_MILLIS_MAX + random.nextLong(AWAY_MILLIS_MAX), () -> approve(node));
    }
  }

  /** Somebody sets the clock of a machine, within a second. */
  private void step(SimulatedNode node) {
    long millis = random.nextLong(-TEN_YEARS_MILLIS, TEN_YEARS_MILLIS + 1);
    cluster.schedule(random.nextLong(STEP_WITHIN_MILLIS), () -> setClock(node, millis));
  }

  /** No clock is further from the others than ten years. */
  private void setClock(SimulatedNode node, long millis) {
    long wrong = node.nowMillis() - cluster.millis();
    long step = Math.abs(wrong + millis) <= TEN_YEARS_MILLIS ? millis : -millis;
    cluster.struck(Knob.CLOCK_STEPS);
    cluster.note(node + " sets its clock by " + step + " ms");
    node.clock().step(step);
    crashes.clockSet(node);
  }

  private void checkSoon(SimulatedNode node) {
    cluster.schedule(random.nextLong(CHECK_MILLIS_MAX), () -> check(node));
  }

  /** What the runtime does every now and then. */
  private static void check(SimulatedNode node) {
    Optional<RootIdentity> seen = node.disk.root();
    if (node.isUp() && !node.isRootItself() && !node.replica().isRootLost()) {
      node.handle(new Event.RootLost(SimulatedNode.ROOT_LOST));
    } else if (node.isUp() && node.replica().isRootLost() && seen.isPresent()) {
      node.handle(new Event.RootFound(seen.get()));
    }
  }

  private static void approve(SimulatedNode node) {
    if (node.isUp() && node.replica().isRootLost()) {
      node.handle(new Event.ApproveAsked(APPROVAL));
    }
  }

  /** Everything works again; whoever has another root is told that this is the root. */
  void clear() {
    for (SimulatedNode node : cluster.nodes()) {
      node.faults().repair();
      node.disk.mount();
    }
  }

  /** After all nodes were started. */
  void recover() {
    for (int round = 0; round < 2; round++) {
      cluster.nodes().forEach(Weather::check);
      cluster.run(CHECK_MILLIS_MAX);
    }
    cluster.nodes().forEach(Weather::approve);
  }

  /** Several things at once, or one of a kind that is drawn for this run. */
  void crowd(SimulatedNode node) {
    List<Knob> crowds =
        new ArrayList<>(List.of(Knob.RENAME_STORMS, Knob.CROSSED_MOVES, Knob.TYPE_CHANGES));
    crowds.retainAll(swarm.knobs());
    int dice = random.nextInt(4 * Math.max(1, crowds.size()));
    if (dice >= crowds.size()) {
      user.act(node);
      return;
    }
    switch (crowds.get(dice)) {
      case RENAME_STORMS -> {
        for (int i = 2 + random.nextInt(8); i > 0; i--) {
          user.rename(node, user.anyPath(), user.anyPath());
          cluster.run(random.nextLong(3));
        }
      }
      case CROSSED_MOVES -> cross(node, crashes.anyNode());
      default -> {
        RelativePath path = user.anyPath();
        for (int i = 2 + random.nextInt(4); i > 0; i--) {
          user.changeType(random.nextBoolean() ? node : crashes.anyNode(), path);
          cluster.run(random.nextLong(3));
        }
      }
    }
  }

  /** One moves a directory into another while that is moved into it elsewhere. */
  private void cross(SimulatedNode node, SimulatedNode other) {
    List<String> tops = List.of("d", "f", "a", "b");
    String one = tops.get(random.nextInt(tops.size()));
    String two = tops.get(random.nextInt(tops.size()));
    user.rename(node, RelativePath.of(one), RelativePath.of(two + "/" + one));
    user.rename(other, RelativePath.of(two), RelativePath.of(one + "/" + two));
  }
}
