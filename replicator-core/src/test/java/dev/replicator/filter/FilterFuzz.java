package dev.replicator.filter;

import dev.replicator.fuzz.Fuzzed;
import dev.replicator.fuzz.Fuzzer;
import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rules are refused with errors, or decide every path, and mean the same when written again. */
public final class FilterFuzz {
  /** Patterns are written out and compiled: more than their text, and bounded all the same. */
  private static final long ALLOCATED_BYTES_MAX = 192L * 1_024 * 1_024;

  private static final List<RelativePath> PATHS =
      List.of(
          RelativePath.of("a"),
          RelativePath.of("wp-content/cache/x.php"),
          RelativePath.of("a/b/c/d/e/f.tmp"),
          RelativePath.of(new byte[] {'x', (byte) 0xff, '/', '\n'}));

  private FilterFuzz() {}

  public static List<byte[]> seeds() {
    return List.of(
        Fuzzer.seed("local /wp-content/cache/ why not\nreplicate /wp-content/cache/keep.php\n"),
        Fuzzer.seed("# comment\n\nrefuse **/*.{tmp,swp,part?} editors' own\n"),
        Fuzzer.seed("local a\\ b\\x0a\\*/**/c{d,{e,f}}g\n"),
        Fuzzer.seed("local **/.git/**\nlocal node_modules/\n"));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    Fuzzed.bounded(ALLOCATED_BYTES_MAX, () -> parse(text));
  }

  private static void parse(String text) {
    switch (FilterRules.parse(List.of(new RuleSource.Text("fuzz", text)))) {
      case ParsedRules.Unusable(List<RuleError> errors) ->
          Fuzzed.holds(!errors.isEmpty(), "refused without an error");
      case ParsedRules.Usable(FilterRules rules, List<String> _) -> {
        for (RelativePath path : PATHS) {
          decide(rules, path);
        }
        Fuzzed.same(rules.fingerprint(), writtenAgain(rules).fingerprint());
      }
    }
  }

  private static void decide(FilterRules rules, RelativePath path) {
    boolean replicated = rules.decide(path, false) instanceof Verdict.Replicate;
    boolean above = path.parent().isRoot() || rules.mayReplicateBelow(path.parent());
    Fuzzed.holds(above || !replicated, "a path is replicated below what holds none: " + path);
  }

  private static FilterRules writtenAgain(FilterRules rules) {
    StringBuilder text = new StringBuilder();
    // The last rule is our own one, which comes by itself.
    for (Rule rule : rules.rules().subList(0, rules.rules().size() - 1)) {
      text.append(rule.action().word()).append(' ').append(rule.pattern()).append('\n');
    }
    return switch (FilterRules.parse(List.of(new RuleSource.Text("again", text.toString())))) {
      case ParsedRules.Usable(FilterRules again, List<String> _) -> again;
      case ParsedRules.Unusable(List<RuleError> errors) ->
          throw new AssertionError("what was taken is refused: " + errors);
    };
  }
}
