package dev.replicator.cli.config;

import dev.replicator.port.MetadataRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads one {@code [[root]]} table as far as it can be judged alone. */
final class RootReader {
  private static final String DRIVERS = "\"files\"";

  private RootReader() {}

  /** A root whose path was not looked at yet. */
  record Draft(
      Section section,
      String name,
      Path given,
      Optional<String> preset,
      List<Section.Text> exclude,
      List<Section.Text> include,
      int settleMillis,
      MetadataRules metadata) {}

  static Optional<Draft> read(Section section, Findings findings) {
    Optional<String> name = section.parsed("name", ConfigReader::name);
    Optional<Path> path = section.absolutePath("path");
    Optional<String> preset = section.text("preset");
    List<Section.Text> exclude = patterns(section, "exclude");
    List<Section.Text> include = patterns(section, "include");
    section
        .text("driver")
        .filter(driver -> !driver.equals(RootConfig.Driver.FILES.text()))
        .ifPresent(driver ->
            section.error("driver", "unknown driver \"" + driver + "\"; known is " + DRIVERS));
    int settle =
        (int)
            section
                .number("settle_millis", 1, ConfigLimits.SETTLE_MILLIS_MAX)
                .orElse(RootConfig.SETTLE_MILLIS_DEFAULT);
    MetadataRules metadata = metadata(section);
    FilterPatterns.check(section, preset, exclude, include, findings);
    section.refuseUnknown();
    ConfigReader.require(section, "name", "peers match roots by it");
    ConfigReader.require(section, "path", "the directory to replicate");
    if (name.isEmpty() || path.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Draft(section, name.get(), path.get(), preset, exclude, include, settle, metadata));
  }

  private static MetadataRules metadata(Section section) {
    boolean allowed = section.flag("allow_set_id");
    return new MetadataRules(
        allowed ? MetadataRules.SetId.ALLOWED : MetadataRules.SetId.STRIPPED,
        section.parsed("unknown_owner", RootReader::account),
        section.parsed("unknown_group", RootReader::account));
  }

  /** A name or number of this machine. Whether there is one only the machine knows. */
  private static String account(String text) {
    if (text.equals("root") || text.matches("0+")) {
      throw new IllegalArgumentException("nothing of a stranger becomes root's");
    }
    return text;
  }

  private static List<Section.Text> patterns(Section section, String key) {
    return section.texts(key, ConfigLimits.PATTERNS_MAX, ConfigLimits.PATTERN_CHARACTERS_MAX);
  }
}
