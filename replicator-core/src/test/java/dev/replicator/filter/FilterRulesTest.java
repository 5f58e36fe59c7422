package dev.replicator.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilterRulesTest {
  @ParameterizedTest(name = "{0} covers {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a            | a
          /a            | a/
          /a            | a/b/c
          /a/           | a/
          /a/           | a/b
          a             | x/y/a
          a             | x/a/b
          a/            | x/a/b
          a/b           | x/a/b
          *.log         | x/y.log
          *.log         | .log
          /*.log        | y.log
          /a*c          | abbc
          /a*c          | ac
          /a?c          | abc
          /**/b         | b
          /**/b         | a/b
          /**/b         | x/y/b/z
          **/b          | x/b
          /a/**/b       | a/b
          /a/**/b       | a/x/y/b
          /a/**/**/b    | a/b
          /a/**         | a/b
          /a/**         | a/b/c
          /a/**/        | a/b/
          /**           | a
          /a/*/b        | a/x/b
          /{a,b/c}/d    | b/c/d
          /x{,y}        | x
          /x{,y}        | xy
          /{a{b,c},d}   | ac
          /{a}          | a
          /{a*,b}*/c    | axx/c
          /{*,a}*       | b
          /a,b          | a,b
          /a\\*b        | a*b
          /a\\ b        | a b
          /\\x41        | A
          /\\[x\\]      | [x]
          /*a*b*        | xxaxxbxx
          /a*/**/*b     | axx/b
          /ä            | ä
          /??           | ä
          """)
  void covers(String pattern, String path) {
    assertFalse(Rules.replicates(Rules.of("local " + pattern.replace("\\\\", "\\")), path));
  }

  @ParameterizedTest(name = "{0} does not cover {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a            | b
          /a            | x/a
          /a            | ab
          /a            | aa
          /a/           | a
          a/            | x/a
          a/b           | a/x/b
          /*.log        | x/y.log
          /a*c          | ab/c
          /a?c          | ac
          /a?c          | a/c
          /a?c          | abbc
          /**/b         | ab
          /**/b         | a/xb
          /a/**/b       | a/xb
          /a/**/b       | ab
          /a/**/b       | a/b2
          /a/**         | a
          /a/**         | a/
          /a/**/        | a/b
          /a/*/b        | a/b
          /a/*/b        | a/x/y/b
          /{a,b/c}/d    | b/d
          /a\\*b        | axb
          /\\x41        | a
          /ä            | a
          /?            | ä
          /a/           | a.b
          """)
  void doesNotCover(String pattern, String path) {
    assertTrue(Rules.replicates(Rules.of("local " + pattern.replace("\\\\", "\\")), path));
  }

  @Test
  void lastRuleThatCoversAPathDecides() {
    FilterRules rules =
        Rules.of("local /a/", "replicate /a/b/", "refuse /a/b/c/ because", "replicate /a/b/c/d");

    assertInstanceOf(Verdict.Local.class, Rules.decide(rules, "a/"));
    assertInstanceOf(Verdict.Local.class, Rules.decide(rules, "a/x"));
    assertInstanceOf(Verdict.Replicate.class, Rules.decide(rules, "a/b/"));
    assertInstanceOf(Verdict.Replicate.class, Rules.decide(rules, "a/b/x"));
    Verdict.Refuse refusal = assertInstanceOf(Verdict.Refuse.class, Rules.decide(rules, "a/b/c/x"));
    assertEquals("because", refusal.reason());
    assertEquals("/a/b/c/", refusal.rule().pattern());
    assertEquals(3, refusal.rule().position());
    assertInstanceOf(Verdict.Replicate.class, Rules.decide(rules, "a/b/c/d/e"));
  }

  @Test
  void rulesCanNameWhatIsWantedInsteadOfWhatIsNot() {
    FilterRules rules = Rules.of("local /**", "replicate /uploads/");

    assertTrue(Rules.replicates(rules, "uploads/x"));
    assertFalse(Rules.replicates(rules, "plugins/x"));
    assertFalse(rules.mayReplicateBelow(RelativePath.of("plugins")));
    assertTrue(rules.mayReplicateBelow(RelativePath.of("uploads")));
  }

  @Test
  void rootItselfIsAlwaysReplicated() {
    FilterRules rules = Rules.of("local /**", "local *");

    assertEquals(Verdict.REPLICATE, rules.decide(RelativePath.ROOT, true));
    assertTrue(rules.mayReplicateBelow(RelativePath.ROOT));
  }

  @Test
  void ownDirectoryIsLocalWhateverTheRulesSay() {
    FilterRules rules = Rules.of("replicate /.replicator/", "replicate /**");

    assertInstanceOf(Verdict.Local.class, Rules.decide(rules, ".replicator/"));
    assertInstanceOf(Verdict.Local.class, Rules.decide(rules, ".replicator/vault/x"));
    assertInstanceOf(Verdict.Local.class, Rules.decide(FilterRules.none(), ".replicator/vault/x"));
    assertFalse(rules.mayReplicateBelow(RelativePath.of(".replicator")));
    assertTrue(Rules.replicates(rules, "uploads/.replicator/x"));
  }

  @Test
  void matchesBytesThatAreNotUtf8() {
    FilterRules rules = Rules.of("local /\\xff?*.jpg", "local /\\xe4/");

    assertFalse(rules.decide(Rules.raw("\u00ff\u00fe.jpg"), false) instanceof Verdict.Replicate);
    assertFalse(
        rules.decide(Rules.raw("\u00ff\u0080\u0081.jpg"), false) instanceof Verdict.Replicate);
    assertTrue(rules.decide(Rules.raw("\u00ff.jpg"), false) instanceof Verdict.Replicate);
    assertFalse(rules.decide(Rules.raw("\u00e4/x"), false) instanceof Verdict.Replicate);
    assertTrue(rules.decide(RelativePath.of("ä/x"), false) instanceof Verdict.Replicate);
  }

  @Test
  void directoryMayHoldWhatALaterRuleTakesBack() {
    FilterRules rules =
        Rules.of("local /a/", "replicate /a/*/keep/**/x", "local /b/", "replicate /c/");

    assertTrue(rules.mayReplicateBelow(RelativePath.of("a")));
    assertTrue(rules.mayReplicateBelow(RelativePath.of("a/q")));
    assertTrue(rules.mayReplicateBelow(RelativePath.of("a/q/keep")));
    assertTrue(rules.mayReplicateBelow(RelativePath.of("a/q/keep/deep")));
    assertFalse(rules.mayReplicateBelow(RelativePath.of("a/q/drop")));
    assertFalse(rules.mayReplicateBelow(RelativePath.of("b")));
    assertTrue(rules.mayReplicateBelow(RelativePath.of("c")));
    assertTrue(rules.mayReplicateBelow(RelativePath.of("d")));
  }

  @Test
  void directoryIsNotListedForTheSakeOfAnEarlierRule() {
    FilterRules rules = Rules.of("replicate **/x", "local /a/");

    assertFalse(rules.mayReplicateBelow(RelativePath.of("a")));
  }

  @Test
  void collectsAllErrorsWithTheirPlaces() {
    List<RuleError> errors =
        Rules.errors(
            new RuleSource.Text("file", "# comment\n\nlocal /a//b\nexclude /x\nlocal /fine\nlocal"),
            new RuleSource.Patterns("exclude", Action.LOCAL, List.of("/ok", "!x", "/{a")));

    assertEquals(
        List.of(
            "file:3: /a//b: has an empty component",
            "file:4: exclude: a rule begins with replicate, local or refuse",
            "file:6: : names nothing below the root",
            "exclude:2: !x: to take paths back, write an include rule without '!'",
            "exclude:3: /{a: '{' without '}'"),
        errors.stream().map(RuleError::toString).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "//",
        "/a//b",
        "/./a",
        "/../a",
        "..",
        "/a/.",
        "/a**b",
        "/***",
        "/{a",
        "/a}",
        "/[ab]",
        "/a\\",
        "/a\\n",
        "/\\x4",
        "/\\xzz",
        "/\\x00",
        "/\\x2f",
        "/a\\/b",
        "/{a,/b}",
        "/{a,}/{,b}",
        "/\u0000"
      })
  void refusesPatternsThatMeanNothing(String pattern) {
    assertEquals(
        1, Rules.errors(new RuleSource.Patterns("p", Action.LOCAL, List.of(pattern))).size());
  }

  @Test
  void limitsLengthAlternativesStatesAndNumber() {
    String component = "x".repeat(200) + "/";
    String longPattern = "/" + component.repeat(20) + "x";
    assertTrue(firstError("/" + "x".repeat(Limits.FILTER_PATTERN_BYTES_MAX)).contains("longer"));
    assertTrue(firstError("/" + "{a,b}".repeat(9)).contains("alternatives"));
    assertTrue(firstError("/" + "{a,b}".repeat(800)).contains("alternatives"));
    assertTrue(
        firstError(Collections.nCopies(17, longPattern).toArray(new String[0]))
            .contains("together"));
    assertTrue(
        firstError(Collections.nCopies(Limits.FILTER_RULES_MAX, "/a").toArray(new String[0]))
            .contains("rules"));
  }

  private static String firstError(String... patterns) {
    return Rules.errors(new RuleSource.Patterns("p", Action.LOCAL, List.of(patterns)))
        .getFirst()
        .reason();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache/", "upgrade", "tmp/cache/", "{cache,temp}/", "my-*/"})
  void warnsOfDirectoryPatternsThatAlsoMatchBelowPlugins(String pattern) {
    List<String> warnings =
        Rules.usable(new RuleSource.Patterns("exclude", Action.LOCAL, List.of(pattern))).warnings();

    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().startsWith("exclude:1: " + pattern), warnings.getFirst());
    assertTrue(warnings.getFirst().contains(" /" + pattern + " "), warnings.getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/cache/", "**/cache/", "/**/cache/", "*.log", ".DS_Store", "sess_*"})
  void doesNotWarnOfPatternsThatSayWhereOrNameFiles(String pattern) {
    assertEquals(
        List.of(),
        Rules.usable(new RuleSource.Patterns("exclude", Action.LOCAL, List.of(pattern)))
            .warnings());
  }

  @Test
  void doesNotWarnOfWhatIsTakenBack() {
    assertEquals(List.of(), Rules.usable(new RuleSource.Text("t", "replicate cache/")).warnings());
  }

  @Test
  void fingerprintTellsRulesApartAndNotHowTheyAreWritten() {
    FilterRules rules = Rules.of("local /a\\x20b/", "replicate /c");

    assertEquals(
        rules.fingerprint(),
        Rules.of("# why", "local  /a\\ b/  some reason", "", "replicate /\\x63").fingerprint());
    assertEquals(
        rules.fingerprint(),
        Rules.usable(
                new RuleSource.Patterns("exclude", Action.LOCAL, List.of("/a b/")),
                new RuleSource.Patterns("include", Action.REPLICATE, List.of("/c")))
            .rules()
            .fingerprint());
    assertNotEquals(rules.fingerprint(), Rules.of("replicate /c", "local /a\\x20b/").fingerprint());
    assertNotEquals(
        rules.fingerprint(), Rules.of("refuse /a\\x20b/", "replicate /c").fingerprint());
    assertNotEquals(rules.fingerprint(), FilterRules.none().fingerprint());
    assertNotEquals(Rules.of("local /\\*").fingerprint(), Rules.of("local /*").fingerprint());
  }

  /** Found by fuzzing: the blank was cut off, and its backslash then stood before nothing. */
  @Test
  void takesAnEscapedBlankAtTheEndOfALine() {
    FilterRules rules = Rules.of("local /a\\ ", "local /b\\ \t", "local /c   ");

    assertFalse(Rules.replicates(rules, "a "));
    assertTrue(Rules.replicates(rules, "a"));
    assertFalse(Rules.replicates(rules, "b "));
    assertFalse(Rules.replicates(rules, "c"));
  }
}
