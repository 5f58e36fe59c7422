package dev.replicator.filter;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Builds rules and asks them, in few words. */
final class Rules {
  private Rules() {}

  static FilterRules of(String... lines) {
    return usable(new RuleSource.Text("test", String.join("\n", lines))).rules();
  }

  static ParsedRules.Usable usable(RuleSource... sources) {
    ParsedRules parsed = FilterRules.parse(List.of(sources));
    return assertInstanceOf(ParsedRules.Usable.class, parsed, parsed::toString);
  }

  static List<RuleError> errors(RuleSource... sources) {
    return assertInstanceOf(ParsedRules.Unusable.class, FilterRules.parse(List.of(sources)))
        .errors();
  }

  /** Asks for {@code path}, written with a trailing '/' when it is a directory. */
  static Verdict decide(FilterRules rules, String path) {
    boolean directory = path.endsWith("/");
    String bare = directory ? path.substring(0, path.length() - 1) : path;
    return rules.decide(RelativePath.of(bare), directory);
  }

  static boolean replicates(FilterRules rules, String path) {
    return decide(rules, path) instanceof Verdict.Replicate;
  }

  /** The path whose bytes are the characters of {@code text}. */
  static RelativePath raw(String text) {
    return RelativePath.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
