package dev.replicator.cli.config;

import dev.replicator.block.BlockConfig;
import dev.replicator.port.MetadataRules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads one {@code [[root]]} table as far as it can be judged alone. */
final class RootReader {
  private static final List<String> FILE_KEYS =
      List.of(
          "preset",
          "exclude",
          "include",
          "settle_millis",
          "scan_minutes",
          "allow_set_id",
          "unknown_owner",
          "unknown_group",
          "after_apply");

  private RootReader() {}

  /** A root whose path was not looked at yet. */
  record Draft(
      Section section,
      String name,
      Path given,
      Optional<String> preset,
      List<Section.Text> exclude,
      List<Section.Text> include,
      RootConfig.Driver driver,
      int settleMillis,
      int scanMinutes,
      MetadataRules metadata,
      Optional<AfterApplyConfig> afterApply,
      Optional<BlockConfig> block) {

    /** The same, whose fence handler asks at {@code socket} where it names no other. */
    Draft asking(Path socket) {
      Section drbd = section.table("drbd", "[root.drbd]").orElse(section);
      if (block.isEmpty() || drbd.has("fence_socket")) {
        return this;
      }
      try {
        return with(block.get().asking(socket.toString()));
      } catch (IllegalArgumentException wrong) {
        drbd.error("DRBD cannot be told where the daemon is asked: " + wrong.getMessage());
        return this;
      }
    }

    private Draft with(BlockConfig other) {
      return new Draft(
          section,
          name,
          given,
          preset,
          exclude,
          include,
          driver,
          settleMillis,
          scanMinutes,
          metadata,
          afterApply,
          Optional.of(other));
    }
  }

  static Optional<Draft> read(Section section, Findings findings) {
    Optional<String> name = section.parsed("name", ConfigReader::name);
    Optional<Path> path = section.absolutePath("path");
    Optional<String> preset = section.text("preset");
    List<Section.Text> exclude = patterns(section, "exclude");
    List<Section.Text> include = patterns(section, "include");
    RootConfig.Driver driver =
        section.parsed("driver", RootConfig.Driver::parse).orElse(RootConfig.Driver.FILES);
    int settle =
        (int)
            section
                .number("settle_millis", 1, ConfigLimits.SETTLE_MILLIS_MAX)
                .orElse(RootConfig.SETTLE_MILLIS_DEFAULT);
    int scan =
        (int)
            section
                .number("scan_minutes", 1, ConfigLimits.SCAN_MINUTES_MAX)
                .orElse(RootConfig.SCAN_MINUTES_DEFAULT);
    MetadataRules metadata = metadata(section);
    Optional<AfterApplyConfig> afterApply = AfterApplyConfig.read(section);
    FilterPatterns.check(section, preset, exclude, include, findings);
    Optional<BlockConfig> block = block(section, driver, path);
    section.refuseUnknown();
    ConfigReader.require(section, "name", "peers match roots by it");
    ConfigReader.require(section, "path", "the directory to replicate");
    if (name.isEmpty() || path.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Draft(
            section,
            name.get(),
            path.get(),
            preset,
            exclude,
            include,
            driver,
            settle,
            scan,
            metadata,
            afterApply,
            block));
  }

  private static Optional<BlockConfig> block(
      Section section, RootConfig.Driver driver, Optional<Path> path) {
    return switch (driver) {
      case FILES -> Optional.empty();
      case DRBD_OCFS2 -> {
        for (String key : FILE_KEYS) {
          if (section.has(key)) {
            section.error(key, key + " has no meaning for a root that DRBD keeps");
          }
        }
        yield path.flatMap(mountPoint -> BlockReader.read(section, mountPoint));
      }
    };
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
