package dev.replicator.cli.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of a file: typed reads that report what is wrong with file and line. */
final class Section {
  private final Path file;
  private final String title;
  private final int line;
  private final TomlTable table;
  private final Findings findings;
  private final Set<String> known = new LinkedHashSet<>();

  Section(Path file, String title, int line, TomlTable table, Findings findings) {
    this.file = file;
    this.title = title;
    this.line = line;
    this.table = table;
    this.findings = findings;
  }

  Path file() {
    return file;
  }

  int line() {
    return line;
  }

  String where() {
    return file + ":" + line;
  }

  boolean has(String key) {
    return table.contains(List.of(key));
  }

  int lineOf(String key) {
    TomlPosition position = table.inputPositionOf(List.of(key));
    return position == null ? line : position.line();
  }

  void error(String key, String message) {
    findings.error(file, lineOf(key), message);
  }

  void error(String message) {
    findings.error(file, line, message);
  }

  void note(String key, String message) {
    findings.note(file, lineOf(key), message);
  }

  Optional<String> text(String key) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof String text)) {
      error(key, key + " must be a text in quotes");
      return Optional.empty();
    }
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      error(key, key + " must not be empty or hold control characters");
      return Optional.empty();
    }
    return Optional.of(text);
  }

  /** Parses a text; what {@code parser} throws becomes the message. */
  <T> Optional<T> parsed(String key, Function<String, T> parser) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(text.get()));
    } catch (IllegalArgumentException wrong) {
      error(key, key + ": " + wrong.getMessage());
      return Optional.empty();
    }
  }

  Optional<Path> absolutePath(String key) {
    return parsed(key, Section::absolute);
  }

  private static Path absolute(String text) {
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException unmappable) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no path in this locale; run with LC_ALL=C.UTF-8", unmappable);
    }
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("\"" + text + "\" must begin with /");
    }
    return path.normalize();
  }

  /** Whether a key is true; false without it. */
  boolean flag(String key) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    error(key, key + " must be true or false");
    return false;
  }

  /** A whole number; 0 is never a way to switch a limit off. */
  OptionalLong number(String key, long min, long max) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return OptionalLong.empty();
    }
    if (value instanceof Long number && number >= min && number <= max) {
      return OptionalLong.of(number);
    }
    String zero =
        value instanceof Long number && number == 0 ? "; it cannot be switched off by 0" : "";
    error(key, key + " must be a whole number from " + min + " to " + max + zero);
    return OptionalLong.empty();
  }

  /** The table under a key. */
  Optional<Section> table(String key, String header) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value instanceof TomlTable inner) {
      return Optional.of(new Section(file, header, lineOf(key), inner, findings));
    }
    if (value != null) {
      error(key, "write it as a table: " + header);
    }
    return Optional.empty();
  }

  /** The tables of a list under a key. */
  List<Section> tables(String key, String header, int countMax) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    if (value instanceof TomlArray array && array.size() <= countMax) {
      for (int index = 0; index < array.size(); index++) {
        TomlPosition position = array.inputPositionOf(index);
        int itemLine = position == null ? lineOf(key) : position.line();
        if (array.get(index) instanceof TomlTable inner) {
          sections.add(new Section(file, header, itemLine, inner, findings));
        }
      }
      return sections;
    }
    error(key, "write at most " + countMax + " tables: " + header);
    return sections;
  }

  List<Text> texts(String key, int countMax, int charactersMax) {
    known.add(key);
    Object value = table.get(List.of(key));
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof TomlArray array)) {
      error(key, key + " must be a list of texts: [\"...\"]");
      return List.of();
    }
    if (array.size() > countMax) {
      error(key, key + " has " + array.size() + " items; at most " + countMax + " are allowed");
      return List.of();
    }
    List<Text> texts = new ArrayList<>();
    for (int index = 0; index < array.size(); index++) {
      TomlPosition position = array.inputPositionOf(index);
      int itemLine = position == null ? lineOf(key) : position.line();
      if (array.get(index) instanceof String text && text.length() <= charactersMax) {
        texts.add(new Text(text, itemLine));
      } else {
        findings.error(
            file, itemLine, key + " must hold texts of at most " + charactersMax + " characters");
      }
    }
    return texts;
  }

  /** A text of a list, and the line it stands on. */
  record Text(String value, int line) {}

  /** Reports every key that nothing asked for. */
  void refuseUnknown() {
    for (String key : table.keySet()) {
      if (!known.contains(key)) {
        String hint =
            NearestWord.of(key, known)
                .map(near -> "; did you mean \"" + near + "\"?")
                .orElse("; known are " + String.join(", ", known));
        error(key, "unknown key \"" + key + "\" in " + title + hint);
      }
    }
  }
}
