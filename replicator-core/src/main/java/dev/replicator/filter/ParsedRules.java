package dev.replicator.filter;

import java.util.List;

/** What became of the text of rules. */
public sealed interface ParsedRules {
  /**
   * Every rule can be used.
   *
   * @param warnings sentences about rules that may not mean what was intended
   */
  record Usable(FilterRules rules, List<String> warnings) implements ParsedRules {
    public Usable {
      warnings = List.copyOf(warnings);
    }
  }

  /** All errors, in the order of the rules. */
  record Unusable(List<RuleError> errors) implements ParsedRules {
    public Unusable {
      errors = List.copyOf(errors);
    }
  }
}
