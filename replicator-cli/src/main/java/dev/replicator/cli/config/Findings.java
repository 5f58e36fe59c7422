package dev.replicator.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong, so that one run tells all of it. */
final class Findings {
  private final List<ConfigError> errors = new ArrayList<>();
  private final List<ConfigError> notes = new ArrayList<>();

  void error(Path file, int line, String message) {
    if (errors.size() == ConfigLimits.ERRORS_MAX) {
      errors.add(new ConfigError(file, line, "further errors are not shown"));
    }
    if (errors.size() < ConfigLimits.ERRORS_MAX) {
      errors.add(new ConfigError(file, line, message));
    }
  }

  void note(Path file, int line, String message) {
    notes.add(new ConfigError(file, line, message));
  }

  boolean hasErrors() {
    return !errors.isEmpty();
  }

  /** In the order of lines within a file; files stay in the order in which they were read. */
  List<ConfigError> errors(List<Path> files) {
    return sorted(errors, files);
  }

  List<ConfigError> notes(List<Path> files) {
    return sorted(notes, files);
  }

  private static List<ConfigError> sorted(List<ConfigError> findings, List<Path> files) {
    return findings.stream()
        .sorted(
            Comparator.comparingInt((ConfigError error) -> files.indexOf(error.file()))
                .thenComparingInt(ConfigError::line))
        .toList();
  }
}
