package dev.replicator.cli.config;

import java.nio.file.Path;

/**
 * One thing that is wrong, or worth knowing, in a configuration file.
 *
 * @param line from 1; 0 when the file as a whole is meant
 */
public record ConfigError(Path file, int line, String message) {
  /** In the form that editors and compilers share: {@code file:line: message}. */
  @Override
  public String toString() {
    return (line == 0 ? file.toString() : file + ":" + line) + ": " + message;
  }
}
