package dev.replicator.simulation;

import dev.replicator.kernel.Answer;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** What must be true of a cluster that is whole again and quiet. */
final class Verdict {
  private static final int PATHS_MAX = 10_000;

  private final SimulatedCluster cluster;
  private final Lineage lineage;
  private final Surplus surplus;
  private final IntPredicate forgets;
  private final Optional<Modes> modes;
  private final List<String> findings = new ArrayList<>();

  /** Paths of which some version is on no disk any more, and whatever is below them. */
  private final TreeSet<RelativePath> unobtainable = new TreeSet<>();

  /** A path that waits at a node since its last try. */
  record Waiting(int node, RelativePath path, Pending pending) {}

  /**
   * @param forgets whether a node lost some of what it knew: nobody else need know what went there
   * @param modes those that users gave, where they are judged
   */
  Verdict(
      SimulatedCluster cluster,
      Lineage lineage,
      Surplus surplus,
      IntPredicate forgets,
      Optional<Modes> modes) {
    this.modes = modes;
    this.cluster = cluster;
    this.lineage = lineage;
    this.surplus = surplus;
    this.forgets = forgets;
  }

  void check() {
    findUnobtainable();
    checkAlarms();
    checkPending();
    checkRecords();
    checkEffective();
    checkDisks();
    checkLineage();
    modes.ifPresent(this::checkModes);
    checkBarriers();
    if (!findings.isEmpty()) {
      throw new AssertionError(String.join("\n  ", findings));
    }
  }

  private static SortedMap<RelativePath, RecordState> records(SimulatedNode node) {
    return node.journal().recordsAfter(RelativePath.ROOT, PATHS_MAX);
  }

  private void findUnobtainable() {
    for (SimulatedNode node : cluster.nodes()) {
      records(node)
          .forEach((path, state) -> {
            if (!isObtainable(cluster, path, state)) {
              unobtainable.add(path);
            }
          });
    }
  }

  /** What waits for contents that are all on some disk; of another try it is another one. */
  static Set<Waiting> waitingForWhatCanBeHad(SimulatedCluster cluster) {
    Set<Waiting> waiting = new HashSet<>();
    for (SimulatedNode node : cluster.nodes()) {
      SortedMap<RelativePath, RecordState> records = records(node);
      node.journal()
          .pendingAfter(RelativePath.ROOT, PATHS_MAX)
          .forEach((path, pending) -> {
            if (pending.problem().kind() == Problem.Kind.CONTENT_MISSING
                && records.containsKey(path)
                && isObtainable(cluster, path, records.get(path))) {
              waiting.add(new Waiting(node.number, path, pending));
            }
          });
    }
    return waiting;
  }

  private static boolean isObtainable(
      SimulatedCluster cluster, RelativePath path, RecordState state) {
    return state.record().contents().elements().stream()
        .allMatch(element ->
            !(element.value() instanceof Entry.File file) || isObtainable(cluster, path, file));
  }

  private static boolean isObtainable(
      SimulatedCluster cluster, RelativePath path, Entry.File file) {
    return cluster.nodes().stream().anyMatch(node -> node.disk.content(path, file).isPresent());
  }

  private boolean isUnobtainable(RelativePath path) {
    return unobtainable.stream().anyMatch(lost -> path.isWithin(lost) || lost.isWithin(path));
  }

  private void checkAlarms() {
    for (SimulatedNode node : cluster.nodes()) {
      node.alarms.stream()
          .filter(text -> text.startsWith("two contents"))
          .forEach(text -> findings.add(node + " alarm: " + text));
    }
  }

  private void checkPending() {
    for (SimulatedNode node : cluster.nodes()) {
      for (Map.Entry<RelativePath, Pending> entry :
          node.journal().pendingAfter(RelativePath.ROOT, PATHS_MAX).entrySet()) {
        if (!isUnobtainable(entry.getKey())) {
          findings.add(node + " pending " + entry.getKey() + " " + entry.getValue().problem());
        }
      }
      if (!node.replica().isIdle() && unobtainable.isEmpty()) {
        findings.add(node + " is not idle");
      }
      if (!node.journal().intents().isEmpty()) {
        findings.add(node + " has open intents");
      }
    }
  }

  private void checkBarriers() {
    for (SimulatedNode node : cluster.nodes()) {
      boolean done =
          node.answers.get(RandomSchedule.BARRIER) instanceof Answer.Barrier barrier
              && barrier.end() == Answer.BarrierEnd.DONE;
      if (!done && unobtainable.isEmpty()) {
        findings.add(node + " waits: " + node.answers.get(RandomSchedule.BARRIER));
      }
    }
  }

  private void checkModes(Modes given) {
    cluster.relocations().forEach(each -> given.tookAlong(each.from(), each.to()));
    for (SimulatedNode node : cluster.nodes()) {
      given.opened(node).forEach(each -> findings.add(node + " opens " + each));
    }
  }

  /** A replica remembers below which paths something shows; here all records are asked. */
  private void checkEffective() {
    for (SimulatedNode node : cluster.nodes()) {
      SortedMap<RelativePath, RecordState> records = records(node);
      TreeSet<RelativePath> above = new TreeSet<>();
      TreeSet<RelativePath> asked = new TreeSet<>(records.keySet());
      for (RelativePath path : records.keySet()) {
        boolean shows = records.get(path).record().visibleEntry().isPresent();
        for (RelativePath at = path; at.depth() > 1; ) {
          at = at.parent();
          asked.add(at);
          if (shows) {
            above.add(at);
          }
        }
      }
      for (RelativePath path : asked) {
        Entry own =
            records.containsKey(path) ? records.get(path).record().visibleEntry() : Entry.ABSENT;
        Entry expected = above.contains(path) ? Entry.DIRECTORY : own;
        Entry told = node.replica().effective(path);
        if (!told.equals(expected)) {
          findings.add(node + " takes " + path + " for " + told + " instead of " + expected);
        }
      }
    }
  }

  private void checkRecords() {
    SimulatedNode first = cluster.node(0);
    TreeMap<RelativePath, Object> expected = shown(first);
    for (SimulatedNode node : cluster.nodes()) {
      TreeMap<RelativePath, Object> told = shown(node);
      if (!told.equals(expected)) {
        findings.add("records differ: " + first + " " + difference(expected, told) + " " + node);
      }
    }
  }

  /** Contents of all records, deletions that some have forgotten apart. */
  private static TreeMap<RelativePath, Object> shown(SimulatedNode node) {
    TreeMap<RelativePath, Object> shown = new TreeMap<>();
    records(node)
        .forEach((path, state) -> {
          boolean present =
              state.record().contents().elements().stream()
                  .anyMatch(element -> element.value().isPresent());
          if (present) {
            shown.put(path, elements(state.record()));
          }
        });
    return shown;
  }

  private static List<Object> elements(Record record) {
    return List.of(record.contents(), record.mtimes(), record.attributes());
  }

  private void checkDisks() {
    TreeMap<RelativePath, Object> expected = targets(cluster.node(0));
    for (SimulatedNode node : cluster.nodes()) {
      TreeMap<RelativePath, Object> there = targets(node);
      if (!there.equals(expected)) {
        findings.add("disks differ: n0 " + difference(expected, there) + " " + node);
      }
      node.disk
          .things()
          .forEach((path, thing) -> {
            Entry shows = node.replica().effective(path);
            if (!shows.equals(thing.entry()) && !isUnobtainable(path)) {
              findings.add(node + " shows " + thing + " at " + path + " instead of " + shows);
            }
          });
      checkKept(node);
    }
  }

  private void checkKept(SimulatedNode node) {
    records(node)
        .forEach((path, state) -> {
          for (Element<Entry> element : state.record().contents().elements()) {
            if (element.value() instanceof Entry.File file
                && !isUnobtainable(path)
                && node.disk.content(path, file).isEmpty()) {
              findings.add(node + " holds no content of " + element.dot() + " of " + path);
            }
          }
        });
  }

  private TreeMap<RelativePath, Object> targets(SimulatedNode node) {
    TreeMap<RelativePath, Object> targets = new TreeMap<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          if (!isUnobtainable(path)) {
            Target target = thing.target();
            targets.put(path, target);
          }
        });
    return targets;
  }

  private static String difference(
      TreeMap<RelativePath, Object> one, TreeMap<RelativePath, Object> other) {
    StringBuilder text = new StringBuilder();
    TreeSet<RelativePath> paths = new TreeSet<>(one.keySet());
    paths.addAll(other.keySet());
    for (RelativePath path : paths) {
      Object here = one.getOrDefault(path, "nothing");
      Object there = other.getOrDefault(path, "nothing");
      if (!here.equals(there)) {
        text.append("\n    ").append(path).append(": ").append(here);
        text.append("\n      against ").append(there);
      }
    }
    return text.toString();
  }

  /** Versions that are elements of a record of {@code node}. */
  static TreeSet<String> recorded(SimulatedNode node, Lineage lineage) {
    TreeMap<String, String> texts = new TreeMap<>();
    for (String version : lineage.versions()) {
      String text = version.substring(version.indexOf(" = ") + 3);
      texts.put(Thing.digest(text).toHex(), text);
    }
    TreeSet<String> recorded = new TreeSet<>();
    records(node)
        .forEach((path, state) -> {
          for (Element<Entry> element : state.record().contents().elements()) {
            if (element.value() instanceof Entry.File file) {
              recorded.add(Lineage.version(path, texts.getOrDefault(file.digest().toHex(), "?")));
            }
          }
        });
    return recorded;
  }

  private void checkLineage() {
    cluster.relocations().forEach(lineage::tookAlong);
    TreeSet<String> standing = recorded(cluster.node(0), lineage);
    TreeSet<String> visible = new TreeSet<>();
    for (String version : lineage.versions()) {
      int end = version.indexOf(" = ");
      if (surplus.has(RelativePath.of(version.substring(0, end)), version.substring(end + 3))) {
        standing.add(version);
      }
    }
    for (String lost : lineage.lost(standing)) {
      findings.add("lost: " + lost);
    }
    cluster
        .node(0)
        .disk
        .things()
        .forEach((path, thing) -> {
          // Whoever waits for what nobody has any more still shows what was there before.
          if (thing.type() == EntryType.FILE && !isUnobtainable(path)) {
            visible.add(Lineage.version(path, thing.text()));
          }
        });
    lineage.resurrected(visible, forgets).forEach(each -> findings.add("came back: " + each));
  }
}
