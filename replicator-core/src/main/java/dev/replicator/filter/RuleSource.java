package dev.replicator.filter;

import java.util.List;

/** Where rules come from. */
public sealed interface RuleSource {
  String origin();

  /**
   * Lines of an action, white space, a pattern and, after more white space, a reason. Empty lines
   * and those that begin with '#' say nothing. White space within a pattern is written with a
   * backslash before it.
   */
  record Text(String origin, String text) implements RuleSource {}

  /** Patterns of one action, as in the lists of the configuration; white space is part of them. */
  record Patterns(String origin, Action action, List<String> patterns) implements RuleSource {
    public Patterns {
      patterns = List.copyOf(patterns);
    }
  }
}
