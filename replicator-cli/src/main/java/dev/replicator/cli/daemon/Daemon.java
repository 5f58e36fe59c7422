package dev.replicator.cli.daemon;

import dev.replicator.block.ArbiterDesk;
import dev.replicator.block.ArbiterReports;
import dev.replicator.block.BlockStatus;
import dev.replicator.cli.config.Configuration;
import dev.replicator.cli.config.PeerBook;
import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.config.RootPlaces;
import dev.replicator.cli.control.EventRing;
import dev.replicator.cli.control.MessageJson;
import dev.replicator.cli.control.NodeView;
import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.KeyText;
import dev.replicator.port.Arbiter;
import dev.replicator.port.PeerLink;
import dev.replicator.runtime.ReplicatedRoot;
import dev.replicator.runtime.SummaryItem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: lock, key, roots, network and control, started in this order and ended in the
 * reverse one.
 */
public final class Daemon implements NodeView, NetworkFactory.Host, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  private final Configuration configuration;
  private final StateDirectory state;
  private final long startedMillis = System.currentTimeMillis();
  private final TreeMap<String, ReplicatedRoot> roots = new TreeMap<>();
  private final EventRing events = EventRing.ofDaemon();
  private final Deque<Ending> endings = new ArrayDeque<>();
  private final Network network;
  private final ArbiterReports reports;
  private final Reload reload;
  private final RootFactory engine;
  private boolean closed;

  /** How a daemon is meant to run. */
  public enum Mode {
    /** Accepts peers, answers commands. */
    SERVING,
    /** Only dials peers: for one command that needs the engine. */
    ONE_SHOT,
    /** Only dials peers, and changes nothing here or there: for a dry run. */
    DRY_RUN
  }

  private Daemon(
      Configuration configuration, Mode mode, RootFactory engine, NetworkFactory networks)
      throws Failure {
    this.configuration = configuration;
    this.engine = engine;
    state = StateDirectory.prepare(configuration.node().state());
    StateDirectory.Lock lock = state.lock();
    endings.push(new Ending("lock", lock));
    try {
      PeerBook book = book(configuration, state);
      network = networks.open(configuration, state, book, mode, this);
      endings.push(new Ending("network", network));
      followFiles(configuration, state);
      reports = BlockRoots.reports(configuration, network);
      endings.push(new Ending("reports to arbiters", reports));
      reload = new Reload(configuration, state, network, roots);
      endings.push(new Ending("roots", this::stopRoots));
      for (RootConfig root : configuration.roots()) {
        open(root, mode, engine, book);
      }
    } catch (Failure | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /** Starts everything; returns once it serves. What was started is ended again on failure. */
  public static Daemon start(
      Configuration configuration, Mode mode, RootFactory engine, NetworkFactory networks)
      throws Failure {
    Daemon daemon = new Daemon(configuration, mode, engine, networks);
    try {
      daemon.serve(mode);
      return daemon;
    } catch (Failure | RuntimeException failure) {
      daemon.close();
      throw failure;
    }
  }

  private void open(RootConfig root, Mode mode, RootFactory engine, PeerBook book) throws Failure {
    Path directory = state.root(root.name());
    LastingRoot.Opening opening =
        new LastingRoot.Opening() {
          @Override
          public ReplicatedRoot open(PeerLink link, SortedMap<NodeId, String> peers)
              throws Failure {
            RootFactory.Setting setting =
                new RootFactory.Setting(
                    network.self(),
                    directory,
                    peers,
                    state.initial(root.name()),
                    mode == Mode.DRY_RUN,
                    mode == Mode.SERVING,
                    new FirstMeeting(state, events));
            return engine.open(root, link, setting);
          }

          @Override
          public Optional<String> objection() {
            return RootPlaces.objection(configuration, root);
          }
        };
    PeerLink link = network.link(root.name());
    boolean known = mode == Mode.SERVING && state.hasJournal(root.name());
    roots.put(
        root.name(),
        known
            ? LastingRoot.openInTheEnd(
                root.name(), root.given().toString(), opening, link, book.names())
            : LastingRoot.open(root.name(), opening, link, book.names()));
  }

  /** All at once: a service manager does not wait for one root after the other. */
  private void stopRoots() {
    try (ExecutorService stopping = Executors.newVirtualThreadPerTaskExecutor()) {
      roots.forEach((name, root) -> stopping.execute(() -> stop(name, root)));
    }
  }

  private static void stop(String name, ReplicatedRoot root) {
    try {
      root.stop();
    } catch (RuntimeException failure) {
      LOG.error("cannot end root {} cleanly", name, failure);
    }
  }

  private void serve(Mode mode) throws Failure {
    if (mode == Mode.SERVING) {
      ArbiterDesk desk = new ArbiterDesk(network.self(), state.arbitration());
      endings.push(new Ending("arbiter", desk));
      network.decideBy(desk);
      endings.push(new Ending("control", HttpSide.open(configuration.node(), this)));
    }
    network.start();
    roots.values().forEach(ReplicatedRoot::start);
    if (mode == Mode.SERVING) {
      reports.start();
    }
  }

  /** Returns once the daemon is warm enough to say that it is ready. */
  public void rehearse() throws InterruptedException {
    Rehearsal rehearsal = Rehearsal.begin(state, engine, this::filesOfWork);
    endings.push(new Ending("rehearsal", rehearsal));
    rehearsal.await();
  }

  /** Files that the roots have read from their trees and staged for them. */
  private long filesOfWork() {
    return roots.values().stream()
        .flatMap(root -> root.report().stageMicros().entrySet().stream())
        .filter(step -> step.getKey().equals("read") || step.getKey().equals("stage"))
        .mapToLong(step -> step.getValue().count())
        .sum();
  }

  static PeerBook book(Configuration configuration, StateDirectory state) throws Failure {
    try {
      return PeerBook.of(configuration, new PeerStore(state.path()));
    } catch (IOException unreadable) {
      throw new Failure(
          ExitCode.CONFIGURATION, "cannot read the peers: " + unreadable.getMessage(), unreadable);
    }
  }

  /** Whom the files name no longer is removed, before another node may tell of it. */
  static void followFiles(Configuration configuration, StateDirectory state) throws Failure {
    try {
      for (PeerConfig gone : new PeerStore(state.path()).follow(configuration.peers())) {
        LOG.warn(
            "peer {} {} was removed: no file names it any more; its [[peer]], `peer add` or an"
                + " invitation brings it back",
            gone.name(),
            KeyText.print(gone.key()));
      }
    } catch (IOException failure) {
      throw new Failure(
          ExitCode.REFUSED, "cannot keep the peers: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void peersStored() {
    LOG.info("{}", reload.peers().text());
  }

  @Override
  public void summary(String root, Consumer<SummaryItem> consumer) {
    ReplicatedRoot found = roots.get(root);
    if (found != null) {
      found.summary(consumer);
    }
  }

  @Override
  public String name() {
    return configuration.node().name();
  }

  @Override
  public NodeId id() {
    return network.self();
  }

  @Override
  public String listen() {
    return network.listening();
  }

  @Override
  public long startedMillis() {
    return startedMillis;
  }

  @Override
  public long readyLagMillis() {
    return configuration.node().readyLagMillis();
  }

  @Override
  public SortedMap<String, ReplicatedRoot> roots() {
    return Collections.unmodifiableSortedMap(roots);
  }

  @Override
  public SortedMap<String, BlockStatus> blocks() {
    SortedMap<String, BlockStatus> blocks = new TreeMap<>();
    roots.forEach((name, root) -> {
      if (root instanceof LastingRoot lasting) {
        lasting.block().ifPresent(status -> blocks.put(name, status));
      }
    });
    return blocks;
  }

  @Override
  public List<PeerView> peers() {
    return network.peers();
  }

  /** By name, what completes, or fails for a reason that {@code status} tells, while it lives. */
  SortedMap<String, CompletableFuture<Void>> pulses() {
    TreeMap<String, CompletableFuture<Void>> pulses = new TreeMap<>();
    pulses.put("network", network.pulse());
    roots.forEach((name, root) -> pulses.put("root " + name, root.pulse()));
    return pulses;
  }

  @Override
  public EventRing events() {
    return events;
  }

  @Override
  public Arbiter arbiter() {
    return BlockRoots.arbiter(configuration, network, reports);
  }

  @Override
  public List<ArbiterReports.Report> arbiters() {
    return reports.reports();
  }

  @Override
  public MessageJson reload() {
    return reload.everything();
  }

  /** Ends everything in order; a part that fails does not keep the others from ending. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    while (!endings.isEmpty()) {
      Ending ending = endings.pop();
      try {
        ending.closing().close();
      } catch (Exception failure) {
        LOG.error("cannot end {} cleanly", ending.name(), failure);
      }
    }
  }

  /** One thing to end. */
  private record Ending(String name, AutoCloseable closing) {}
}
