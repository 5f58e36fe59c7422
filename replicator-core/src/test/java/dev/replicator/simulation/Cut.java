package dev.replicator.simulation;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What of a schedule is run, when not all of it is: the way to a short one that fails.
 *
 * @param kept acts of users as {@code a12}, what befalls the cluster as {@code d12}, by its place,
 *     and knobs by their names
 * @param salt what else is by chance, as how long a message takes, is drawn with it
 */
record Cut(boolean whole, SortedSet<String> kept, long salt) {
  static final Cut NOTHING = new Cut(true, new TreeSet<>(), 0);

  /** All that {@code swarm} has, to be taken from. */
  static List<String> parts(Swarm swarm) {
    List<String> parts = new ArrayList<>();
    swarm.knobs().forEach(knob -> parts.add(knob.name()));
    for (int place = 0; place < swarm.acts(); place++) {
      parts.add("a" + place);
      parts.add("d" + place);
    }
    return parts;
  }

  static Cut to(List<String> kept, long salt) {
    return new Cut(false, new TreeSet<>(kept), salt);
  }

  /** The opposite of {@link #text}. */
  static Cut parse(String text) {
    int slash = text.indexOf('/');
    return to(
        List.of(text.substring(0, slash).split(",")),
        Long.parseLong(text, slash + 1, text.length(), 10));
  }

  String text() {
    return String.join(",", kept) + "/" + salt;
  }

  boolean hasAct(int place) {
    return whole || kept.contains("a" + place);
  }

  boolean hasDisturbance(int place) {
    return whole || kept.contains("d" + place);
  }

  Set<Knob> knobsLeftOut() {
    EnumSet<Knob> left = EnumSet.noneOf(Knob.class);
    for (Knob knob : Knob.values()) {
      if (!whole && !kept.contains(knob.name())) {
        left.add(knob);
      }
    }
    return left;
  }
}
