package dev.replicator.filter;

import dev.replicator.model.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects rules, errors and warnings from all sources. */
final class RuleParser {
  private final List<Rule> rules = new ArrayList<>();
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<RuleError> errors = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  void add(RuleSource source) {
    switch (source) {
      case RuleSource.Text(String origin, String text) -> {
        for (RuleText.Line line : RuleText.lines(text)) {
          addLine(origin, line);
        }
      }
      case RuleSource.Patterns(String origin, Action action, List<String> texts) -> {
        for (int index = 0; index < texts.size(); index++) {
          addRule(new Rule(origin, index + 1, action, texts.get(index), ""));
        }
      }
    }
  }

  private void addLine(String origin, RuleText.Line line) {
    Optional<Action> action = Action.ofWord(line.actionWord());
    if (action.isEmpty()) {
      String reason = "a rule begins with replicate, local or refuse";
      errors.add(new RuleError(origin, line.position(), line.actionWord(), reason));
      return;
    }
    addRule(new Rule(origin, line.position(), action.get(), line.pattern(), line.reason()));
  }

  void addRule(Rule rule) {
    try {
      if (rules.size() == Limits.FILTER_RULES_MAX) {
        throw new PatternException("more than " + Limits.FILTER_RULES_MAX + " rules");
      }
      if (rule.pattern().startsWith("!")) {
        throw new PatternException("to take paths back, write an include rule without '!'");
      }
      Pattern pattern = Pattern.parse(rule.pattern());
      rules.add(rule);
      patterns.add(pattern);
      warnOfBareName(rule, pattern);
    } catch (PatternException unusable) {
      addError(rule, unusable);
    }
  }

  private void addError(Rule rule, PatternException unusable) {
    errors.add(
        new RuleError(
            rule.origin(), rule.position(), rule.pattern(), String.valueOf(unusable.getMessage())));
  }

  /** "cache/" also takes the source code in plugins/tutor-pro/cache/ from the other nodes. */
  private void warnOfBareName(Rule rule, Pattern pattern) {
    boolean bare = !pattern.anchored() && (pattern.directoryOnly() || pattern.endsInPlainName());
    if (bare && rule.action() != Action.REPLICATE) {
      warnings.add(
          "%s:%d: %s also matches below plugins/ and themes/, where code may be called so;"
                  .formatted(rule.origin(), rule.position(), rule.pattern())
              + " write /%s for the one at the top, or /**/%s for all"
                  .formatted(rule.pattern(), rule.pattern()));
    }
  }

  ParsedRules parsed() {
    if (errors.isEmpty()) {
      try {
        return new ParsedRules.Usable(
            new FilterRules(rules, patterns, Automaton.of(patterns)), warnings);
      } catch (PatternException unusable) {
        addError(rules.getLast(), unusable);
      }
    }
    return new ParsedRules.Unusable(errors);
  }
}
