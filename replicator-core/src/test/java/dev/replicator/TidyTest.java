package dev.replicator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of size and naming, for the sources of all modules. */
class TidyTest {
  private static final int FILE_LINES_MAX = 500;
  private static final int COLUMNS_MAX = 100;
  private static final int METHOD_LINES_MAX = 70;
  private static final Pattern FLAKY =
      Pattern.compile("@Disabled\\b|\\bThread\\s*\\.\\s*sleep\\b|\\bcurrentTimeMillis\\b");
  private static final Pattern EMPTY_WORD =
      Pattern.compile("/(utils?|commons?|impl|managers?|helpers?)/");
  private static final Path TOP = top();

  @Test
  void sourcesKeepTheRules() throws IOException {
    List<JavaSource> sources = sources();
    assertTrue(sources.size() > 1, "no sources below " + TOP);
    List<String> findings = new ArrayList<>(sources.stream().flatMap(this::findings).toList());
    findings.addAll(packagesWithoutInfo(sources));
    if (!findings.isEmpty()) {
      fail("rules broken:\n" + String.join("\n", findings));
    }
  }

  @Test
  void findsAFileThatIsTooLong() {
    assertEquals(
        List.of("m/src/main/java/a/A.java:501: file over 500 lines"),
        findingsIn("m/src/main/java/a/A.java", "\n".repeat(501)));
  }

  @Test
  void findsALineThatIsTooLongUnlessItIsAnImport() {
    String source = "import " + "a".repeat(100) + ";\nint " + "é".repeat(96) + ";\n";
    assertEquals(
        List.of("m/src/main/java/a/A.java:2: line over 100 columns"),
        findingsIn("m/src/main/java/a/A.java", source));
  }

  @Test
  void findsAMethodThatIsTooLongAndCountsNoBraceOfATextOrComment() {
    String source =
        """
        record A(int a) {
          A {
            check("{", '{'); // {
          }
          void kept() {%s}
          class Inner {
            int tooLong(int record) throws B {%s}
          }
        }
        """
            .formatted("\n".repeat(69), "\n".repeat(70));
    assertEquals(
        List.of("m/src/main/java/a/A.java:76: method over 70 lines"),
        findingsIn("m/src/main/java/a/A.java", source));
  }

  @Test
  void findsTestsThatWaitOrAreSwitchedOff() {
    String source =
        """
        // Thread.sleep
        @Disabled class A { String a = "currentTimeMillis";
          long b = System.currentTimeMillis();
          void c() { Thread.sleep(1); } }
        """;
    assertEquals(
        List.of(
            "m/src/test/java/a/A.java:2: @Disabled in a test",
            "m/src/test/java/a/A.java:3: currentTimeMillis in a test",
            "m/src/test/java/a/A.java:4: Thread.sleep in a test"),
        findingsIn("m/src/test/java/a/A.java", source));
    assertEquals(List.of(), findingsIn("m/src/main/java/a/A.java", source));
  }

  @Test
  void findsAPackageWithAnEmptyName() {
    assertEquals(
        List.of("m/src/main/java/a/util/b/A.java:1: package named util"),
        findingsIn("m/src/main/java/a/util/b/A.java", ""));
  }

  @Test
  void findsAPackageWithoutInfo() {
    assertEquals(
        List.of("m/src/test/java/b:1: package-info.java is missing"),
        packagesWithoutInfo(
            Stream.of(
                    "m/src/main/java/a/A.java",
                    "m/src/main/java/a/package-info.java",
                    "m/src/test/java/a/ATest.java",
                    "m/src/test/java/b/BTest.java")
                .map(name -> JavaSource.of(name, ""))
                .toList()));
  }

  private List<String> findingsIn(String name, String text) {
    return findings(JavaSource.of(name, text)).toList();
  }

  private Stream<String> findings(JavaSource source) {
    List<String> findings = new ArrayList<>();
    List<String> lines = source.lines();
    if (lines.size() > FILE_LINES_MAX) {
      findings.add(finding(source, lines.size(), "file over " + FILE_LINES_MAX + " lines"));
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.codePointCount(0, line.length()) > COLUMNS_MAX && !line.startsWith("import ")) {
        findings.add(finding(source, i + 1, "line over " + COLUMNS_MAX + " columns"));
      }
    }
    source.bodies().stream()
        .filter(body -> body.lines() > METHOD_LINES_MAX)
        .map(
            body -> finding(source, body.firstLine(), "method over " + METHOD_LINES_MAX + " lines"))
        .forEach(findings::add);
    if (source.name().contains("/src/test/")) {
      source.found(FLAKY).stream()
          .map(found -> finding(source, found.line(), found.text() + " in a test"))
          .forEach(findings::add);
    }
    EMPTY_WORD
        .matcher(source.name())
        .results()
        .map(match -> finding(source, 1, "package named " + match.group(1)))
        .forEach(findings::add);
    return findings.stream();
  }

  private static String finding(JavaSource source, int line, String rule) {
    return source.name() + ":" + line + ": " + rule;
  }

  /** A package has its info in the main or the test sources of its module. */
  private static List<String> packagesWithoutInfo(List<JavaSource> sources) {
    var folders = new TreeSet<String>();
    var withInfo = new TreeSet<String>();
    for (JavaSource source : sources) {
      String folder = source.name().substring(0, source.name().lastIndexOf('/'));
      folders.add(folder);
      if (source.name().endsWith("/package-info.java")) {
        withInfo.add(folder.replaceFirst("/src/(main|test)/", "/src/"));
      }
    }
    return folders.stream()
        .filter(folder -> !withInfo.contains(folder.replaceFirst("/src/(main|test)/", "/src/")))
        .map(folder -> folder + ":1: package-info.java is missing")
        .toList();
  }

  private static List<JavaSource> sources() throws IOException {
    List<JavaSource> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(TOP)) {
      for (Path src : modules.map(module -> module.resolve("src")).sorted().toList()) {
        if (Files.isDirectory(src)) {
          addSources(src, sources);
        }
      }
    }
    return sources;
  }

  private static void addSources(Path src, List<JavaSource> sources) throws IOException {
    try (Stream<Path> files = Files.walk(src)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        sources.add(JavaSource.of(TOP.relativize(file).toString(), Files.readString(file)));
      }
    }
  }

  /** The tests run in a module or, from some editors, at the top. */
  private static Path top() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("replicator-core")) ? here : here.resolve("..").normalize();
  }
}
