package dev.replicator.cli.config;

import dev.replicator.filter.Action;
import dev.replicator.filter.FilterRules;
import dev.replicator.filter.ParsedRules;
import dev.replicator.filter.RuleError;
import dev.replicator.filter.RuleSource;
import dev.replicator.filter.Verdict;
import dev.replicator.model.InvariantViolation;
import dev.replicator.runtime.AfterApply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code [root.after_apply]}: what runs here once changes of peers show.
 *
 * @param command the program and its arguments
 * @param only patterns of the paths for which it runs; none for all
 */
public record AfterApplyConfig(List<String> command, List<String> only, int timeoutSeconds) {
  private static final String COMMAND = "command";
  private static final String ONLY = "only";

  public AfterApplyConfig {
    command = List.copyOf(command);
    only = List.copyOf(only);
  }

  /** As the engine runs it. */
  public AfterApply.Command toRun() {
    return switch (parse(only)) {
      case ParsedRules.Usable(FilterRules matched, List<String> _) ->
          new AfterApply.Command(
              command,
              path -> only.isEmpty() || !(matched.decide(path, false) instanceof Verdict.Replicate),
              Duration.ofSeconds(timeoutSeconds));
      case ParsedRules.Unusable(List<RuleError> errors) ->
          throw new InvariantViolation("patterns that were checked can be used: " + errors);
    };
  }

  /** A path that one of the patterns covers is one that these rules leave out. */
  private static ParsedRules parse(List<String> patterns) {
    return FilterRules.parse(List.of(new RuleSource.Patterns(ONLY, Action.LOCAL, patterns)));
  }

  static Optional<AfterApplyConfig> read(Section root) {
    return root.table("after_apply", "[root.after_apply]").flatMap(AfterApplyConfig::readTable);
  }

  private static Optional<AfterApplyConfig> readTable(Section section) {
    List<String> command =
        FilterPatterns.values(
            section.texts(
                COMMAND, ConfigLimits.ARGUMENTS_MAX, ConfigLimits.ARGUMENT_CHARACTERS_MAX));
    List<Section.Text> only =
        section.texts(ONLY, ConfigLimits.PATTERNS_MAX, ConfigLimits.PATTERN_CHARACTERS_MAX);
    int timeout =
        (int)
            section
                .number("timeout_seconds", 1, ConfigLimits.AFTER_APPLY_SECONDS_MAX)
                .orElse(ConfigLimits.AFTER_APPLY_SECONDS_DEFAULT);
    section.refuseUnknown();
    if (!section.has(COMMAND) || command.isEmpty()) {
      section.error(COMMAND, "command is missing: the program to run and its arguments");
      return Optional.empty();
    }
    checkProgram(section, command.getFirst());
    if (parse(FilterPatterns.values(only))
        instanceof ParsedRules.Unusable(List<RuleError> errors)) {
      errors.forEach(error ->
          section.error(ONLY, "only: pattern \"" + error.pattern() + "\": " + error.reason()));
      return Optional.empty();
    }
    return Optional.of(new AfterApplyConfig(command, FilterPatterns.values(only), timeout));
  }

  private static void checkProgram(Section section, String program) {
    if (!Path.of(program).isAbsolute()) {
      section.error(
          COMMAND,
          "command: \"" + program + "\" is not an absolute path, and no shell looks for it");
    } else if (!Files.isExecutable(Path.of(program)) || Files.isDirectory(Path.of(program))) {
      section.note(COMMAND, "command: " + program + " cannot be executed here");
    }
  }
}
