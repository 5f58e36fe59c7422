package dev.replicator.block;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Cuts the output of a tool into its lines and words. */
final class Lines {
  private Lines() {}

  /** The lines that are not blank, without what ends them. */
  static List<String> of(String text) throws UnreadableException {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (lines.size() == BlockLimits.LINES_MAX) {
        throw new UnreadableException("more than " + BlockLimits.LINES_MAX + " lines");
      }
      if (!line.isBlank()) {
        lines.add(line.stripTrailing());
      }
    }
    return lines;
  }

  /** The words {@code key:value} of a line. A word without a colon has no place in one. */
  static Map<String, String> fields(List<String> words) throws UnreadableException {
    Map<String, String> fields = new TreeMap<>();
    for (String word : words) {
      int colon = word.indexOf(':');
      if (colon < 1 || fields.put(word.substring(0, colon), word.substring(colon + 1)) != null) {
        throw new UnreadableException("no field, or twice: " + word);
      }
    }
    return fields;
  }

  static String need(Map<String, String> fields, String key) throws UnreadableException {
    String value = fields.get(key);
    if (value == null) {
      throw new UnreadableException(key + " is missing in " + fields);
    }
    return value;
  }

  static long number(String text) throws UnreadableException {
    if (!text.matches("[0-9]{1,18}")) {
      throw new UnreadableException("no number: " + text);
    }
    return Long.parseLong(text);
  }
}
