package dev.replicator.simulation;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Everything that can happen in a small world: two nodes, two names, and each sequence of a few
 * acts of users, with each way in which one act may overlap the next, and nodes and links of each
 * speed.
 */
final class SmallScope {
  private static final long SEED = 1;
  private static final long SOON_MILLIS = 4;
  private static final long SLOW_MILLIS = 40;
  private static final long QUIET_MILLIS = 2_000;
  private static final long QUIET_MILLIS_MAX = 60_000;
  private static final int NODES = 2;

  /** Each of: messages to a node are slow, what the node does is slow. */
  static final int SPEEDS = 1 << (2 * NODES);

  private static final List<List<String>> NAMES = List.of(List.of("a", "b"), List.of("a", "a/x"));

  /** What somebody does at one name; a restart is of the node. */
  enum Kind {
    WRITE,
    REWRITE,
    DELETE,
    MAKE,
    LINK,
    MODE,
    TOUCH,
    RENAME,
    KILL
  }

  record Act(Kind kind, int node, int name) {}

  /** How far the act before has come. */
  enum Gap {
    AT_ONCE,
    SOON,
    QUIET
  }

  /** What is there, on both nodes, before anything happens. */
  enum Start {
    NOTHING,
    FILE,
    DIRECTORY
  }

  /**
   * One history.
   *
   * @param gaps one before each act but the first
   * @param names which pair of names
   */
  record Case(Start start, List<Act> acts, List<Gap> gaps, int speeds, int names) {}

  private SmallScope() {}

  static List<Act> acts() {
    List<Act> acts = new ArrayList<>();
    for (int node = 0; node < NODES; node++) {
      for (Kind kind : Kind.values()) {
        for (int name = 0; name < (kind == Kind.KILL ? 1 : 2); name++) {
          acts.add(new Act(kind, node, name));
        }
      }
    }
    return acts;
  }

  /**
   * Tells all histories of {@code length} acts.
   *
   * @param speeds how many of {@link #SPEEDS}
   */
  static void each(int length, int speeds, Consumer<Case> told) {
    for (int names = 0; names < NAMES.size(); names++) {
      for (Start start : Start.values()) {
        for (int speed = 0; speed < speeds; speed++) {
          each(new Case(start, List.of(), List.of(), speed, names), length, told);
        }
      }
    }
  }

  private static void each(Case begun, int length, Consumer<Case> told) {
    if (begun.acts().size() == length) {
      told.accept(begun);
      return;
    }
    for (Act act : acts()) {
      for (Gap gap : begun.acts().isEmpty() ? new Gap[] {Gap.QUIET} : Gap.values()) {
        List<Act> acts = new ArrayList<>(begun.acts());
        List<Gap> gaps = new ArrayList<>(begun.gaps());
        acts.add(act);
        gaps.add(gap);
        each(new Case(begun.start(), acts, gaps, begun.speeds(), begun.names()), length, told);
      }
    }
  }

  /** Runs it; a failure names it. */
  static void run(Case history) {
    run(history, cluster -> {});
  }

  static void run(Case history, Consumer<SimulatedCluster> plant) {
    run(history, plant, Collections.emptySortedSet());
  }

  /**
   * Runs it in each order that differs from the usual one by at most {@code passes} things that
   * happen on a node just before what came before them; tells how many orders that are.
   */
  static long runOrders(Case history, int passes) {
    return runOrders(history, passes, new TreeSet<>());
  }

  private static long runOrders(Case history, int passes, SortedSet<Long> passed) {
    long choices = run(history, cluster -> {}, passed);
    long runs = 1;
    long first = passed.isEmpty() ? 1 : passed.last() + 1;
    for (long choice = first; passes > 0 && choice <= choices; choice++) {
      TreeSet<Long> more = new TreeSet<>(passed);
      more.add(choice);
      runs += runOrders(history, passes - 1, more);
    }
    return runs;
  }

  private static long run(Case history, Consumer<SimulatedCluster> plant, SortedSet<Long> passed) {
    SimulatedCluster cluster = new SimulatedCluster(SEED, NODES, false);
    plant.accept(cluster);
    Lineage lineage = new Lineage();
    SimulatedUser user = new SimulatedUser(cluster, lineage);
    try {
      cluster.nodes().forEach(cluster::start);
      begin(history, cluster, user);
      cluster.pass(passed);
      for (int place = 0; place < history.acts().size(); place++) {
        pass(history.gaps().get(place), cluster);
        act(history.acts().get(place), history.names(), cluster, user);
      }
      cluster.nodes().stream().filter(node -> !node.isUp()).forEach(cluster::start);
      cluster.settleAndApprove();
      long choices = cluster.choices();
      RandomSchedule.askBarriers(cluster);
      new Verdict(cluster, lineage, new Surplus(cluster), node -> false, Optional.empty()).check();
      return choices;
    } catch (RuntimeException | AssertionError failure) {
      String order = passed.isEmpty() ? "" : " with passes at " + passed;
      throw new AssertionError("%s%s: %s".formatted(history, order, failure.getMessage()), failure);
    }
  }

  private static void begin(Case history, SimulatedCluster cluster, SimulatedUser user) {
    RelativePath first = name(history.names(), 0);
    switch (history.start()) {
      case NOTHING -> {}
      case FILE -> user.write(cluster.node(0), first, "before");
      case DIRECTORY -> {
        user.makeDirectory(cluster.node(0), first);
        user.write(cluster.node(0), name(history.names(), 1), "before");
      }
    }
    pass(Gap.QUIET, cluster);
    for (SimulatedNode node : cluster.nodes()) {
      boolean slow = (history.speeds() & 1 << node.number) != 0;
      boolean far = (history.speeds() & 1 << NODES + node.number) != 0;
      node.slowDown(slow ? SLOW_MILLIS : 0);
      cluster.links().forEach(link -> link.slow(node, far ? SLOW_MILLIS : 0));
    }
  }

  private static RelativePath name(int names, int place) {
    return RelativePath.of(NAMES.get(names).get(place));
  }

  private static void pass(Gap gap, SimulatedCluster cluster) {
    switch (gap) {
      case AT_ONCE -> {}
      case SOON -> cluster.run(SOON_MILLIS);
      case QUIET -> cluster.settle(QUIET_MILLIS, QUIET_MILLIS_MAX);
    }
  }

  private static void act(Act act, int names, SimulatedCluster cluster, SimulatedUser user) {
    SimulatedNode node = cluster.node(act.node());
    RelativePath path = name(names, act.name());
    switch (act.kind()) {
      case WRITE -> user.write(node, path, user.text(node));
      case REWRITE ->
          node.disk
              .find(path)
              .filter(there -> there.type() == EntryType.FILE)
              .ifPresent(there -> user.writeInPlace(node, path, user.text(node)));
      case DELETE -> user.delete(node, path);
      case MAKE -> user.makeDirectory(node, path);
      case LINK -> user.link(node, path, user.text(node));
      case MODE -> user.changeMode(node, path, 0640);
      case TOUCH -> user.touch(node, path);
      case RENAME -> user.rename(node, path, name(names, 1 - act.name()));
      case KILL -> {
        if (node.isUp()) {
          new Crashes(cluster, user, new Lineage()).kill(node);
        } else {
          cluster.start(node);
        }
      }
    }
  }
}
