package dev.replicator.filter;

import java.util.ArrayList;
import java.util.List;

/** Splits the text of rules into lines and lines into their parts. */
final class RuleText {
  private RuleText() {}

  /** One line; {@code actionWord} is not yet known to be an action. */
  record Line(int position, String actionWord, String pattern, String reason) {}

  static List<Line> lines(String text) {
    List<Line> lines = new ArrayList<>();
    int position = 0;
    for (String line : text.lines().toList()) {
      position++;
      // Not at its end: white space there may be the last, escaped character of a pattern.
      String content = line.stripLeading();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      int wordEnd = endOfPart(content, 0);
      String rest = content.substring(wordEnd).stripLeading();
      int patternEnd = endOfPart(rest, 0);
      lines.add(
          new Line(
              position,
              content.substring(0, wordEnd),
              rest.substring(0, patternEnd),
              rest.substring(patternEnd).strip()));
    }
    return lines;
  }

  private static int endOfPart(String text, int start) {
    int index = start;
    while (index < text.length() && !Character.isWhitespace(text.charAt(index))) {
      index += text.charAt(index) == '\\' ? 2 : 1;
    }
    return Math.min(index, text.length());
  }
}
