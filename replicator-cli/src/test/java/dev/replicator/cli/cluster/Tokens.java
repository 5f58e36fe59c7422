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
   * What is wrong when everything is quiet.
   *
   * @param showing tokens in the trees, by their paths
   * @param kept tokens that are kept elsewhere: versions in conflict and what was replaced
   * @param fixed names below these directories never move, so what was replaced stays gone there
   */
  synchronized List<String> violations(
      TreeMap<String, String> showing, Set<String> kept, Set<String> fixed) {
    Set<String> shown = new TreeSet<>(showing.values());
    List<String> violations = new ArrayList<>();
    paths.forEach((token, path) -> {
      if (!dominated.contains(token) && !shown.contains(token) && !kept.contains(token)) {
        violations.add("lost: " + token + " of " + path);
      }
    });
    showing.forEach((path, token) -> {
      if (!paths.containsKey(token)) {
        violations.add("of nobody: " + token + " at " + path);
      }
      String directory = path.substring(0, Math.max(0, path.indexOf('/')));
      if (dominated.contains(token) && fixed.contains(directory)) {
        violations.add("came back: " + token + " at " + path);
      }
    });
    return violations;
  }
}
