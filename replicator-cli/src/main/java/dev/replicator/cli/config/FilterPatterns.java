package dev.replicator.cli.config;

import dev.replicator.filter.Action;
import dev.replicator.filter.FilterRules;
import dev.replicator.filter.ParsedRules;
import dev.replicator.filter.Preset;
import dev.replicator.filter.RuleError;
import dev.replicator.filter.RuleSource;
import dev.replicator.model.InvariantViolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes filter rules of a root's keys: the preset, then excludes, then includes. */
final class FilterPatterns {
  private static final String EXCLUDE = "exclude";
  private static final String INCLUDE = "include";

  private FilterPatterns() {}

  static void check(
      Section section,
      Optional<String> preset,
      List<Section.Text> exclude,
      List<Section.Text> include,
      Findings findings) {
    preset
        .filter(name -> Preset.named(name).isEmpty())
        .ifPresent(name -> section.error("preset", unknown(name)));
    List<RuleSource> sources = sources(Optional.empty(), values(exclude), values(include));
    switch (FilterRules.parse(sources)) {
      case ParsedRules.Usable(FilterRules _, List<String> warnings) ->
          warnings.forEach(warning -> section.note(EXCLUDE, warning));
      case ParsedRules.Unusable(List<RuleError> errors) -> {
        for (RuleError error : errors) {
          List<Section.Text> texts = error.origin().equals(EXCLUDE) ? exclude : include;
          int line =
              error.position() >= 1 && error.position() <= texts.size()
                  ? texts.get(error.position() - 1).line()
                  : section.line();
          findings.error(
              section.file(),
              line,
              error.origin() + ": pattern \"" + error.pattern() + "\": " + error.reason());
        }
      }
    }
  }

  private static String unknown(String preset) {
    String known =
        Arrays.stream(Preset.values()).map(Preset::label).collect(Collectors.joining(", "));
    return "unknown preset \"" + preset + "\"; known is " + known;
  }

  static List<String> values(List<Section.Text> texts) {
    return texts.stream().map(Section.Text::value).toList();
  }

  /** The rules of a checked root. */
  static FilterRules rules(RootConfig root) {
    List<RuleSource> sources =
        sources(root.preset().flatMap(Preset::named), root.exclude(), root.include());
    return switch (FilterRules.parse(sources)) {
      case ParsedRules.Usable(FilterRules rules, List<String> _) -> rules;
      case ParsedRules.Unusable(List<RuleError> errors) ->
          throw new InvariantViolation("the rules of a checked root can be used: " + errors);
    };
  }

  private static List<RuleSource> sources(
      Optional<Preset> preset, List<String> exclude, List<String> include) {
    List<RuleSource> sources = new ArrayList<>();
    preset.map(Preset::source).ifPresent(sources::add);
    sources.add(new RuleSource.Patterns(EXCLUDE, Action.LOCAL, exclude));
    sources.add(new RuleSource.Patterns(INCLUDE, Action.REPLICATE, include));
    return sources;
  }
}
