package dev.replicator.bench;

import java.util.ArrayList;
import java.util.List;

/** Words of a command line, taken out one by one until none is left. */
public final class Arguments {
  private final List<String> words;

  public Arguments(List<String> words) {
    this.words = new ArrayList<>(words);
  }

  public String text(String option, String otherwise) {
    int at = words.indexOf(option);
    if (at < 0) {
      return otherwise;
    }
    if (at + 1 == words.size()) {
      throw new UsageException(option + " needs a value");
    }
    words.remove(at);
    return words.remove(at);
  }

  /** What stands after each {@code option}, up to the next one; commas part words as well. */
  public List<String> list(String option) {
    List<String> found = new ArrayList<>();
    int at = words.indexOf(option);
    while (at >= 0) {
      words.remove(at);
      int before = found.size();
      while (at < words.size() && !words.get(at).startsWith("-")) {
        found.addAll(List.of(words.remove(at).split(",")));
      }
      if (found.size() == before) {
        throw new UsageException(option + " needs a value");
      }
      at = words.indexOf(option);
    }
    return found;
  }

  /** A number above 0. */
  public long number(String option, long otherwise) {
    long number = count(option, otherwise);
    if (number == 0) {
      throw new UsageException(option + " needs a number above 0");
    }
    return number;
  }

  /** A number, 0 included. */
  public long count(String option, long otherwise) {
    String text = text(option, Long.toString(otherwise));
    try {
      long count = Long.parseLong(text);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new UsageException(option + " needs a number, not " + text);
  }

  public boolean flag(String option) {
    return words.remove(option);
  }

  String operand(String name) {
    if (words.isEmpty()) {
      throw new UsageException(name + " is missing");
    }
    return words.removeFirst();
  }

  String operand(String name, String otherwise) {
    return words.isEmpty() ? otherwise : operand(name);
  }

  public void end() {
    if (!words.isEmpty()) {
      throw new UsageException("unknown: " + String.join(" ", words));
    }
  }
}
