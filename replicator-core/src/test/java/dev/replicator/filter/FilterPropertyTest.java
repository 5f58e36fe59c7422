package dev.replicator.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the automaton against regular expressions, on small alphabets so that much matches. */
final class FilterPropertyTest {
  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** A rule and the regular expression that says the same, over Latin-1 characters for bytes. */
  private record Twin(Action action, String pattern, java.util.regex.Pattern expression) {
    boolean covers(String path, boolean directory) {
      for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
        if (matches(path.substring(0, end), true)) {
          return true;
        }
      }
      return matches(path, directory);
    }

    private boolean matches(String path, boolean directory) {
      return (directory || !pattern.endsWith("/")) && expression.matcher(path).matches();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void decidesAsTheRegularExpressionsDo(long seed) {
    Random random = new Random(seed);
    List<Twin> twins = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (int count = 1 + random.nextInt(30); count > 0; count--) {
      Twin twin = twin(random);
      twins.add(twin);
      lines.add(twin.action().word() + " " + twin.pattern());
    }
    FilterRules rules = Rules.of(lines.toArray(new String[0]));
    for (int count = 0; count < 200; count++) {
      String path = path(random);
      boolean directory = random.nextBoolean();
      Action expected = Action.REPLICATE;
      for (Twin twin : twins) {
        expected = twin.covers(path, directory) ? twin.action() : expected;
      }
      assertEquals(
          expected,
          action(rules.decide(Rules.raw(path), directory)),
          path + (directory ? "/" : "") + " by " + lines);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsReplicatedLiesInDirectoriesThatMayHoldIt(long seed) {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int count = 1 + random.nextInt(12); count > 0; count--) {
      Twin twin = twin(random);
      lines.add(twin.action().word() + " " + twin.pattern());
    }
    FilterRules rules = Rules.of(lines.toArray(new String[0]));
    for (int count = 0; count < 200; count++) {
      RelativePath path = Rules.raw(path(random));
      if (rules.decide(path, random.nextBoolean()) instanceof Verdict.Replicate) {
        for (RelativePath above = path.parent(); !above.isRoot(); above = above.parent()) {
          assertTrue(rules.mayReplicateBelow(above), path + " below " + above + " by " + lines);
        }
      }
    }
  }

  private static Action action(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Replicate _ -> Action.REPLICATE;
      case Verdict.Local _ -> Action.LOCAL;
      case Verdict.Refuse _ -> Action.REFUSE;
    };
  }

  private static Twin twin(Random random) {
    boolean anchored = random.nextBoolean();
    StringBuilder pattern = new StringBuilder(anchored ? "/" : "");
    StringBuilder expression = new StringBuilder(anchored ? "" : "(?:[^/]+/)*");
    int components = 1 + random.nextInt(4);
    for (int index = 0; index < components; index++) {
      boolean last = index == components - 1;
      if (random.nextInt(4) == 0) {
        pattern.append("**");
        expression.append(last ? ".+" : "(?:[^/]+/)*");
      } else {
        component(random, pattern, expression);
        expression.append(last ? "" : "/");
      }
      pattern.append(last ? "" : "/");
    }
    pattern.append(random.nextInt(3) == 0 ? "/" : "");
    return new Twin(
        List.of(Action.values()).get(random.nextInt(3)),
        pattern.toString(),
        java.util.regex.Pattern.compile(expression.toString(), java.util.regex.Pattern.DOTALL));
  }

  private static void component(Random random, StringBuilder pattern, StringBuilder expression) {
    boolean star = false;
    boolean braces = false;
    for (int tokens = 1 + random.nextInt(3); tokens > 0; tokens--) {
      int kind = random.nextInt(6);
      if (kind == 0 && !star) {
        pattern.append('*');
        expression.append("[^/]*");
      } else if (kind == 1) {
        pattern.append('?');
        expression.append("[^/]");
      } else if (kind == 2 && !braces) {
        braces = true;
        pattern.append("{a,b?,\\xff*}");
        expression.append("(?:a|b[^/]|\u00ff[^/]*)");
      } else {
        char letter = (char) ('a' + random.nextInt(3));
        pattern.append(letter);
        expression.append(letter);
      }
      star = pattern.charAt(pattern.length() - 1) == '*';
    }
  }

  private static String path(Random random) {
    StringBuilder path = new StringBuilder();
    for (int components = 1 + random.nextInt(5); components > 0; components--) {
      for (int letters = 1 + random.nextInt(4); letters > 0; letters--) {
        path.append("abc\u00ff".charAt(random.nextInt(4)));
      }
      path.append(components > 1 ? "/" : "");
    }
    return path.toString();
  }

  @Test
  @Timeout(20)
  void nastyPatternsTakeNoLongerThanOthers() {
    String name = "a".repeat(255);
    String deep = (name + "/").repeat(200) + name;
    RelativePath manyLevels = RelativePath.of("a/".repeat(2_000) + "a");
    RelativePath longNames = RelativePath.of(deep.getBytes(StandardCharsets.US_ASCII));
    FilterRules rules =
        Rules.of(
            "local /**/" + "a*".repeat(120) + "b",
            "local " + "**/a/".repeat(500) + "b",
            "local " + "**/*a*/".repeat(300) + "b",
            "local /" + "{a,a*,*a}".repeat(5) + "b",
            "local " + "*?".repeat(120) + "b");

    for (int count = 0; count < 20; count++) {
      assertEquals(Verdict.REPLICATE, rules.decide(manyLevels, true));
      assertEquals(Verdict.REPLICATE, rules.decide(longNames, false));
    }
  }
}
