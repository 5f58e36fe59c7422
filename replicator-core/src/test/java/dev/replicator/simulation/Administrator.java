package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Whoever changes the configuration of nodes: which paths they keep to themselves, from their next
 * start on, and whom they have for peers, at once. In the end all is as it was.
 */
final class Administrator {
  private static final int ONE_IN = 8;
  private static final long NETWORK_MILLIS_MAX = 5;

  private static final List<String> EXCLUDED =
      List.of("/a", "/b", "x", "y", "/d", "/d/", "/d/*", "/d/x", "/d/e/", "/f", "/f/", "/f/g");

  private static final List<String> INCLUDED = List.of("/d/x", "/d/e/z", "/f/x", "/f/g/y");

  private final SimulatedCluster cluster;
  private final Swarm swarm;
  private final Crashes crashes;
  private final Lineage lineage;
  private final Modes modes;

  /** Files that a node kept to itself since its last start, by number. */
  private final TreeMap<Integer, TreeSet<RelativePath>> leftOut = new TreeMap<>();

  Administrator(
      SimulatedCluster cluster, Swarm swarm, Crashes crashes, Lineage lineage, Modes modes) {
    this.cluster = cluster;
    this.swarm = swarm;
    this.crashes = crashes;
    this.lineage = lineage;
    this.modes = modes;
    if (swarm.has(Knob.CHANGED_RULES)) {
      lineage.keeping((number, path) -> isLeftOut(cluster.node(number), path), this::isTold);
      cluster.witness((node, what) -> {
        if (what instanceof Event.Started) {
          started(node);
        }
      });
    }
  }

  private boolean isTold(String version) {
    return cluster.nodes().stream()
        .anyMatch(node -> Verdict.recorded(node, lineage).contains(version));
  }

  static boolean isLeftOut(SimulatedNode node, RelativePath path) {
    return !node.rules.replicates(path, EntryType.FILE);
  }

  /**
   * What a rule leaves out from now on, or no longer, is nobody's deletion, whoever deletes it just
   * then; and what no record tells of is its own.
   */
  private void started(SimulatedNode node) {
    TreeSet<RelativePath> now = new TreeSet<>();
    lineage.paths().stream().filter(path -> isLeftOut(node, path)).forEach(now::add);
    TreeSet<RelativePath> before = leftOut.computeIfAbsent(node.number, number -> new TreeSet<>());
    lineage.paths().stream()
        .filter(path -> now.contains(path) != before.contains(path))
        .forEach(lineage::unclearAt);
    before.removeAll(now);
    before.forEach(path -> heedWhatWasNotLeftOut(node, path));
    leftOut.put(node.number, now);
    TreeSet<String> own = new TreeSet<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          if (!node.rules.replicates(path, thing.type())) {
            modes.untold(path, thing.type());
          }
          if (thing.type() == EntryType.FILE && isLeftOut(node, path)) {
            own.add(Lineage.version(path, thing.text()));
          }
        });
    own.removeAll(Verdict.recorded(node, lineage));
    lineage.owns(node.number, own);
  }

  /**
   * A daemon that is killed before it has compared all with a rule has left nothing out where it
   * did not come to: its journal knows still what it put there, so what somebody did to that is a
   * write once the rule is gone, as it would be had the daemon not started in between.
   */
  private void heedWhatWasNotLeftOut(SimulatedNode node, RelativePath path) {
    node.journal()
        .materialised(path)
        .ifPresent(known -> lineage.heeded(node.number, path, known.entry()));
  }

  /** Perhaps does something to some node. */
  void maybeAct(SplittableRandom random) {
    List<Knob> kinds = new ArrayList<>(List.of(Knob.CHANGED_RULES, Knob.CHANGED_PEERS));
    kinds.retainAll(swarm.knobs());
    if (kinds.isEmpty() || random.nextInt(ONE_IN) > 0) {
      return;
    }
    crashes.drawFrom(random);
    SimulatedNode node = crashes.anyNode();
    if (kinds.get(random.nextInt(kinds.size())) == Knob.CHANGED_RULES) {
      changeRules(node, random);
    } else {
      changePeers(node, random);
    }
  }

  private void changeRules(SimulatedNode node, SplittableRandom random) {
    SimulatedRules.Patterns before = node.rules.configured();
    boolean takesBack = !before.equals(SimulatedRules.Patterns.NONE) && random.nextBoolean();
    SimulatedRules.Patterns patterns = takesBack ? SimulatedRules.Patterns.NONE : patterns(random);
    cluster.note(node + " has the rules " + patterns);
    node.rules.configure(patterns);
    if (random.nextInt(4) > 0) {
      end(node, random);
    }
    if (!node.isUp() && random.nextInt(3) > 0) {
      cluster.start(node);
    }
  }

  private static SimulatedRules.Patterns patterns(SplittableRandom random) {
    List<String> exclude = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      exclude.add(EXCLUDED.get(random.nextInt(EXCLUDED.size())));
    }
    List<String> include =
        random.nextInt(4) > 0 ? List.of() : List.of(INCLUDED.get(random.nextInt(INCLUDED.size())));
    return new SimulatedRules.Patterns(exclude, include);
  }

  private void end(SimulatedNode node, SplittableRandom random) {
    if (!node.isUp()) {
      return;
    }
    if (random.nextInt(3) > 0) {
      stop(node);
    } else {
      cluster.note(node + " killed");
      crashes.kill(node);
    }
  }

  private void stop(SimulatedNode node) {
    cluster.note(node + " stops clean");
    node.handle(new Event.StopAsked(Crashes.STOP));
    cluster.run(Crashes.STOP_MILLIS);
    crashes.kill(node);
  }

  /** Removes one, or adds one that was removed: here, there, or on both sides. */
  private void changePeers(SimulatedNode node, SplittableRandom random) {
    SimulatedNode other = crashes.anyNode();
    if (other == node) {
      return;
    }
    boolean adds = !cluster.trust().isMutual(node, other);
    boolean down = random.nextInt(3) == 0;
    if (down) {
      end(node, random);
    }
    int sides = random.nextInt(3);
    if (sides != 1) {
      change(node, other, adds, random);
    }
    if (sides != 0) {
      change(other, node, adds, random);
    }
    if (down && random.nextInt(3) > 0) {
      cluster.start(node);
    }
  }

  /** The roots learn of it before the network does. */
  private void change(
      SimulatedNode node, SimulatedNode peer, boolean adds, SplittableRandom random) {
    cluster.note(node + (adds ? " has the peer " : " has no longer the peer ") + peer);
    if (adds) {
      cluster.trust().add(node, peer);
    } else {
      cluster.trust().remove(node, peer);
    }
    node.handle(new Event.PeersConfigured(cluster.trust().peers(node.id)));
    cluster.schedule(
        random.nextLong(NETWORK_MILLIS_MAX),
        () -> {
          SimulatedLink link = cluster.link(node, peer);
          if (cluster.trust().isMutual(node, peer)) {
            link.dial();
          } else {
            link.drop();
          }
        });
  }

  /** All rules and peers are as in the beginning; who runs with other rules is stopped. */
  void undo() {
    for (SimulatedNode node : cluster.nodes()) {
      cluster.nodes().forEach(other -> cluster.trust().add(node, other));
      node.handle(new Event.PeersConfigured(cluster.trust().peers(node.id)));
      node.rules.configure(SimulatedRules.Patterns.NONE);
      if (node.isUp() && node.rules.leavesOut()) {
        stop(node);
      }
    }
  }
}
