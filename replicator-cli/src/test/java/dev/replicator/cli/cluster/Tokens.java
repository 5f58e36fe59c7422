package dev.replicator.cli.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which write went over which, by what its writer took away or read, kept apart from what the
 * product remembers. Used by several threads.
 */
final class Tokens {
  private final TreeMap<String, String> paths = new TreeMap<>();
  private final TreeSet<String> dominated = new TreeSet<>();

  synchronized void wrote(String path, String token) {
    paths.put(token, path);
  }

  /** Somebody who had {@code token} before him wrote over it, or deleted it. */
  synchronized void over(String token) {
    dominated.add(token);
  }

  synchronized int count() {
    return paths.size();
  }

  synchronized int dominatedCount() {
    return dominated.size();
  }

  /**
   * What is wrong when everything is quiet. A write that nobody went over shows, or every node
   * lists it and has its content: a copy in a vault alone is one that the engine put away unasked.
   *
   * @param showing tokens in the trees, by their paths
   * @param nodes what each of them keeps elsewhere
   * @param fixed names below these directories never move, so what was replaced stays gone there
   */
  synchronized List<String> violations(
      TreeMap<String, String> showing, List<Kept> nodes, Set<String> fixed) {
    Set<String> shown = new TreeSet<>(showing.values());
    List<String> violations = new ArrayList<>();
    paths.forEach((token, path) -> {
      if (!dominated.contains(token) && !shown.contains(token)) {
        violations.addAll(hidden(token, path, nodes, isFixed(path, fixed)));
      }
    });
    showing.forEach((path, token) -> {
      if (!paths.containsKey(token)) {
        violations.add("of nobody: " + token + " at " + path);
      }
      if (dominated.contains(token) && isFixed(path, fixed)) {
        violations.add("came back: " + token + " at " + path);
      }
    });
    return violations;
  }

  private static boolean isFixed(String path, Set<String> fixed) {
    return fixed.contains(path.substring(0, Math.max(0, path.indexOf('/'))));
  }

  private static List<String> hidden(String token, String path, List<Kept> nodes, boolean isFixed) {
    String what = token + " of " + path;
    if (nodes.stream().noneMatch(node -> node.holds(token))) {
      return List.of("lost: " + what);
    }
    List<String> violations = new ArrayList<>();
    for (Kept node : nodes) {
      if (!node.holds(token)) {
        violations.add("not on " + node.node() + ": " + what);
      } else if (node.listing(path, token, isFixed).isEmpty()) {
        violations.add("overwritten silently, in the vault of " + node.node() + ": " + what);
      }
    }
    return violations;
  }
}
