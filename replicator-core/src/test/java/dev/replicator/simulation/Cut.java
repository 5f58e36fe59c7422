package dev.replicator.simulation;

import java.util.Set;
import java.util.TreeSet;

/**
 * What is left out of a schedule of which the rest is run: the way to a short one that fails.
 *
 * @param acts places of what users do
 * @param disturbances places of what befalls the cluster
 * @param salt what else is by chance, as how long a message takes, is drawn with it
 */
record Cut(Set<Integer> acts, Set<Integer> disturbances, Set<Knob> knobs, long salt) {
  static final Cut NOTHING = new Cut(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), 0);

  boolean hasAct(int place) {
    return acts.contains(place);
  }

  boolean hasDisturbance(int place) {
    return disturbances.contains(place);
  }
}
