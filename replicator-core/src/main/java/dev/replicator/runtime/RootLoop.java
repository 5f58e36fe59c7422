package dev.replicator.runtime;

import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.Now;
import dev.replicator.kernel.Replica;
import dev.replicator.kernel.Settings;
import dev.replicator.model.EntryType;
import dev.replicator.model.InvariantViolation;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.PeerLink;
import dev.replicator.port.TreeException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The one thread of a root. It takes tasks from the mailbox, steps the replica, and carries out
 * what the step wants: appends at once and in order, everything that may block on other threads,
 * whose outcomes come back through the mailbox.
 */

/** Steps one replica and runs its effects. */
final class RootLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RootLoop.class);
  private static final long TICK_MILLIS_MIN = 2;

  /** No event tells that something was mounted over the root, or its parent moved away. */
  private static final long ROOT_CHECK_MILLIS = 1_000;

  private final EngineParts parts;
  private final Mailbox mailbox = new Mailbox();
  private final Outcomes outcomes = new Outcomes(mailbox, this::stepAfter);
  private final RecentIndex index;
  private final Replica replica;
  private final Chronicler chronicler;
  private final Coalescer coalescer;
  private final EffectRunner effects;
  private final Watching watching;
  private final Timings timings;
  private final Thread thread;
  private final Map<Long, Consumer<Answer>> answers = new HashMap<>();
  private final PeerNames names;
  private final Alarms alarms;
  private final TreeMap<Long, List<Runnable>> timers = new TreeMap<>();
  private final HeldReaders readers;
  private final Questions questions = new Questions();
  private final CompletableFuture<RootEnd> ended = new CompletableFuture<>();
  private volatile String failure = "";
  private volatile Optional<RootIdentity> pinned = Optional.empty();
  private volatile boolean rootLost;
  private Optional<String> elsewhere = Optional.empty();
  private volatile boolean atWork;
  private List<JournalWrite> carried = List.of();
  private volatile boolean begun;
  private boolean running = true;
  private boolean appended;
  private long lastTickMillis;
  private long nextRootCheckMillis;
  private long lastRequest;
  private final long openedNanos;

  RootLoop(EngineParts parts, Timings timings) {
    this.parts = parts;
    this.openedNanos = parts.clock().monotonicNanos();
    this.timings = timings;
    this.watching = new Watching(parts, this, new Hints());
    this.readers = new HeldReaders(mailbox, parts.link());
    this.coalescer = new Coalescer(quietMillis(), parts.settle().toMillis());
    this.index = new RecentIndex(parts.journal());
    this.replica =
        new Replica(
            new Settings(
                parts.self(),
                this::replicates,
                parts.filter().fingerprint(),
                parts.initial(),
                parts.tree().capabilities().groups(),
                parts.observing()),
            index);
    this.names = new PeerNames(parts.peers());
    this.chronicler = new Chronicler(parts.name(), index, names, parts.chronicle());
    this.alarms = new Alarms(parts.name(), names, chronicler);
    this.effects = new EffectRunner(parts, this, timings);
    this.thread = new Thread(this::run, "root-" + parts.name());
  }

  /** Of whatever waits here: somebody may set the wall clock by a year. */
  long steadyMillis() {
    return TimeUnit.NANOSECONDS.toMillis(parts.clock().monotonicNanos() - openedNanos);
  }

  /** What is told at its close is at rest already. */
  long quietMillis() {
    return watching.current().capabilities().closeEvents() ? 0 : parts.quiet().toMillis();
  }

  private boolean replicates(RelativePath path, EntryType type) {
    return parts.filter().decide(path, type == EntryType.DIRECTORY) instanceof Verdict.Replicate;
  }

  void start() {
    chronicler.stands(RootReport.State.STARTING, "");
    thread.start();
  }

  Replica replica() {
    return replica;
  }

  EffectRunner effects() {
    return effects;
  }

  Watching watching() {
    return watching;
  }

  String failure() {
    return failure;
  }

  Questions questions() {
    return questions;
  }

  CompletableFuture<RootEnd> ended() {
    return ended;
  }

  List<String> alarms() {
    return alarms.notes();
  }

  PeerNames names() {
    return names;
  }

  Optional<RootIdentity> pinned() {
    return pinned;
  }

  /** Whether what the last end left open is settled, and events are taken. */
  boolean hasBegun() {
    return begun;
  }

  /** Whether something is being done about a path, or waits to be. */
  boolean isAtWork() {
    return atWork;
  }

  void pin(RootIdentity identity) {
    pinned = Optional.of(identity);
  }

  /** Has a task run on the root's thread; nothing happens once the root has ended. */
  void submit(Runnable task) {
    mailbox.put(task);
  }

  /** Has an event stepped on the root's thread, by itself. */
  void post(Event event) {
    mailbox.put(() -> step(event));
  }

  Outcomes outcomes() {
    return outcomes;
  }

  /** Runs {@code task} on the root's thread after a while. */
  void later(long millis, Runnable task) {
    mailbox.put(() ->
        timers.computeIfAbsent(steadyMillis() + millis, ignored -> new ArrayList<>()).add(task));
  }

  /** Asks the replica for something; the answer comes on the root's thread. */
  void ask(LongFunction<Event.Command> command, Consumer<Answer> answer) {
    mailbox.put(() -> {
      long request = ++lastRequest;
      answers.put(request, answer);
      step(command.apply(request));
    });
  }

  void reply(long request, Answer answer) {
    boolean progress = answer instanceof Answer.Resync resync && !resync.ended();
    Consumer<Answer> waiting = progress ? answers.get(request) : answers.remove(request);
    if (waiting != null) {
      waiting.accept(answer);
    }
  }

  void alarm(String text) {
    alarm(text, true);
  }

  void alarm(String text, boolean lasting) {
    alarms.raise(text, lasting, replica.heldReason());
  }

  private void run() {
    RootEnd end = new RootEnd.Stopped();
    try {
      begin();
      while (running) {
        runOnce();
      }
    } catch (InterruptedException interrupted) {
      end = new RootEnd.Broken("interrupted");
    } catch (InvariantViolation | LostWriteException | Error broken) {
      end = new RootEnd.Broken(broken.toString());
      LOG.error("root {} stops for good", parts.name(), broken);
    } catch (UncheckedIOException disk) {
      end = new RootEnd.Failed(String.valueOf(disk.getMessage()));
      LOG.error("root {} stops", parts.name(), disk);
    } catch (RuntimeException fault) {
      end = new RootEnd.Failed(fault.toString());
      LOG.error("root {} stops", parts.name(), fault);
    } finally {
      ended(end);
    }
  }

  private void ended(RootEnd end) {
    failure =
        switch (end) {
          case RootEnd.Stopped stopped -> "";
          case RootEnd.Failed failed -> names.in(failed.reason());
          case RootEnd.Broken broken -> broken.reason();
        };
    chronicler.ended(failure);
    mailbox.close();
    String how = failure.isEmpty() ? " was stopped" : " failed: " + failure;
    questions.end(new RootEndedException("root " + parts.name() + how));
    readers.release();
    ended.complete(end);
  }

  private void runOnce() throws InterruptedException {
    long now = steadyMillis();
    long due = Math.max(wakeAtMillis(), lastTickMillis + TICK_MILLIS_MIN);
    @Nullable Runnable task = mailbox.take(Math.min(due, nextRootCheckMillis) - now);
    if (task != null) {
      task.run();
    }
    now = steadyMillis();
    runTimers(now);
    suspect(coalescer.due(now));
    if (coalescer.takeOverflow()) {
      step(new Event.ScopeSuspected(RelativePath.ROOT, Cause.SCAN));
    }
    if (now >= due) {
      lastTickMillis = now;
      step(new Event.Tick());
    }
    watchRoot(now);
    if (appended && mailbox.isEmpty()) {
      step(new Event.Appended());
    }
    readers.releaseWhereThereIsRoom();
  }

  private long wakeAtMillis() {
    long timer = timers.isEmpty() ? Long.MAX_VALUE : timers.firstKey();
    return Math.min(Math.min(replica.wakeAtMillis(), coalescer.wakeAtMillis()), timer);
  }

  private void runTimers(long now) {
    while (!timers.isEmpty() && timers.firstKey() <= now) {
      timers.pollFirstEntry().getValue().forEach(Runnable::run);
    }
  }

  /** Settles what a crash left open, then starts the replica. */
  private void begin() {
    Recovery recovery = effects.recover();
    Optional<RootIdentity> root = identity();
    step(
        new Event.Started(
            Identities.draw(),
            parts.clock().bootId(),
            parts.clock().bootMillis(),
            root,
            new TreeSet<>(parts.peers().keySet()),
            recovery.settled()));
    effects.recovered(recovery);
    begun = true;
    watching.begin();
    parts.link().listen(new Inbox());
  }

  private Optional<RootIdentity> identity() {
    try {
      return Optional.of(parts.tree().identity());
    } catch (TreeException missing) {
      return Optional.empty();
    }
  }

  /** Asks now and then whether the root is still, or again, what it was. */
  private void watchRoot(long now) {
    if (now < nextRootCheckMillis) {
      return;
    }
    nextRootCheckMillis = now + ROOT_CHECK_MILLIS;
    effects.looks().checkRootAside();
  }

  /** From a worker: the root's thread need not wake up for what it knows. */
  void rootLooked(Optional<RootIdentity> seen, Optional<String> leadsTo) {
    if (rootLost || !isPinned(seen)) {
      submit(() -> {
        elsewhere = leadsTo.map(place -> parts.path() + " leads to " + place + " now");
        rootSeen(seen);
      });
    }
  }

  /** Of a root that is lost and whose path leads through a symbolic link: where it does. */
  Optional<String> elsewhere() {
    return rootLost ? elsewhere : Optional.empty();
  }

  private boolean isPinned(Optional<RootIdentity> seen) {
    Optional<RootIdentity> known = pinned;
    return seen.isPresent() && known.isPresent() && seen.get().isAtHand(known.get());
  }

  private void rootSeen(Optional<RootIdentity> seen) {
    if (!isPinned(seen) && pinned.isPresent() && !replica.isRootLost()) {
      String reason =
          seen.isPresent()
              ? "the root was replaced by another directory, or is not mounted"
                  + elsewhere.map(text -> ": " + text).orElse("")
              : Event.RootLost.MISSING;
      step(new Event.RootLost(new Problem(Problem.Kind.HELD, reason)));
    } else if (replica.isRootLost() && seen.isPresent()) {
      step(new Event.RootFound(seen.get()));
    }
  }

  private void suspect(List<Coalescer.Due> hints) {
    hints.stream()
        .filter(due -> due.hint().kind() == Hint.Kind.CHANGED)
        .forEach(due -> effects.looks().written(due.path()));
    outcomes.step(hints.stream().flatMap(due -> due.hint().at(due.path()).stream()).toList());
  }

  void flush() {
    suspect(coalescer.flush());
  }

  void step(Event event) {
    if (!running) {
      return;
    }
    appended = false;
    List<Effect> wanted = replica.step(new Now(parts.clock().wallMillis(), steadyMillis()), event);
    rootLost = replica.isRootLost();
    chronicler.read(event, wanted);
    boolean alone = mailbox.isEmpty() && DiskEffects.isOne(wanted);
    boolean appends = !wanted.isEmpty() && wanted.getFirst() instanceof Effect.Append;
    if (!carried.isEmpty() && !appends) {
      append(List.of());
    }
    for (Effect effect : wanted) {
      appended = appended || effect instanceof Effect.Append;
      effects.run(effect, alone);
    }
    chronicler.tell();
    chronicler.stands(Reports.state(replica), Reports.reason(replica));
    atWork = replica.inFlight() > 0 || replica.backlog() > 0;
    effects.scans().stepped(replica.backlog(), replica.scanBacklog(), replica.isScanned());
  }

  /** Of the root's thread: with what the event of this step brought along. */
  void append(List<JournalWrite> writes) {
    List<JournalWrite> all = new ArrayList<>(carried);
    all.addAll(writes);
    carried = List.of();
    index.append(all);
  }

  /** Steps an event that relies on chunk lists: they are stored with what it decides. */
  void stepAfter(List<JournalWrite> writes, Event event) {
    carried = writes;
    step(event);
  }

  void peersChanged(SortedMap<NodeId, String> peers) {
    names.change(peers);
    submit(() -> step(new Event.PeersConfigured(new TreeSet<>(peers.keySet()))));
  }

  /** Ends cleanly: waits for what runs, syncs, writes the marker. */
  void stop(long millisMax) {
    CleanStop stop = new CleanStop(parts.name());
    ask(Event.StopAsked::new, stop);
    CompletableFuture<Void> unused = ended.thenRun(() -> stop.accept(new Answer.Refused(failure)));
    submit(effects::cutShort);
    try {
      boolean clean = failure.isEmpty() && stop.await(millisMax);
      submit(() -> {
        if (clean) {
          parts.journal().sync();
        }
        running = false;
      });
      ended.get(millisMax, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException slow) {
      LOG.warn("root {} did not end in time", parts.name());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Messages and sessions, from network threads. */
  private final class Inbox implements PeerLink.Listener {
    @Override
    public void connected(NodeId peer) {
      post(new Event.Connected(peer));
    }

    @Override
    public void disconnected(NodeId peer) {
      effects.disconnected(peer);
      post(new Event.Disconnected(peer));
    }

    @Override
    public void received(NodeId peer, Message message) {
      if (effects.contentInbox().received(peer, message)) {
        return;
      }
      long arrived = System.nanoTime();
      mailbox.put(() -> {
        timings.add("mailbox", System.nanoTime() - arrived);
        readers.heardOf(peer);
        step(new Event.Received(peer, message));
      });
    }
  }

  /** Hints of the watcher, on this thread. */
  private final class Hints implements WatchInbox.Hints {
    @Override
    public void hint(RelativePath path, Hint hint) {
      coalescer.hint(path, hint, steadyMillis());
    }

    @Override
    public void written(RelativePath path, long inode) {
      step(new Event.Written(path, inode));
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      alarm("the watcher may have missed changes: " + reason);
      step(new Event.ScopeSuspected(scope, Cause.SCAN));
    }

    @Override
    public void failed(String reason) {
      alarm("watcher failed: " + reason);
    }
  }
}
