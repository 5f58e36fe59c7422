package dev.replicator.cli.config;

import dev.replicator.block.BlockConfig;
import dev.replicator.filter.FilterRules;
import dev.replicator.port.MetadataRules;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One {@code [[root]]} table.
 *
 * @param path the real directory, symbolic links resolved once
 * @param given the path as it was written
 * @param preset the name of a set of filter rules that comes with the product
 * @param settleMillis how long a path must be quiet before it is read, where the watcher cannot
 *     tell that its writer closed it
 * @param scanMinutes how often the whole tree is compared, whatever the watcher told
 * @param metadata what is taken of the owners and rights that peers ask for
 * @param afterApply what runs once changes of peers show
 * @param block of a root that DRBD and OCFS2 keep
 * @param where file and line, for messages
 */
public record RootConfig(
    String name,
    Path path,
    Path given,
    Optional<String> preset,
    List<String> exclude,
    List<String> include,
    Driver driver,
    int settleMillis,
    int scanMinutes,
    MetadataRules metadata,
    Optional<AfterApplyConfig> afterApply,
    Optional<BlockConfig> block,
    String where) {
  public static final int SETTLE_MILLIS_DEFAULT = 20;
  public static final int SCAN_MINUTES_DEFAULT = 60;

  /** What keeps a root replicated. */
  public enum Driver {
    FILES("files"),
    DRBD_OCFS2("drbd-ocfs2");

    private final String text;

    Driver(String text) {
      this.text = text;
    }

    /** As it is written in the file. */
    public String text() {
      return text;
    }

    static Driver parse(String text) {
      return Arrays.stream(values())
          .filter(driver -> driver.text.equals(text))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "unknown driver \"" + text + "\"; known are \"files\" and \"drbd-ocfs2\""));
    }
  }

  public RootConfig {
    exclude = List.copyOf(exclude);
    include = List.copyOf(include);
  }

  /** Which paths are replicated: the preset, then {@code exclude}, then {@code include}. */
  public FilterRules filter() {
    return FilterPatterns.rules(this);
  }

  /** Whether a running root can go on under {@code other}. */
  public boolean sameAs(RootConfig other) {
    return name.equals(other.name)
        && path.equals(other.path)
        && preset.equals(other.preset)
        && exclude.equals(other.exclude)
        && include.equals(other.include)
        && driver == other.driver
        && settleMillis == other.settleMillis
        && scanMinutes == other.scanMinutes
        && metadata.equals(other.metadata)
        && afterApply.equals(other.afterApply)
        && block.equals(other.block);
  }
}
