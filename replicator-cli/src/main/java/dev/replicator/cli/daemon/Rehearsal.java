package dev.replicator.cli.daemon;

import dev.replicator.cli.config.RootConfig;
import dev.replicator.cli.exit.Failure;
import dev.replicator.host.MachineClock;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.net.identity.IdentityException;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Pins;
import dev.replicator.net.identity.Tls;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.InboundPairing;
import dev.replicator.net.session.ListenException;
import dev.replicator.net.session.Peer;
import dev.replicator.net.session.PeerNetwork;
import dev.replicator.net.session.SessionTimes;
import dev.replicator.port.Chronicle;
import dev.replicator.runtime.ReplicatedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A fresh JVM takes ten milliseconds and more for what later takes one: it interprets, and compiles
 * a method only after some hundred calls. So the daemon does its work on two nodes that exist for
 * this alone: real trees, journals and sessions, in a directory of their own below the state. The
 * first part comes before the daemon says ready; the rest runs beside it and ends after seconds.
 */

/**
 * Replicates a few files between two nodes of its own, so that the first real change meets compiled
 * code. A failure is no failure of the daemon.
 */
final class Rehearsal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  /** {@code off}, or {@code training}; else as before each start. */
  private static final String SWITCH = "replicator.rehearsal";

  /** Of the directory, the root, the nodes and the group of all threads. */
  static final String NAME = "rehearsal";

  /** Stays from one start to the next: what draws a key and its certificate is slow to load. */
  static final String KEYS = "rehearsal-keys";

  private static final long END_MILLIS_MAX = 2_000;

  /** Files that come at once take the way of many, a single one that of one. */
  private static final int BURST = 16;

  /** So many files of the node itself are no rehearsal any more: they get the processors. */
  private static final long WORK_MAX = 16;

  /** More files than that do not stay; it is a multiple of what comes at once. */
  private static final int FILES_MAX = 32 * BURST;

  /** A rehearsal never makes a disk full. */
  private static final long FREE_BYTES_MIN = 1024L * 1024 * 1024;

  private static final int FILE_BYTES = 64 * 1_024;
  private static final long LOOK_NANOS = 100_000;

  /**
   * How long it goes on.
   *
   * @param readyMillis it keeps the node from saying ready for so long at most
   * @param millisMax it ends after so long
   * @param changesMax it ends after so many changes
   */
  record Extent(long readyMillis, long millisMax, int changesMax) {
    static final Extent START = new Extent(300, 6_000, 2_000);

    /** What is compiled by then is noted in a cache, and compiled early by later starts. */
    static final Extent TRAINING = new Extent(120_000, 120_000, 6_000);
  }

  private final Path home;
  private final Path place;
  private final RootFactory engine;
  private final LongSupplier work;
  private final Extent extent;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private final Deque<AutoCloseable> endings = new ArrayDeque<>();
  private final byte[] content = new byte[FILE_BYTES];
  private final long beganNanos = System.nanoTime();
  private volatile boolean stopped;
  private volatile int changes;

  private Rehearsal(Path home, RootFactory engine, LongSupplier work, Extent extent) {
    this.home = home;
    this.work = work;
    this.extent = extent;
    this.place = home.resolve(NAME);
    this.engine = engine;
    // Every thread that one of this group starts is of this group.
    this.thread =
        Thread.ofPlatform().group(new ThreadGroup(NAME)).name(NAME).daemon().unstarted(this::run);
    new SplittableRandom(1).nextBytes(content);
  }

  /**
   * Starts on a thread of its own, unless {@code -Dreplicator.rehearsal=off}; {@code training} goes
   * on for longer.
   *
   * @param work how many files the node itself has read and staged so far
   */
  static Rehearsal begin(StateDirectory state, RootFactory engine, LongSupplier work) {
    boolean training = "training".equals(System.getProperty(SWITCH));
    return begin(state, engine, work, training ? Extent.TRAINING : Extent.START);
  }

  static Rehearsal begin(
      StateDirectory state, RootFactory engine, LongSupplier work, Extent extent) {
    Rehearsal rehearsal = new Rehearsal(state.path(), engine, work, extent);
    if ("off".equals(System.getProperty(SWITCH))) {
      rehearsal.ended.countDown();
    } else {
      rehearsal.thread.start();
    }
    return rehearsal;
  }

  /** Returns once the part that comes before ready is over. */
  void await() throws InterruptedException {
    long spent = millis();
    boolean over = ended.await(Math.max(0, extent.readyMillis() - spent), TimeUnit.MILLISECONDS);
    LOG.debug("rehearsed for {} ms before ready{}", millis(), over ? ", all" : "");
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
  }

  private boolean isOver() {
    return stopped || millis() > extent.millisMax();
  }

  private void run() {
    try {
      clear();
      if (Files.getFileStore(home).getUsableSpace() < FREE_BYTES_MIN) {
        return;
      }
      Files.createDirectories(place);
      perform();
    } catch (IOException
        | Failure
        | ListenException
        | IdentityException
        | RuntimeException failure) {
      LOG.debug("the rehearsal ends early", failure);
    } finally {
      while (!endings.isEmpty()) {
        // Not kept: a root that has ended still holds its contents.
        end(endings.pop());
      }
      try {
        clear();
      } catch (IOException left) {
        LOG.debug("the rehearsal left something behind", left);
      }
      LOG.debug("rehearsed {} changes in {} ms", changes, millis());
      ended.countDown();
    }
  }

  private void end(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception failure) {
      LOG.debug("a part of the rehearsal does not end", failure);
    }
  }

  private void perform() throws IOException, Failure, ListenException, IdentityException {
    NodeKey one = key("one");
    NodeKey other = key("other");
    PeerNetwork serving = network(one);
    PeerNetwork dialling = network(other);
    Path source = root("one", serving, one.node(), other.node());
    Path target = root("other", dialling, other.node(), one.node());
    serving.put(new Peer("other", "", other.node()));
    serving.start();
    dialling.start();
    dialling.put(new Peer("one", serving.address().toString(), one.node()));
    while (changes < extent.changesMax() && !isOver() && work.getAsLong() <= WORK_MAX) {
      int first = changes;
      int end = first + (first / BURST % 2 == 0 ? BURST : 1);
      for (int number = first; number < end; number++) {
        Files.write(source.resolve("file-" + number), content(number));
        Files.deleteIfExists(source.resolve("file-" + (number - FILES_MAX)));
      }
      awaitShown(target, first, end);
      changes = end;
    }
  }

  private NodeKey key(String name) throws IdentityException {
    return NodeKey.loadOrCreate(home.resolve(KEYS).resolve(name));
  }

  /** How many changes went over so far. */
  int changes() {
    return changes;
  }

  private byte[] content(int number) {
    content[0] = (byte) number;
    content[1] = (byte) (number >> Byte.SIZE);
    return content;
  }

  private void awaitShown(Path target, int first, int end) {
    for (int number = first; number < end; number++) {
      while (!Files.exists(target.resolve("file-" + number)) && !isOver()) {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  private PeerNetwork network(NodeKey key) {
    Pins pins = new Pins();
    PeerNetwork network =
        new PeerNetwork(
            new PeerNetwork.Settings(NAME, new Address("127.0.0.1", 0), NAME, SessionTimes.DEFAULT),
            new Tls(key, pins),
            pins,
            new MeshNetwork.Codec(),
            MachineClock.open(),
            (_, _) -> {},
            InboundPairing.NONE);
    endings.push(network);
    return network;
  }

  private Path root(String name, PeerNetwork network, NodeId self, NodeId peer)
      throws IOException, Failure {
    Path path = Files.createDirectories(place.resolve(name).resolve("tree"));
    Path state = Files.createDirectories(place.resolve(name).resolve("state"));
    RootConfig config =
        new RootConfig(
            NAME,
            path,
            path,
            Optional.empty(),
            List.of(),
            List.of(),
            RootConfig.Driver.FILES,
            RootConfig.SETTLE_MILLIS_DEFAULT,
            RootConfig.SCAN_MINUTES_DEFAULT,
            dev.replicator.port.MetadataRules.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            NAME);
    ReplicatedRoot root =
        engine.open(
            config,
            network.link(NAME),
            new RootFactory.Setting(
                self,
                state,
                new TreeMap<>(Map.of(peer, NAME)),
                Initial.UNION,
                false,
                true,
                Chronicle.NONE));
    endings.push(root::stop);
    root.start();
    return path;
  }

  /** What an earlier one left behind goes, too. */
  private void clear() throws IOException {
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** Ends it, and waits until nothing of it is left. */
  @Override
  public void close() throws InterruptedException {
    stopped = true;
    boolean started = thread.getState() != Thread.State.NEW;
    if (started && !thread.join(Duration.ofMillis(END_MILLIS_MAX))) {
      LOG.debug("the rehearsal is slow to end");
    }
  }
}
