package dev.replicator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One Java file as text, and again as {@code code}: the same text with every comment, string and
 * character literal blanked, so that a search in it finds only what is compiled.
 */
record JavaSource(String name, String text, String code) {
  private static final Pattern NOT_CODE =
      Pattern.compile(
          String.join(
              "|",
              "\"\"\".*?(?<!\\\\)\"\"\"",
              "\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+)*+\"",
              "'(?:[^'\\\\\\n]|\\\\[^\\n]+?)'",
              "//[^\\n]*",
              "/\\*.*?\\*/"),
          Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile("\\b(class|interface|enum|record)\\s+\\w|\\bnew\\b[^{]*\\)\\s*$");

  /** A body that stands directly in a type: of a method, a constructor or an initialiser. */
  record Body(int firstLine, int lines) {}

  record Found(int line, String text) {}

  private record Brace(boolean opensType, boolean opensBody, int line) {}

  static JavaSource of(String name, String text) {
    String code = NOT_CODE.matcher(text).replaceAll(m -> m.group().replaceAll("[^\\n]", " "));
    return new JavaSource(name, text, code);
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /** What of the code matches {@code pattern}, and where. */
  List<Found> found(Pattern pattern) {
    return pattern
        .matcher(code)
        .results()
        .map(match -> new Found(lineAt(match.start()), match.group()))
        .toList();
  }

  /** A brace belongs to what stands between it and the last brace or semicolon before it. */
  List<Body> bodies() {
    List<Body> bodies = new ArrayList<>();
    Deque<Brace> open = new ArrayDeque<>();
    int headerStart = 0;
    int line = 1;
    for (int i = 0; i < code.length(); i++) {
      switch (code.charAt(i)) {
        case '{' -> {
          boolean type = TYPE.matcher(code.substring(headerStart, i)).find();
          Brace parent = open.peek();
          open.push(new Brace(type, !type && parent != null && parent.opensType, line));
          headerStart = i + 1;
        }
        case '}' -> {
          Brace brace = open.pop();
          if (brace.opensBody) {
            bodies.add(new Body(brace.line, line - brace.line + 1));
          }
          headerStart = i + 1;
        }
        case '\n' -> line++;
        case ';' -> headerStart = i + 1;
        default -> {}
      }
    }
    return bodies;
  }

  private int lineAt(int offset) {
    return 1 + (int) code.substring(0, offset).chars().filter(c -> c == '\n').count();
  }
}
