package dev.replicator.cli.config;

import java.util.List;

/** What came of reading a configuration: all of it, or everything that is wrong with it. */
public sealed interface ConfigResult {
  /**
   * It can be used.
   *
   * @param notes worth telling the administrator, such as a symbolic link that was resolved
   */
  record Loaded(Configuration configuration, List<ConfigError> notes) implements ConfigResult {}

  /** It cannot be used; {@code errors} lists all reasons in the order of files and lines. */
  record Invalid(List<ConfigError> errors) implements ConfigResult {}
}
