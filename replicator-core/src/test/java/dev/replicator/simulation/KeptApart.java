package dev.replicator.simulation;

import dev.replicator.model.RelativePath;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the rules of a node leave out is its own users': the engine neither puts nor changes it. */
final class KeptApart {
  private KeptApart() {}

  /** Does something to the disk of {@code node} in the name of its daemon. */
  static <T> T by(SimulatedNode node, Supplier<T> change) {
    if (!node.rules.leavesOut()) {
      return change.get();
    }
    TreeMap<RelativePath, Thing> before = leftOut(node);
    T outcome = change.get();
    TreeMap<RelativePath, Thing> after = leftOut(node);
    if (!after.equals(before)) {
      throw new AssertionError(
          "rules of " + node + " leave out " + before + ", of which is there now " + after);
    }
    return outcome;
  }

  /** A name that came or went elsewhere changes the ctime, and the count of names. */
  private static TreeMap<RelativePath, Thing> leftOut(SimulatedNode node) {
    TreeMap<RelativePath, Thing> left = new TreeMap<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          if (!node.rules.replicates(path, thing.type())) {
            left.put(path, thing.withLinks(1, 0));
          }
        });
    return left;
  }
}
