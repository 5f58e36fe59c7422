package dev.replicator.runtime;

import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.GroupOutcome;
import dev.replicator.kernel.Outcome;
import dev.replicator.kernel.Settled;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out effects: on the root's thread what must be in order, elsewhere what may block. */
final class EffectRunner {
  private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);
  private static final long KEEP_RETRY_MILLIS = 10_000;
  private static final long KEEP_RETRY_MILLIS_MAX = 160_000;
  private static final long END_MILLIS_MAX = 2_000;
  private static final int WORKERS_MAX = 4;
  private static final Problem TOO_MANY_WRITERS =
      new Problem(Problem.Kind.BUSY, "it is open for writing, and so are too many replaced files");

  private final EngineParts parts;
  private final RootLoop loop;
  private final Timings timings;
  private final ContentCache cache = new ContentCache();
  private final LocalContent content;
  private final EarlyStaging early;
  private final Beginnings beginnings = new Beginnings();
  private final Sweep sweep;
  private final ContentInbox contentInbox;
  private final Looks looks;
  private final Scans scans;
  private final DiskWork disk;
  private final GroupWork groups;
  private final LateWriters lateWriters;
  private final Rescue rescue;
  private final SyncWork syncs;
  private final Outbox outbox;
  private final ExecutorService workers;
  private final ExecutorService waiters = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean keeping = new AtomicBoolean();
  private volatile long keepPauseMillis = KEEP_RETRY_MILLIS;

  EffectRunner(EngineParts parts, RootLoop loop, Timings timings) {
    this.parts = parts;
    this.loop = loop;
    this.timings = timings;
    long quiet = loop.quietMillis();
    Inspector inspector =
        new Inspector(parts.tree(), parts.clock(), cache, quiet, parts.journal()::chunks);
    this.content = new LocalContent(parts.journal(), parts.tree(), parts.vault(), cache, inspector);
    Transfer transfer = new Transfer(parts.link());
    ContentServer server = new ContentServer(parts.link(), content, this::aside, loop::post);
    Assembler assembler = new Assembler(content, cache, transfer);
    this.early = new EarlyStaging(parts.tree());
    this.disk = new DiskWork(parts.tree(), parts.vault(), inspector, assembler, content, early);
    EarlyChunks chunks = disk.earlyChunks();
    this.sweep =
        new Sweep(cache, early, chunks, (task, millis) -> loop.later(millis, () -> work(task)));
    this.groups = new GroupWork(parts.tree(), disk);
    this.lateWriters = new LateWriters(parts.tree(), disk, loop, this::work);
    this.rescue = new Rescue(parts.name(), disk);
    this.syncs = new SyncWork(parts, loop, this::work);
    this.outbox = new Outbox(parts.link(), cache);
    int processors = Runtime.getRuntime().availableProcessors();
    this.workers =
        Executors.newFixedThreadPool(
            Math.clamp(processors, 2, WORKERS_MAX),
            Thread.ofPlatform().name("work-" + parts.name() + "-", 0).daemon().factory());
    ChunkIntake intake = new ChunkIntake(chunks, this::isPutHere, timings, this::aside);
    this.contentInbox = new ContentInbox(server, transfer, cache, early, intake, this::work, sweep);
    Offers offers = new Offers(parts, outbox, this::work, beginnings);
    this.looks = new Looks(parts, loop, timings, inspector, offers, this::work);
    this.scans = new Scans(parts, loop, this::aside, inspector.young());
  }

  Looks looks() {
    return looks;
  }

  Scans scans() {
    return scans;
  }

  LocalContent content() {
    return content;
  }

  /**
   * @param alone whether nothing else waits: what is done within microseconds is then done here,
   *     for another thread would only have to wake up
   */
  void run(Effect effect, boolean alone) {
    switch (effect) {
      case Effect.Append it -> append(it);
      case Effect.Send it -> {
        outbox.send(it.peer(), it.message(), it.push());
        sweep.begin();
      }
      case Effect.Disconnect it -> parts.link().disconnect(it.peer(), it.reason());
      case Effect.Renew it -> parts.link().renew(it.peer(), it.reason());
      case Effect.Inspect it -> looks.inspect(it, alone);
      case Effect.Scan it -> loop.watching().onceBegun(() -> scans.run(it));
      case Effect.CheckRoot it -> work(looks::checkRoot);
      case Effect.AcceptRoot it -> acceptRoot(it.identity());
      case Effect.Stage it -> {
        if (!alone || !stageAtHand(it)) {
          aside(() -> stage(it));
        }
      }
      case Effect.Discard it -> work(() -> disk.discard(it.name()));
      case Effect.Exchange it -> {
        content.leaving().begin(it.intent());
        if (alone && isSmall(it.intent())) {
          exchange(it);
        } else {
          work(() -> exchange(it));
        }
      }
      case Effect.PlaceGroup it -> work(() -> placeGroup(it));
      case Effect.AwaitWriter it -> lateWriters.follow(it.displaced());
      case Effect.Keep it -> aside(() -> keep(it));
      case Effect.Recall it -> aside(() -> recall(it));
      case Effect.Sync it -> syncs.begin(it.paths());
      case Effect.Flush it -> flush(it.request());
      case Effect.DrawIdentity it -> loop.post(new Event.IdentityDrawn(Identities.draw()));
      case Effect.Reply it -> loop.reply(it.request(), it.answer());
      case Effect.Alarm it -> loop.alarm(it.text(), it.lasting());
      case Effect.Abandon it -> Abandonment.begin(parts, loop, it.reason());
    }
  }

  /** What gives way may have to be copied: by another thread, unless it is small. */
  private static boolean isSmall(Intent intent) {
    return intent
        .expected()
        .map(m -> !(m.entry() instanceof Entry.File file) || file.size() <= Limits.INLINE_BYTES_MAX)
        .orElse(true);
  }

  private boolean isPutHere(RelativePath path) {
    return !parts.observing() && parts.filter().decide(path, false) instanceof Verdict.Replicate;
  }

  private void work(Runnable task) {
    try {
      workers.execute(task);
    } catch (RejectedExecutionException ending) {
      LOG.debug("not done, the root ends");
    }
  }

  private void append(Effect.Append effect) {
    long from = System.nanoTime();
    loop.append(effect.writes());
    if (effect.synced()) {
      LostWriteException.unlessDone(parts.journal()::sync);
    }
    sweep.begin();
    timings.add("journal", System.nanoTime() - from);
  }

  private void acceptRoot(RootIdentity identity) {
    parts.tree().pin(identity);
    loop.pin(identity);
    loop.watching().rootAccepted();
    try {
      parts.tree().mark(identity);
    } catch (TreeException failure) {
      loop.alarm("cannot mark the root: " + failure.problem());
    }
  }

  private void stage(Effect.Stage effect) {
    long from = System.nanoTime();
    guard(
        () -> {
          staged(effect, disk.stage(effect), from);
          return true;
        },
        problem -> new Event.StageFailed(effect.path(), problem));
  }

  /** Stages what needs neither a peer nor another file; whether it did, or failed for good. */
  private boolean stageAtHand(Effect.Stage effect) {
    long from = System.nanoTime();
    return guard(
        () -> {
          Optional<DiskWork.StagedTarget> staged = disk.stageAtHand(effect);
          staged.ifPresent(target -> staged(effect, target, from));
          return staged.isPresent();
        },
        problem -> new Event.StageFailed(effect.path(), problem));
  }

  private void staged(Effect.Stage effect, DiskWork.StagedTarget staged, long fromNanos) {
    timings.add("stage", System.nanoTime() - fromNanos);
    if (staged.ahead() > 0) {
      timings.add("stage-ahead", System.nanoTime() - fromNanos);
      LOG.debug("{}: {} chunks came ahead of the change", effect.path(), staged.ahead());
    }
    effect.target().entry().content().ifPresent(it -> beginnings.note(it, staged.chunks()));
    List<JournalWrite> chunks = chunks(effect.target().entry(), staged.chunks());
    loop.outcomes()
        .tell(
            chunks,
            new Event.Staged(effect.path(), effect.target(), staged.name(), staged.stamp()));
  }

  private static List<JournalWrite> chunks(Entry entry, ChunkList chunks) {
    return entry instanceof Entry.File file && file.size() > 0
        ? List.of(new JournalWrite.PutChunks(file.digest(), chunks))
        : List.of();
  }

  private void keep(Effect.Keep effect) {
    guard(
        () -> {
          ChunkList chunks = disk.fetches().keep(effect);
          Digest digest = effect.file().digest();
          loop.outcomes()
              .tell(chunks(effect.file(), chunks), new Event.Kept(effect.path(), digest));
          return true;
        },
        problem -> new Event.KeepFailed(effect.path(), effect.file().digest(), problem));
  }

  private void recall(Effect.Recall effect) {
    guard(
        () -> {
          ChunkList chunks = disk.fetches().recall(effect);
          loop.outcomes()
              .tell(
                  chunks(effect.file(), chunks),
                  new Event.Recalled(effect.request(), Optional.empty()));
          return true;
        },
        problem -> new Event.Recalled(effect.request(), Optional.of(problem)));
  }

  /** What {@code work} answers; true when it failed, of which an event tells in every case. */
  private boolean guard(Callable<Boolean> work, Function<Problem, Event> failed) {
    Problem problem;
    try {
      return work.call();
    } catch (TreeException failure) {
      problem = failure.problem();
    } catch (IOException failure) {
      problem = TreeException.problemOf(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      problem = new Problem(Problem.Kind.WAITING, "the root ends");
    } catch (Exception broken) {
      LOG.error("work on a path failed", broken);
      problem = new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString());
    }
    loop.outcomes().tell(failed.apply(problem));
    return true;
  }

  private void exchange(Effect.Exchange effect) {
    long from = System.nanoTime();
    RelativePath path = effect.path();
    try {
      Tree.Exchanged exchanged =
          lateWriters.refuse(path)
              ? new Tree.Exchanged.Failed(TOO_MANY_WRITERS)
              : disk.exchange(effect);
      Outcome outcome = disk.conclude(path, effect.intent(), exchanged);
      timings.add("apply", System.nanoTime() - from);
      exchanged(path, outcome);
      if (outcome.cameToNothing()) {
        discardJournaled(effect.intent().stagedName());
      }
    } catch (RuntimeException | LinkageError broken) {
      // What waits in staging may be what gave way: it stays there, for the next start.
      LOG.error("exchange of {} failed", path, broken);
      Problem problem = new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString());
      exchanged(path, new Outcome.Failed(problem));
    } finally {
      content.leaving().end(effect.intent());
    }
  }

  private void placeGroup(Effect.PlaceGroup effect) {
    long from = System.nanoTime();
    GroupOutcome outcome;
    try {
      outcome = groups.place(effect);
    } catch (RuntimeException | LinkageError broken) {
      LOG.error("directory {} could not be put as a whole", effect.top(), broken);
      groups.disband(effect.members());
      outcome =
          new GroupOutcome.NotPlaced(new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString()));
    }
    timings.add("apply", System.nanoTime() - from);
    Event event = new Event.GroupPlaced(effect.top(), outcome);
    if (outcome instanceof GroupOutcome.Placed placed && !placed.displaced().isEmpty()) {
      stepThenKeep(event, placed.displaced());
    } else {
      loop.post(event);
    }
    if (outcome instanceof GroupOutcome.Placed placed) {
      placed.members().values().forEach(this::discardSpent);
    }
    sweepUnkept();
  }

  private void exchanged(RelativePath path, Outcome outcome) {
    Event event = new Event.Exchanged(path, outcome);
    if (outcome instanceof Outcome.Overtaken overtaken) {
      stepThenKeep(event, List.of(overtaken.displaced()));
    } else {
      loop.outcomes().tell(event);
    }
    discardSpent(outcome);
    sweepUnkept();
  }

  private void discardSpent(Outcome outcome) {
    disk.spent(outcome).ifPresent(this::discardJournaled);
  }

  /** After the event that was told before: until that is journaled, a start asks what waits. */
  private void discardJournaled(String name) {
    loop.submit(() -> work(() -> disk.discard(name)));
  }

  /** Has an event stepped, and what it tells of taken out of staging once that is appended. */
  void stepThenKeep(Event event, List<Observation.Found> displaced) {
    loop.submit(() -> {
      loop.step(event);
      displaced.forEach(this::keepJournaled);
    });
  }

  /** What was displaced is in the journal. */
  void keepJournaled(Observation.Found displaced) {
    work(() -> {
      disk.journaled(displaced);
      sweepUnkept();
    });
  }

  private void sweepUnkept() {
    if (!disk.keeper().unkept().isEmpty()) {
      // What the replica now believes to be kept is not.
      loop.post(new Event.Swept(disk.keeper().unkept()));
    }
    keepWaiting();
  }

  /** What could not be kept is tried again. */
  void keepWaiting() {
    lateWriters.lookAgainLater();
    if (disk.keeper().isWaiting()) {
      keepLater();
    }
  }

  private void keepLater() {
    if (keeping.compareAndSet(false, true)) {
      loop.later(keepPauseMillis, () -> work(this::keepAgain));
    }
  }

  private void keepAgain() {
    try {
      disk.keeper().keepAgain();
      keepPauseMillis =
          disk.keeper().isWaiting()
              ? Math.min(2 * keepPauseMillis, KEEP_RETRY_MILLIS_MAX)
              : KEEP_RETRY_MILLIS;
    } finally {
      // One at a time: it may read for minutes.
      keeping.set(false);
    }
    keepWaiting();
  }

  private void flush(long request) {
    loop.submit(loop::flush);
    loop.watching()
        .current()
        .cookie(() ->
            work(() -> {
              // Another directory may be in the place of the one that is watched.
              looks.lookAtRoot();
              loop.submit(() -> {
                loop.flush();
                // One that failed, or was not there yet, answers too.
                loop.step(new Event.Flushed(request, loop.watching().isExact()));
              });
            }));
  }

  ContentInbox contentInbox() {
    return contentInbox;
  }

  void disconnected(NodeId peer) {
    contentInbox.disconnected(peer);
    outbox.disconnected(peer);
  }

  LateWriters lateWriters() {
    return lateWriters;
  }

  /** Settles what a crash left open; {@link #recovered} follows. */
  Recovery recover() {
    Recovery recovery = new Recovery(parts, disk, groups);
    recovery.run();
    parts.journal().displaced().forEach(lateWriters::follow);
    return recovery;
  }

  /** The root is open: what is left in staging may take its time. */
  void recovered(Recovery recovery) {
    for (Settled each : recovery.settled()) {
      if (each instanceof Settled.Overtaken overtaken) {
        keepJournaled(overtaken.displaced());
      }
    }
    rescue.start(
        recovery.underway(),
        recovery.unused(),
        recovery.leftovers(),
        this::exchanged,
        this::sweepUnkept);
  }

  /** Whether nothing of what the last end left in staging is still there, or was given up. */
  boolean isRescueOver() {
    return rescue.isOver();
  }

  /** The root ends: what may take long is given up, and goes on at the next start. */
  void cutShort() {
    looks.cutShort();
    waiters.shutdownNow();
  }

  /** Returns once nothing works on the disk any more: another engine may open the root then. */
  void close() {
    scans.close();
    rescue.close();
    waiters.shutdownNow();
    workers.shutdownNow();
    early.close();
    disk.earlyChunks().close();
    try {
      boolean quiet = workers.awaitTermination(END_MILLIS_MAX, TimeUnit.MILLISECONDS);
      quiet = scans.awaitEnd(END_MILLIS_MAX) && quiet;
      quiet = rescue.awaitEnd(END_MILLIS_MAX) && quiet;
      if (!(waiters.awaitTermination(END_MILLIS_MAX, TimeUnit.MILLISECONDS) && quiet)) {
        LOG.warn("root {}: work on the disk is slow to end", parts.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    List<SecondLooks.Written> unused = disk.secondLooks().look(true);
  }

  DiskWork disk() {
    return disk;
  }

  /** Runs what may wait for others. */
  void aside(Runnable task) {
    try {
      waiters.execute(task);
    } catch (RejectedExecutionException ending) {
      LOG.debug("not begun, the root ends");
    }
  }
}
