package dev.replicator.filter;

import dev.replicator.model.Digest;
import dev.replicator.model.InvariantViolation;
import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules that say which paths of a root are replicated. Immutable, for use by any thread.
 *
 * <p>A rule covers what its pattern matches and, when that is a directory, everything below. Of the
 * rules that cover a path the last one decides; without one the path is replicated. Our own {@code
 * /.replicator/} is local whatever the rules say.
 *
 * <p>Patterns are matched against raw bytes. A leading '/' ties a pattern to the root, any other
 * matches at every depth. '*' stands for any bytes within a name, '?' for one byte, "**" between
 * slashes for any number of directories or, at the end, for everything below, {@code {a,b}} for a
 * or b. A trailing '/' matches directories only. A backslash makes a special character an ordinary
 * one; {@code \xNN} is any byte.
 */
public final class FilterRules {
  private static final Rule OWN_DIRECTORY =
      new Rule("replicator", 1, Action.LOCAL, "/.replicator/", "our own directory");

  private final List<Rule> rules;
  private final Automaton automaton;
  private final Verdict[] verdicts;
  private final Digest fingerprint;

  FilterRules(List<Rule> rules, List<Pattern> patterns, Automaton automaton) {
    this.rules = List.copyOf(rules);
    this.automaton = automaton;
    this.verdicts = rules.stream().map(FilterRules::verdict).toArray(Verdict[]::new);
    this.fingerprint = fingerprint(rules, patterns);
  }

  /** Everything is replicated but our own directory. */
  public static FilterRules none() {
    return switch (parse(List.of())) {
      case ParsedRules.Usable(FilterRules rules, List<String> _) -> rules;
      case ParsedRules.Unusable(List<RuleError> errors) ->
          throw new InvariantViolation("our own rules can be used: " + errors);
    };
  }

  /** Reads the rules of {@code sources}, later ones overruling earlier ones. */
  public static ParsedRules parse(List<RuleSource> sources) {
    RuleParser parser = new RuleParser();
    sources.forEach(parser::add);
    parser.addRule(OWN_DIRECTORY);
    return parser.parsed();
  }

  /** What is to be done with {@code path}, a directory or something else. */
  public Verdict decide(RelativePath path, boolean directory) {
    if (path.isRoot()) {
      return Verdict.REPLICATE;
    }
    return verdict(automaton.walk(path.toArray(), directory).lastRule());
  }

  /**
   * Whether anything below {@code directory} may be replicated. Otherwise there is no need to watch
   * or list it. A directory may be local itself and yet hold what a later rule takes back.
   */
  public boolean mayReplicateBelow(RelativePath directory) {
    if (directory.isRoot()) {
      return true;
    }
    Automaton.Walk walk = automaton.walk(directory.toArray(), true);
    return verdict(walk.lastRule()) instanceof Verdict.Replicate
        || walk.mayCoverBelow(rule -> verdicts[rule] instanceof Verdict.Replicate);
  }

  /** Equal for nodes whose rules decide alike because they are the same rules in the same order. */
  public Digest fingerprint() {
    return fingerprint;
  }

  /** In their order, our own one last. */
  public List<Rule> rules() {
    return rules;
  }

  private Verdict verdict(int rule) {
    return rule < 0 ? Verdict.REPLICATE : verdicts[rule];
  }

  private static Verdict verdict(Rule rule) {
    return switch (rule.action()) {
      case REPLICATE -> Verdict.REPLICATE;
      case LOCAL -> new Verdict.Local(rule);
      case REFUSE -> new Verdict.Refuse(rule, rule.reason());
    };
  }

  private static Digest fingerprint(List<Rule> rules, List<Pattern> patterns) {
    List<String> lines = new ArrayList<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      lines.add(rules.get(rule).action().word() + " " + patterns.get(rule).canonical() + "\n");
    }
    try {
      return Digest.of(
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("", lines).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new InvariantViolation("every Java platform has SHA-256");
    }
  }
}
