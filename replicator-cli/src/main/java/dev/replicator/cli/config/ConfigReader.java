package dev.replicator.cli.config;

import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads one TOML file and the {@code conf.d/*.toml} beside it; tells all errors at once. */
public final class ConfigReader {
  private static final List<String> TABLES = List.of("node", "root", "peer");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** What it is read for. */
  private enum Purpose {
    RUN,
    /** Only to find the daemon: what became of the roots since its start it tells itself. */
    ASK,
    /** Also what only a running node has to know, such as its peers, is an error. */
    CHECK
  }

  private final Findings findings = new Findings();
  private final List<Path> files;
  private final Purpose purpose;
  private final NodeReader node = new NodeReader();
  private final List<RootReader.Draft> roots = new ArrayList<>();
  private final List<PeerConfig> peers = new ArrayList<>();
  private final List<Section> peerSections = new ArrayList<>();
  private boolean unparsed;

  private ConfigReader(List<Path> files, Purpose purpose) {
    this.files = files;
    this.purpose = purpose;
  }

  /** Reads {@code main} and its directory {@code conf.d} for use. */
  public static ConfigResult read(Path main) {
    return read(main, Purpose.RUN);
  }

  /** Reads them to ask the running daemon; no directory of a root is looked at. */
  public static ConfigResult readToAsk(Path main) {
    return read(main, Purpose.ASK);
  }

  private static ConfigResult read(Path main, Purpose purpose) {
    Path file = main.toAbsolutePath().normalize();
    ConfigReader reader = new ConfigReader(new ArrayList<>(), purpose);
    try {
      reader.files.addAll(ConfigFiles.withDropIns(file));
    } catch (ConfigFiles.UnreadableException unreadable) {
      return new ConfigResult.Invalid(List.of(unreadable.error()));
    }
    Optional<Configuration> configuration = reader.readAll(file);
    configuration.ifPresent(found -> {
      new BlockChecks(reader.roots).check(found.node().socket());
      new ArbiterChecks(reader.findings, purpose == Purpose.CHECK).check(found, reader.roots);
    });
    return configuration.isPresent() && !reader.findings.hasErrors()
        ? new ConfigResult.Loaded(configuration.get(), reader.findings.notes(reader.files))
        : new ConfigResult.Invalid(reader.findings.errors(reader.files));
  }

  /** What is wrong with a file; a drop-in may stand alone, without a {@code [node]}. */
  public static List<ConfigError> check(Path main) {
    Path file = main.toAbsolutePath().normalize();
    Optional<TomlParseResult> parsed = ConfigFiles.parse(file, new Findings());
    boolean dropIn = parsed.isPresent() && !parsed.get().contains(List.of("node"));
    if (!dropIn || ConfigFiles.hasDropIns(file)) {
      return read(file, Purpose.CHECK) instanceof ConfigResult.Invalid(List<ConfigError> errors)
          ? errors
          : List.of();
    }
    ConfigReader reader = new ConfigReader(List.of(file), Purpose.CHECK);
    reader.readFile(file);
    reader.checkRoots(Optional.empty());
    reader.checkPeers();
    return reader.findings.errors(reader.files);
  }

  /** What is worth knowing of a configuration without an error. */
  public static List<ConfigError> notes(Path main) {
    return read(main, Purpose.CHECK) instanceof ConfigResult.Loaded(var _, List<ConfigError> notes)
        ? notes
        : List.of();
  }

  private Optional<Configuration> readAll(Path main) {
    for (Path file : files) {
      readFile(file);
    }
    if (unparsed) {
      // What stands in a file that cannot be parsed must not be called missing.
      return Optional.empty();
    }
    Optional<NodeConfig> nodeConfig = node.finish(main, findings);
    nodeConfig.ifPresent(found -> roots.replaceAll(draft -> draft.asking(found.socket())));
    List<RootConfig> rootConfigs = checkRoots(nodeConfig.map(NodeConfig::state));
    checkPeers();
    if (roots.isEmpty() && !findings.hasErrors()) {
      findings.error(main, 0, "no [[root]]: nothing would be replicated");
    }
    return nodeConfig.map(found -> new Configuration(main, found, rootConfigs, peers));
  }

  private List<RootConfig> checkRoots(Optional<Path> state) {
    return purpose == Purpose.ASK
        ? roots.stream().map(RootChecks::unchecked).toList()
        : new RootChecks(state, findings).check(roots);
  }

  private void readFile(Path file) {
    Optional<TomlParseResult> parsed = ConfigFiles.parse(file, findings);
    if (parsed.isEmpty()) {
      unparsed = true;
      return;
    }
    TomlTable top = parsed.get();
    Section whole = new Section(file, "the file", 0, top, findings);
    for (String key : top.keySet()) {
      if (!TABLES.contains(key)) {
        String hint =
            NearestWord.of(key, TABLES)
                .map(near -> "; did you mean [" + header(near) + "]?")
                .orElse("; known are [node], [[root]] and [[peer]]");
        whole.error(key, "unknown table or key \"" + key + "\"" + hint);
      }
    }
    if (top.get(List.of("node")) instanceof TomlTable table) {
      node.read(new Section(file, "[node]", whole.lineOf("node"), table, findings));
    } else if (whole.has("node")) {
      whole.error("node", "write it as a table: [node]");
    }
    for (Section section : sections(whole, top, "root")) {
      RootReader.read(section, findings).ifPresent(roots::add);
    }
    for (Section section : sections(whole, top, "peer")) {
      readPeer(section).ifPresent(peers::add);
    }
  }

  private static String header(String table) {
    return table.equals("node") ? "node" : "[" + table + "]";
  }

  private List<Section> sections(Section whole, TomlTable top, String key) {
    Object value = top.get(List.of(key));
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof TomlArray array)) {
      whole.error(key, "write double brackets, there may be several: [[" + key + "]]");
      return List.of();
    }
    List<Section> sections = new ArrayList<>();
    for (int index = 0; index < array.size(); index++) {
      TomlPosition position = array.inputPositionOf(index);
      int line = position == null ? whole.lineOf(key) : position.line();
      if (array.get(index) instanceof TomlTable table) {
        sections.add(new Section(whole.file(), "[[" + key + "]]", line, table, findings));
      } else {
        findings.error(whole.file(), line, "write it as a table: [[" + key + "]]");
      }
    }
    return sections;
  }

  private Optional<PeerConfig> readPeer(Section section) {
    Optional<String> name = section.parsed("name", ConfigReader::name);
    Optional<HostPort> address = section.parsed("address", text -> HostPort.parse(text, 1));
    Optional<NodeId> key = section.parsed("key", KeyText::parse);
    Optional<Bandwidth> bandwidth = section.parsed("bandwidth", Bandwidth::parse);
    section.refuseUnknown();
    require(section, "name", "the name to show for it");
    require(section, "key", "the key that `replicator status` shows on that node");
    if (name.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    peerSections.add(section);
    return Optional.of(new PeerConfig(name.get(), address, key.get(), bandwidth, section.where()));
  }

  private void checkPeers() {
    if (peers.size() > Limits.PEERS_MAX) {
      peerSections.getLast().error("more than " + Limits.PEERS_MAX + " peers");
    }
    for (int index = 0; index < peers.size(); index++) {
      PeerConfig peer = peers.get(index);
      for (PeerConfig earlier : peers.subList(0, index)) {
        Section section = peerSections.get(index);
        if (peer.name().equals(earlier.name())) {
          section.error(
              "name", "peer \"" + peer.name() + "\" is already defined at " + earlier.where());
        } else if (peer.key().equals(earlier.key())) {
          section.error("key", "the same key as that of peer \"" + earlier.name() + "\"");
        }
      }
    }
  }

  static void require(Section section, String key, String meaning) {
    if (!section.has(key)) {
      section.error(key + " is missing: " + meaning);
    }
  }

  /** A name for a node or root: short, printable, and one word in every listing. */
  static String name(String text) {
    if (text.length() > ConfigLimits.NAME_CHARACTERS_MAX || !NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" must be at most "
              + ConfigLimits.NAME_CHARACTERS_MAX
              + " letters, digits, '.', '_' or '-', and begin with a letter or digit");
    }
    return text;
  }
}
