package dev.replicator.runtime;

import dev.replicator.filter.FilterRules;
import dev.replicator.host.MachineClock;
import dev.replicator.journal.RocksJournal;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Clock;
import dev.replicator.port.Journal;
import dev.replicator.port.PeerLink;
import dev.replicator.port.Tree;
import dev.replicator.port.Watcher;
import dev.replicator.portable.PortableTree;
import dev.replicator.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Opens an engine on real directories and a real journal, with parts exchanged by a test. */
final class EngineOnDisk {
  private final Path root;
  private final Path state;
  private Clock clock = MachineClock.open();
  private Function<Path, Watcher> watchers = root -> new DeadWatcher();
  private boolean linux;
  private UnaryOperator<Tree> trees = UnaryOperator.identity();
  private UnaryOperator<Journal> journals = UnaryOperator.identity();
  private Chronicle chronicle = Chronicle.NONE;
  private FilterRules rules = FilterRules.none();
  private Optional<Path> vault = Optional.empty();
  private Duration scanEvery = Duration.ofHours(1);

  private EngineOnDisk(Path root, Path state) {
    this.root = root;
    this.state = state;
  }

  /** Tells nothing, ever. */
  private static final class DeadWatcher implements Watcher {
    @Override
    public Capabilities capabilities() {
      return new Capabilities("none", true, false);
    }

    @Override
    public void start(Listener listener) {}

    @Override
    public void cookie(Runnable seen) {
      seen.run();
    }

    @Override
    public void close() {}
  }

  static NodeId node(int number) {
    byte[] octets = new byte[32];
    octets[0] = (byte) number;
    return NodeId.of(octets);
  }

  static EngineOnDisk at(Path directory, String name) throws Exception {
    Path root = Files.createDirectories(directory.resolve(name));
    return new EngineOnDisk(root, Files.createDirectories(directory.resolve("state-" + name)));
  }

  /** State and root may be on different disks. */
  static EngineOnDisk apart(Path root, Path state) throws Exception {
    return new EngineOnDisk(Files.createDirectories(root), Files.createDirectories(state));
  }

  EngineOnDisk watchers(Function<Path, Watcher> some) {
    watchers = some;
    return this;
  }

  /** On the tree that tells who has a file open. */
  EngineOnDisk linux() {
    linux = true;
    return this;
  }

  EngineOnDisk chronicle(Chronicle other) {
    chronicle = other;
    return this;
  }

  EngineOnDisk clock(Clock other) {
    clock = other;
    return this;
  }

  EngineOnDisk rules(FilterRules others) {
    rules = others;
    return this;
  }

  /** Elsewhere than in the state. */
  EngineOnDisk vault(Path other) {
    vault = Optional.of(other);
    return this;
  }

  EngineOnDisk scanEvery(Duration pause) {
    scanEvery = pause;
    return this;
  }

  EngineOnDisk trees(UnaryOperator<Tree> around) {
    trees = around;
    return this;
  }

  EngineOnDisk journals(UnaryOperator<Journal> around) {
    journals = around;
    return this;
  }

  private record Opened(Tree tree, Path storage) {}

  private Opened openTree() throws Exception {
    if (linux) {
      LinuxTree tree = LinuxTree.open(root, state);
      return new Opened(tree, tree.storage());
    }
    PortableTree tree = PortableTree.open(root, state);
    return new Opened(tree, tree.storage());
  }

  FileEngine open(NodeId self, NodeId peer, PeerLink link) throws Exception {
    return new FileEngine(parts(self, peer, link));
  }

  EngineParts parts(NodeId self, NodeId peer, PeerLink link) throws Exception {
    Opened opened = openTree();
    TreeMap<NodeId, String> peers = new TreeMap<>();
    peers.put(peer, "peer");
    return new EngineParts(
        "wp-content",
        root.toString(),
        self,
        peers,
        rules,
        Initial.UNION,
        false,
        clock,
        journals.apply(RocksJournal.open(state.resolve("journal"))),
        trees.apply(opened.tree),
        () -> watchers.apply(root),
        Vault.open(vault.orElseGet(() -> opened.storage.resolve("vault")), clock),
        link,
        chronicle,
        Optional.empty(),
        Duration.ofMillis(20),
        Duration.ofSeconds(1),
        scanEvery,
        Duration.ofDays(7));
  }
}
