package dev.replicator.cli.terminal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How values look to people: aligned, short, and never able to move a terminal's cursor. */
public final class Text {
  private static final long KIBIBYTE = 1_024;
  private static final long SECOND_MILLIS = 1_000;

  private Text() {}

  /** Control characters, and bytes that are not UTF-8, as {@code \xNN}. */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(point -> {
          boolean control = Character.isISOControl(point) || isInvisible(point);
          if (point >= 0xdc00 && point <= 0xdfff) {
            printable.append(String.format("\\x%02x", point & 0xff));
          } else if (control) {
            printable.append(String.format(point > 0xff ? "\\u%04x" : "\\x%02x", point));
          } else {
            printable.appendCodePoint(point);
          }
        });
    return printable.toString();
  }

  private static boolean isInvisible(int point) {
    int type = Character.getType(point);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }

  public static String bytes(long bytes) {
    if (bytes < KIBIBYTE) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= KIBIBYTE && unit < 3) {
      value /= KIBIBYTE;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", value, "KMGT".charAt(unit));
  }

  public static String millis(long millis) {
    return millis < 10 * SECOND_MILLIS
        ? millis + " ms"
        : String.format(Locale.ROOT, "%.1f s", millis / (double) SECOND_MILLIS);
  }

  /** Lines of a table whose columns begin at the same place; the last column is left ragged. */
  public static List<String> table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        if (column == widths.size()) {
          widths.add(0);
        }
        widths.set(column, Math.max(widths.get(column), row.get(column).length()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        line.repeat(' ', widths.get(column) - row.get(column).length() + 2);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /**
   * Parses {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}; a bare number is seconds.
   *
   * @throws IllegalArgumentException that says how it is written
   */
  public static Duration duration(String text) {
    String digits = text.replaceFirst("(ms|s|m|h)$", "");
    String unit = text.substring(digits.length());
    if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Text::isDigit)) {
      throw new IllegalArgumentException(
          "\"" + printable(text) + "\" is no time; write 500ms, 30s, 5m or 1h");
    }
    long number = Long.parseLong(digits);
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofSeconds(number);
    };
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }
}
