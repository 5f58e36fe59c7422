package dev.replicator.cli.config;

import dev.replicator.block.BlockConfig;
import dev.replicator.block.BlockLimits;
import dev.replicator.block.BlockNode;
import dev.replicator.block.ClusterFileSystem;
import dev.replicator.block.DrbdTuning;
import dev.replicator.block.Endpoint;
import dev.replicator.block.Fencing;
import dev.replicator.block.Keyword;
import dev.replicator.block.Syntax;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code [root.drbd]}, its nodes, and {@code [root.ocfs2]}. */
final class BlockReader {
  private static final String SOCKET = "/var/lib/replicator/control.sock";
  private static final int FENCE_SECONDS_DEFAULT = 20;

  private final Section drbd;
  private final Section ocfs2;
  private final Path mountPoint;

  private BlockReader(Section drbd, Section ocfs2, Path mountPoint) {
    this.drbd = drbd;
    this.ocfs2 = ocfs2;
    this.mountPoint = mountPoint;
  }

  /** Empty when something is wrong, which is told then. */
  static Optional<BlockConfig> read(Section root, Path mountPoint) {
    Optional<Section> drbd = root.table("drbd", "[root.drbd]");
    Optional<Section> ocfs2 = root.table("ocfs2", "[root.ocfs2]");
    if (drbd.isEmpty() || ocfs2.isEmpty()) {
      root.error("driver", "driver = \"drbd-ocfs2\" needs the tables [root.drbd] and [root.ocfs2]");
      return Optional.empty();
    }
    return new BlockReader(drbd.get(), ocfs2.get(), mountPoint).read();
  }

  private Optional<BlockConfig> read() {
    Optional<String> resource = drbd.parsed("resource", Syntax::resource);
    int minor = number(drbd, "minor", 0, BlockLimits.MINOR_MAX, 0);
    Optional<String> secretFile = drbd.parsed("secret_file", Syntax::path);
    DrbdTuning tuning = tuning();
    Keyword.NoPrimary noPrimary =
        drbd.parsed("split_brain_no_primary", Keyword.NoPrimary::parse)
            .orElse(Keyword.NoPrimary.DISCARD_ZERO_CHANGES);
    Keyword.OnePrimary onePrimary =
        drbd.parsed("split_brain_one_primary", Keyword.OnePrimary::parse)
            .orElse(Keyword.OnePrimary.DISCONNECT);
    Fencing fencing = fencing();
    List<BlockNode> nodes = nodes();
    drbd.refuseUnknown();
    Optional<ClusterFileSystem> fileSystem = fileSystem();
    ocfs2.refuseUnknown();
    ConfigReader.require(drbd, "resource", "DRBD's name of it");
    ConfigReader.require(drbd, "secret_file", "a file with the secret that both nodes share");
    if (resource.isEmpty()
        || secretFile.isEmpty()
        || fileSystem.isEmpty()
        || nodes.size() != BlockLimits.NODES) {
      return Optional.empty();
    }
    BlockConfig config =
        new BlockConfig(
            resource.get(),
            minor,
            nodes,
            secretFile.get(),
            tuning,
            noPrimary,
            onePrimary,
            fencing,
            fileSystem.get());
    List<String> problems = config.problems();
    problems.forEach(drbd::error);
    return problems.isEmpty() ? Optional.of(config) : Optional.empty();
  }

  private DrbdTuning tuning() {
    Keyword.Algorithm authentication =
        drbd.parsed("authentication", Keyword.Algorithm::keyed).orElse(Keyword.Algorithm.SHA256);
    Keyword.Algorithm verify =
        drbd.parsed("verify_algorithm", Keyword.Algorithm::parse).orElse(Keyword.Algorithm.SHA1);
    long rate = drbd.parsed("resync_rate", BlockReader::rate).orElse(DrbdTuning.RESYNC_KIB_DEFAULT);
    int ping =
        number(
            drbd, "ping_seconds", 1, BlockLimits.PING_SECONDS_MAX, DrbdTuning.PING_SECONDS_DEFAULT);
    return new DrbdTuning(authentication, verify, rate, ping);
  }

  private static long rate(String text) {
    long rate = DrbdTuning.rate(text);
    if (rate > BlockLimits.RESYNC_KIB_MAX) {
      throw new IllegalArgumentException("at most 4G");
    }
    return rate;
  }

  /** With a survivor or an arbiter it is on; without one it is off, which has to be confirmed. */
  private Fencing fencing() {
    boolean confirmed = drbd.flag("confirm_no_fencing");
    Optional<String> survivor = drbd.parsed("fence_survivor", Syntax::host);
    Optional<String> arbiter = drbd.parsed("fence_arbiter", ConfigReader::name);
    List<String> chosen = new ArrayList<>();
    survivor.ifPresent(_ -> chosen.add("fence_survivor"));
    arbiter.ifPresent(_ -> chosen.add("fence_arbiter"));
    if (confirmed) {
      chosen.add("confirm_no_fencing");
    }
    if (chosen.size() > 1) {
      drbd.error(chosen.getLast(), String.join(" and ", chosen) + ": set exactly one of them");
    }
    String program = drbd.parsed("fence_handler", Syntax::path).orElse(Fencing.Handler.PROGRAM);
    String socket = drbd.parsed("fence_socket", Syntax::path).orElse(SOCKET);
    int seconds =
        number(drbd, "fence_seconds", 1, BlockLimits.FENCE_SECONDS_MAX, FENCE_SECONDS_DEFAULT);
    Fencing.Handler handler = new Fencing.Handler(program, socket, Duration.ofSeconds(seconds));
    Optional<Fencing> asked = arbiter.map(node -> new Fencing.Arbitrated(node, handler));
    return survivor
        .<Fencing>map(node -> new Fencing.Preferred(node, handler))
        .or(() -> asked)
        .orElseGet(() -> new Fencing.Off(confirmed));
  }

  private List<BlockNode> nodes() {
    List<Section> sections = drbd.tables("node", "[[root.drbd.node]]", BlockLimits.NODES);
    List<BlockNode> nodes = new ArrayList<>();
    List<String> names =
        sections.stream().flatMap(section -> section.text("name").stream()).sorted().toList();
    for (Section section : sections) {
      Optional<String> name = section.parsed("name", Syntax::host);
      // By their names, so that it is the same on both however they are listed.
      int place = name.map(names::indexOf).orElse(0) + 1;
      Optional<String> disk = section.parsed("disk", Syntax::disk);
      Optional<Endpoint> address = section.parsed("address", Endpoint::parse);
      Optional<Endpoint> cluster = section.parsed("cluster_address", Endpoint::parse);
      int number = number(section, "cluster_number", 0, BlockLimits.CLUSTER_NUMBER_MAX, place);
      section.refuseUnknown();
      ConfigReader.require(section, "name", "what `uname -n` prints there");
      ConfigReader.require(section, "disk", "the backing disk, which belongs to DRBD alone");
      ConfigReader.require(section, "address", "where its DRBD listens, as 10.66.0.1:7788");
      ConfigReader.require(
          section, "cluster_address", "where its o2net listens, as 10.66.0.1:7777");
      if (name.isPresent() && disk.isPresent() && address.isPresent() && cluster.isPresent()) {
        nodes.add(new BlockNode(name.get(), disk.get(), address.get(), number, cluster.get()));
      }
    }
    if (sections.size() != BlockLimits.NODES) {
      drbd.error("there must be exactly 2 [[root.drbd.node]]");
    }
    return nodes;
  }

  private Optional<ClusterFileSystem> fileSystem() {
    Optional<String> cluster = ocfs2.parsed("cluster", Syntax::cluster);
    Optional<String> label = ocfs2.parsed("label", Syntax::label);
    int slots = number(ocfs2, "slots", BlockLimits.NODES, BlockLimits.SLOTS_MAX, BlockLimits.NODES);
    List<String> options = new ArrayList<>();
    for (Section.Text option :
        ocfs2.texts("options", BlockLimits.OPTIONS_MAX, BlockLimits.NAME_CHARACTERS_MAX)) {
      try {
        options.add(Syntax.mountOption(option.value()));
      } catch (IllegalArgumentException wrong) {
        ocfs2.error("options", "options: " + wrong.getMessage());
      }
    }
    int dead =
        number(
            ocfs2,
            "dead_threshold",
            2,
            BlockLimits.DEAD_THRESHOLD_MAX,
            ClusterFileSystem.DEAD_THRESHOLD_DEFAULT);
    int idle =
        number(
            ocfs2,
            "idle_timeout_millis",
            5_000,
            BlockLimits.IDLE_MILLIS_MAX,
            ClusterFileSystem.IDLE_MILLIS_DEFAULT);
    ConfigReader.require(ocfs2, "cluster", "the name of the o2cb cluster");
    if (cluster.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ClusterFileSystem(
              cluster.get(),
              label.orElse(cluster.get()),
              slots,
              mountPoint.toString(),
              options,
              dead,
              idle));
    } catch (IllegalArgumentException wrong) {
      ocfs2.error("path: " + wrong.getMessage());
      return Optional.empty();
    }
  }

  private static int number(Section section, String key, int min, int max, int otherwise) {
    return (int) section.number(key, min, max).orElse(otherwise);
  }
}
