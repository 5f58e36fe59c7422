package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.kernel.Settled;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** One run: users, partitions and crashes by a seed; then everything heals and is checked. */
final class RandomSchedule {
  static final long BARRIER = 77;
  private static final long STOP = 99;

  /** From here on users do more; those before, with the names of old failures, stay as they are. */
  static final long LONG_SEEDS = 1_000_000;

  private static final long STOP_MILLIS = 2_000;

  /** Which crashes a run may see: each seed draws its own. */
  private final boolean cuts;

  private final boolean kills;
  private final boolean powerCuts;
  private final boolean lostJournals;
  private final boolean images;

  private final long seed;
  private final SimulatedCluster cluster;
  private final SplittableRandom random;
  private final Lineage lineage = new Lineage();
  private final SimulatedUser user;
  private final TreeMap<Integer, FakeJournal> kept = new TreeMap<>();

  /** Those with an old journal, of which nobody looked yet whether it is true of their disk. */
  private final TreeSet<Integer> believing = new TreeSet<>();

  RandomSchedule(long seed, boolean tracing) {
    this.seed = seed;
    SplittableRandom swarm = new SplittableRandom(seed ^ 0x5DEECE66DL);
    cluster = new SimulatedCluster(seed, 2 + swarm.nextInt(3), tracing);
    random = cluster.random();
    user = new SimulatedUser(cluster, lineage);
    cuts = swarm.nextInt(3) > 0;
    kills = swarm.nextInt(2) > 0;
    powerCuts = swarm.nextInt(3) == 0;
    lostJournals = swarm.nextInt(4) == 0;
    images = swarm.nextInt(4) == 0;
  }

  /** Runs it; a failure names the seed. */
  static void run(long seed) {
    new RandomSchedule(seed, Boolean.getBoolean("simulation.trace")).go();
  }

  SimulatedCluster cluster() {
    return cluster;
  }

  void go() {
    try {
      cluster.nodes().forEach(cluster::start);
      int acts = (seed < LONG_SEEDS ? 30 : 50) + random.nextInt(31);
      for (int i = 0; i < acts; i++) {
        cluster.run(random.nextInt(4) == 0 ? random.nextLong(2_000) : random.nextLong(30));
        user.act(anyNode());
        if (random.nextInt(6) == 0) {
          disturb();
        }
      }
      cluster.run(random.nextLong(1_000));
      heal();
      askBarriers();
      new Verdict(cluster, lineage, !lostJournals && !images && !powerCuts).check();
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError("simulation seed " + seed + ": " + failure.getMessage(), failure);
    }
  }

  private SimulatedNode anyNode() {
    return cluster.node(random.nextInt(cluster.nodes().size()));
  }

  private void disturb() {
    SimulatedNode node = anyNode();
    int dice = random.nextInt(8);
    if (dice < 3 && cuts) {
      SimulatedNode other = anyNode();
      if (other != node) {
        toggle(cluster.link(node, other));
      }
    } else if (!node.isUp()) {
      cluster.start(node);
    } else if (dice == 3 && kills) {
      cluster.note(node + " killed");
      kill(node);
      maybeStart(node);
    } else if (dice == 4 && powerCuts) {
      cutPower(node);
      maybeStart(node);
    } else if (dice == 5 && lostJournals) {
      cluster.note(node + " loses its journal");
      kill(node);
      lose(() -> node.restore(new FakeJournal()));
      maybeStart(node);
    } else if (dice == 6 && images) {
      image(node);
    } else if (dice == 7 && kills) {
      cluster.note(node + " stops clean");
      node.handle(new Event.StopAsked(STOP));
      cluster.run(STOP_MILLIS);
      kill(node);
      if (random.nextBoolean()) {
        node.reboot();
      }
      maybeStart(node);
    }
  }

  /**
   * What was put and is gone again before the journal heard of it: the next start cannot tell that
   * from what was never put.
   */
  private void kill(SimulatedNode node) {
    node.journal()
        .intents()
        .forEach((path, intent) -> {
          if (node.isUp() && node.disk.settle(path, intent) instanceof Settled.Unclear) {
            lineage.unclearAt(path);
          }
        });
    node.kill();
  }

  private void maybeStart(SimulatedNode node) {
    if (random.nextBoolean()) {
      cluster.start(node);
    }
  }

  private void toggle(SimulatedLink link) {
    if (link.isUp()) {
      link.cut();
    } else {
      link.heal();
    }
  }

  /** Keeps an image of a journal, or puts an old one back. */
  private void image(SimulatedNode node) {
    FakeJournal image = kept.remove(node.number);
    if (image == null) {
      kept.put(node.number, node.journal().image());
      return;
    }
    cluster.note(node + " gets an old journal");
    kill(node);
    lose(() -> node.restore(image));
    believing.add(node.number);
    if (random.nextBoolean()) {
      node.reboot();
    }
    if (random.nextBoolean()) {
      startAlone(node);
    } else {
      maybeStart(node);
    }
  }

  /** Nobody can be asked for longer than a start waits. */
  private void startAlone(SimulatedNode node) {
    cluster.note(node + " starts alone");
    List<SimulatedLink> links = new ArrayList<>();
    cluster.links().forEach(links::add);
    links.removeIf(link -> !link.joins(node));
    links.forEach(SimulatedLink::cut);
    cluster.start(node);
    for (int i = random.nextInt(8); i > 0; i--) {
      user.act(anyNode());
      cluster.run(random.nextLong(1_500));
    }
    links.forEach(SimulatedLink::heal);
  }

  private void cutPower(SimulatedNode node) {
    cluster.note(node + " loses power");
    lose(node::cutPower);
    node.disk
        .things()
        .forEach((path, thing) -> lineage.stands(Lineage.version(path, thing.text())));
  }

  /** What only this node had, and has no more, nobody can bring back. */
  private void lose(Runnable crash) {
    TreeSet<String> before = standing();
    crash.run();
    before.removeAll(standing());
    before.forEach(version -> {
      cluster.note("lost: " + version);
      lineage.excuse(version);
    });
  }

  private TreeSet<String> standing() {
    TreeSet<String> standing = new TreeSet<>();
    for (SimulatedNode node : cluster.nodes()) {
      node.disk
          .things()
          .forEach((path, thing) -> {
            if (thing.type() == EntryType.FILE) {
              standing.add(Lineage.version(path, thing.text()));
            }
          });
      node.disk
          .displacements()
          .forEach((path, thing) -> standing.add(Lineage.version(path, thing.text())));
      if (!believes(node)) {
        standing.addAll(Verdict.recorded(node, lineage));
      }
    }
    return standing;
  }

  /** What an old journal tells of a disk that became another since stands nowhere else, perhaps. */
  private boolean believes(SimulatedNode node) {
    if (node.isUp() && !node.replica().isScanning()) {
      believing.remove(node.number);
    }
    return believing.contains(node.number);
  }

  /** Nothing is left to do: everybody knows that everybody shows everything. */
  private void askBarriers() {
    for (SimulatedNode node : cluster.nodes()) {
      node.handle(
          new Event.BarrierAsked(BARRIER, RelativePath.ROOT, OptionalInt.empty(), STOP_MILLIS));
    }
    cluster.run(2 * STOP_MILLIS);
  }

  private void heal() {
    cluster.note("HEAL");
    List<SimulatedNode> down =
        new ArrayList<>(cluster.nodes().stream().filter(node -> !node.isUp()).toList());
    down.forEach(cluster::start);
    cluster.links().forEach(SimulatedLink::heal);
    cluster.settleAndApprove();
  }

  /** What a failing run looked like. */
  static String trace(long seed) {
    RandomSchedule again = new RandomSchedule(seed, true);
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
