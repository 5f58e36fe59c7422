package dev.replicator.simulation;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What users did, kept apart from what the product remembers: which text went over which. A text
 * that nobody overwrote or deleted must be somewhere in the end.
 */
final class Lineage {
  private static final String DELETED = "deleted";

  /** A text at a path, to whatever went over it there. */
  private final TreeMap<String, TreeSet<String>> successors = new TreeMap<>();

  /** Versions whose last act at any node was to go, and the nodes where they went. */
  private final TreeMap<String, TreeSet<Integer>> gone = new TreeMap<>();

  private int acting;

  /** Versions of a node that are nobody else's, and how it is known that they are. */
  private final TreeMap<Integer, TreeSet<String>> own = new TreeMap<>();

  /** What went over others' versions at a node that keeps the path to itself. */
  private final List<Unheeded> unheeded = new ArrayList<>();

  private BiPredicate<Integer, RelativePath> apart = (node, path) -> false;
  private Predicate<String> told = version -> true;

  private final TreeMap<String, Integer> writes = new TreeMap<>();

  /** Written by several: one of them may stand though another is gone. */
  private final TreeSet<String> again = new TreeSet<>();

  private final TreeSet<String> excused = new TreeSet<>();

  /** What a node did where it keeps the path to itself: it is nothing to the others. */
  private record Unheeded(int node, RelativePath path, String before, String after) {}

  static String version(RelativePath path, String text) {
    return path + " = " + text;
  }

  /**
   * From now on, who writes or deletes at a node where it keeps the path to itself does that to
   * what is its own alone.
   *
   * @param isTold whether somebody else may have a version: one of which no journal tells any more
   *     stands on the disk of who goes over it alone
   */
  void keeping(BiPredicate<Integer, RelativePath> isApart, Predicate<String> isTold) {
    apart = isApart;
    told = isTold;
  }

  /** What {@code node} has that no other one ever heard of; forgets what it was before. */
  void owns(int node, Set<String> versions) {
    own.put(node, new TreeSet<>(versions));
  }

  private boolean isOthers(RelativePath path, String version) {
    return apart.test(acting, path)
        && !own.getOrDefault(acting, new TreeSet<>()).contains(version)
        && told.test(version);
  }

  /** Whoever does something next does it at this node. */
  void actsOn(int node) {
    acting = node;
  }

  void wrote(RelativePath path, String text, Optional<String> over) {
    String written = version(path, text);
    successors.computeIfAbsent(written, key -> new TreeSet<>());
    if (isTorn(written)) {
      // Who moves it to where another one lies does not write, and gets the good one back.
      excuse(written);
    }
    gone.remove(written);
    if (writes.merge(written, 1, Integer::sum) > 1) {
      again.add(written);
    }
    if (apart.test(acting, path)) {
      own.computeIfAbsent(acting, key -> new TreeSet<>()).add(written);
    }
    over.map(before -> version(path, before))
        .filter(before -> !before.equals(written))
        .ifPresent(before -> wentOver(path, before, written));
  }

  /** How often somebody wrote this text there. */
  int writes(RelativePath path, String text) {
    return writes.getOrDefault(version(path, text), 0);
  }

  void deleted(RelativePath path, String text) {
    wentOver(path, version(path, text), DELETED);
  }

  private void wentOver(RelativePath path, String before, String after) {
    if (isOthers(path, before)) {
      unheeded.add(new Unheeded(acting, path, before, after));
    } else {
      successor(before, after);
      goes(before);
    }
  }

  /**
   * A node keeps {@code path} to itself no longer, and its daemon never came to leave it out: what
   * went over {@code known} there did so where everybody's stood.
   */
  void heeded(int node, RelativePath path, Entry known) {
    String start = version(path, "");
    unheeded.stream()
        .filter(each -> each.node() == node && each.path().equals(path))
        .filter(each -> Thing.file(each.before().substring(start.length())).equals(known))
        .forEach(each -> successor(each.before(), each.after()));
  }

  /** Only a disk that lost its power leaves an empty file, and may leave one again. */
  private static boolean isTorn(String version) {
    return version.endsWith(" = ");
  }

  private void goes(String version) {
    gone.computeIfAbsent(version, key -> new TreeSet<>()).add(acting);
  }

  /**
   * The only journal that knew what {@code there} was put over, or what was removed, is lost:
   * everybody takes it for a write over {@code before}, which an older one knows.
   */
  void takenForWrite(RelativePath path, Optional<Thing> there, Entry before) {
    if (!there.map(Thing::entry).orElse(Entry.ABSENT).equals(before)) {
      String after =
          there
              .filter(thing -> thing.type() == EntryType.FILE)
              .map(thing -> version(path, thing.text()))
              .orElse(DELETED);
      String start = version(path, "");
      List.copyOf(successors.keySet()).stream()
          .filter(version -> version.startsWith(start))
          .filter(version -> Thing.file(version.substring(start.length())).equals(before))
          .forEach(version -> successor(version, after));
    }
  }

  private void successor(String before, String after) {
    successors.computeIfAbsent(before, key -> new TreeSet<>()).add(after);
  }

  /**
   * A node renamed a directory because a user of another one did: what somebody had just written
   * there is under the other name, and so is what he wrote over. What he had just taken away is
   * gone there, too: nobody can tell on which side of the rename that was.
   */
  void tookAlong(SimulatedCluster.Relocation relocation) {
    RelativePath from = relocation.from();
    RelativePath to = relocation.to();
    relocation.touched().forEach(each -> takenForWrite(each.path(), each.there(), each.before()));
    for (String version : List.copyOf(versions())) {
      for (String moved : moved(version, from, to)) {
        if (versions().contains(moved)) {
          Stream.ofNullable(successors.get(version))
              .flatMap(Set::stream)
              .flatMap(after -> moved(after, from, to).stream())
              .toList()
              .forEach(after -> successor(moved, after));
        }
        successor(version, moved);
      }
    }
  }

  private static List<String> moved(String version, RelativePath from, RelativePath to) {
    int end = version.indexOf(" = ");
    return Stream.of(version)
        .filter(text -> end >= 0)
        .map(text -> RelativePath.of(text.substring(0, end)))
        .filter(path -> path.isWithin(from))
        .flatMap(path -> path.moved(from, to).stream())
        .map(path -> path + version.substring(end))
        .toList();
  }

  /** Nobody can tell which version of {@code path} was replaced: it may stand again. */
  void unclearAt(RelativePath path) {
    versions().stream().filter(text -> text.startsWith(path + " = ")).forEach(again::add);
  }

  /** A user does something to it where nothing is known of it: as good as if he wrote it there. */
  void writtenAgain(String version) {
    again.add(version);
  }

  /** The only copy was lost with unsynced data. */
  void excuse(String version) {
    excused.add(version);
  }

  /** Whether somebody wrote over it or deleted it, anywhere, or it was lost. */
  boolean isOver(String version) {
    return isExcused(version) || !successors.getOrDefault(version, new TreeSet<>()).isEmpty();
  }

  boolean isExcused(String version) {
    return excused.contains(version);
  }

  /** Where any version was written. */
  Set<RelativePath> paths() {
    TreeSet<RelativePath> paths = new TreeSet<>();
    versions().stream()
        .filter(version -> version.contains(" = "))
        .map(version -> RelativePath.of(version.substring(0, version.indexOf(" = "))))
        .forEach(paths::add);
    return paths;
  }

  Set<String> versions() {
    return successors.keySet();
  }

  /** A crash undid what a user did: the version stands again. */
  void stands(String version) {
    gone.remove(version);
  }

  /**
   * Versions that show though somebody who saw them deleted or replaced them, at a node that still
   * knows of it.
   *
   * @param forgets whether a node lost some of what it knew
   */
  List<String> resurrected(Set<String> visible, IntPredicate forgets) {
    return visible.stream()
        .filter(text -> !again.contains(text) && !isTorn(text))
        .filter(text ->
            gone.getOrDefault(text, new TreeSet<>()).stream().anyMatch(it -> !forgets.test(it)))
        .toList();
  }

  /** Versions that neither stand nor lie behind one that does. */
  List<String> lost(Set<String> standing) {
    TreeSet<String> sound = new TreeSet<>(standing);
    sound.add(DELETED);
    sound.addAll(excused);
    boolean grew = true;
    while (grew) {
      grew = false;
      for (var entry : successors.entrySet()) {
        boolean behind = entry.getValue().stream().anyMatch(sound::contains);
        grew |= behind && sound.add(entry.getKey());
      }
    }
    List<String> lost = new ArrayList<>(successors.keySet());
    lost.removeAll(sound);
    return lost;
  }
}
