package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.Outcome;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Message;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out effects: on the root's thread what must be in order, elsewhere what may block. */
final class EffectRunner {
  private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);
  private static final int BACKLOG_MAX = 4_096;
  private static final long BACKLOG_NANOS = 1_000_000;
  private static final int PATIENCE = 50;
  private static final long UNREADABLE_RETRY_MILLIS = 10_000;
  private static final long KEEP_RETRY_MILLIS = 10_000;
  private static final long SYNC_RETRY_MILLIS = 1_000;
  private static final long END_MILLIS_MAX = 2_000;
  private static final int WORKERS_MAX = 4;

  private final EngineParts parts;
  private final RootLoop loop;
  private final Timings timings;
  private final ContentCache cache = new ContentCache();
  private final LocalContent content;
  private final Transfer transfer;
  private final ContentServer server;
  private final Inspector inspector;
  private final DiskWork disk;
  private final Outbox outbox;
  private final Scanner scanner;
  private final ExecutorService workers;
  private final ExecutorService waiters = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicBoolean checkingRoot = new AtomicBoolean();
  private final AtomicBoolean keeping = new AtomicBoolean();
  private volatile int backlog;
  private volatile long scanned;

  EffectRunner(EngineParts parts, RootLoop loop, Timings timings) {
    this.parts = parts;
    this.loop = loop;
    this.timings = timings;
    this.content = new LocalContent(parts.journal(), parts.tree(), parts.vault(), cache);
    this.transfer = new Transfer(parts.link());
    this.server = new ContentServer(parts.link(), content, waiters);
    long quiet = loop.quietMillis();
    this.inspector = new Inspector(parts.tree(), parts.clock(), cache, quiet);
    Assembler assembler = new Assembler(content, cache, transfer);
    this.disk = new DiskWork(parts.tree(), parts.vault(), inspector, assembler, content);
    this.outbox = new Outbox(parts.link(), cache);
    this.scanner = new Scanner(parts.tree(), parts.journal(), parts.filter(), loop::pinned);
    int processors = Runtime.getRuntime().availableProcessors();
    this.workers =
        Executors.newFixedThreadPool(
            Math.clamp(processors, 2, WORKERS_MAX),
            Thread.ofPlatform().name("work-" + parts.name() + "-", 0).daemon().factory());
  }

  Scanner scanner() {
    return scanner;
  }

  LocalContent content() {
    return content;
  }

  /** Entries compared by the scan that runs, or ran last. */
  long scanned() {
    return scanned;
  }

  void backlog(int looks) {
    backlog = looks;
  }

  void run(Effect effect) {
    switch (effect) {
      case Effect.Append it -> append(it);
      case Effect.Send it -> outbox.send(it.peer(), it.message(), it.push());
      case Effect.Disconnect it -> parts.link().disconnect(it.peer(), it.reason());
      case Effect.Renew it -> parts.link().renew(it.peer(), it.reason());
      case Effect.Inspect it -> work(() -> inspect(it, PATIENCE));
      case Effect.Scan it -> waiters.execute(() -> scan(it));
      case Effect.CheckRoot it -> work(this::checkRoot);
      case Effect.AcceptRoot it -> acceptRoot(it.identity());
      case Effect.Stage it -> waiters.execute(() -> stage(it));
      case Effect.Discard it -> work(() -> disk.discard(it.name()));
      case Effect.Exchange it -> work(() -> exchange(it));
      case Effect.Keep it -> waiters.execute(() -> keep(it));
      case Effect.Recall it -> waiters.execute(() -> recall(it));
      case Effect.Sync it -> work(() -> sync(it.paths()));
      case Effect.Flush it -> flush(it.request());
      case Effect.DrawIdentity it -> loop.post(new Event.IdentityDrawn(Identities.draw()));
      case Effect.Reply it -> loop.reply(it.request(), it.answer());
      case Effect.Alarm it -> loop.alarm(it.text());
    }
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
    parts.journal().append(effect.writes());
    timings.add("journal", System.nanoTime() - from);
  }

  private void inspect(Effect.Inspect effect, int patience) {
    long from = System.nanoTime();
    Inspector.Result result;
    try {
      result = inspector.inspect(effect.path(), effect.expected(), effect.reread(), patience > 0);
    } catch (RuntimeException broken) {
      LOG.error("cannot inspect {}", effect.path(), broken);
      result =
          new Inspector.Result.Seen(
              new Observation.Unreadable(
                  new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString())));
    }
    switch (result) {
      case Inspector.Result.Seen seen -> {
        if (seen.observation() instanceof Observation.Found) {
          timings.add("read", System.nanoTime() - from);
        }
        loop.post(new Event.Inspected(effect.path(), seen.observation()));
      }
      case Inspector.Result.Restless restless ->
          loop.later(restless.millis(), () -> work(() -> inspect(effect, patience - 1)));
    }
  }

  private void scan(Effect.Scan effect) {
    boolean whole = false;
    try {
      whole = scanner.scan(effect, new Told());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      LOG.error("scan of {} failed", effect.scope(), broken);
    }
    boolean ended = whole;
    loop.post(new Event.ScanEnded(effect.scan(), ended));
  }

  /** Hands what a scan finds to the replica, no faster than it is worked off. */
  private final class Told implements Scanner.Findings {
    @Override
    public void differs(RelativePath path, Cause cause, boolean reread)
        throws InterruptedException {
      while (backlog > BACKLOG_MAX) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        LockSupport.parkNanos(BACKLOG_NANOS);
      }
      loop.post(new Event.Suspected(path, cause, 0, reread));
    }

    @Override
    public void compared(long entries) {
      scanned = entries;
    }

    @Override
    public void unreadable(RelativePath directory, TreeException failure) {
      LOG.warn("cannot read directory {}: {}", directory, failure.problem());
      loop.post(new Event.Unreadable(directory, failure.problem()));
      if (!directory.isRoot()) {
        loop.later(
            UNREADABLE_RETRY_MILLIS,
            () -> loop.step(new Event.ScopeSuspected(directory, Cause.SCAN)));
      }
    }
  }

  private void checkRoot() {
    boolean itself = false;
    boolean empty = false;
    try {
      RootIdentity now = parts.tree().identity();
      itself = isPinned(now);
      empty = itself && parts.tree().list(RelativePath.ROOT).isEmpty();
    } catch (TreeException failure) {
      LOG.warn("root {}: {}", parts.name(), failure.problem());
    }
    loop.post(new Event.RootChecked(itself, empty));
  }

  private boolean isPinned(RootIdentity now) {
    return loop.pinned()
        .map(known -> known.device() == now.device() && known.inode() == now.inode())
        .orElse(false);
  }

  /** Looks at the root without a question of the replica, one look at a time. */
  void checkRootAside() {
    if (checkingRoot.compareAndSet(false, true)) {
      work(() -> {
        Optional<RootIdentity> seen = Optional.empty();
        try {
          seen = Optional.of(parts.tree().identity());
        } catch (TreeException missing) {
          LOG.debug("root {}: {}", parts.name(), missing.problem());
        }
        Optional<RootIdentity> now = seen;
        checkingRoot.set(false);
        loop.submit(() -> loop.rootSeen(now));
      });
    }
  }

  private void acceptRoot(RootIdentity identity) {
    parts.tree().pin(identity);
    loop.pin(identity);
    loop.watching().rootAccepted();
    try {
      parts.tree().mark(identity.marker());
    } catch (TreeException failure) {
      loop.alarm("cannot mark the root: " + failure.problem());
    }
  }

  private void stage(Effect.Stage effect) {
    long from = System.nanoTime();
    guard(
        () -> {
          DiskWork.StagedTarget staged = disk.stage(effect);
          timings.add("stage", System.nanoTime() - from);
          List<JournalWrite> chunks = chunks(effect.target().entry(), staged.chunks());
          loop.submit(() ->
              loop.stepAfter(
                  chunks,
                  new Event.Staged(effect.path(), effect.target(), staged.name(), staged.stamp())));
          return true;
        },
        problem -> new Event.StageFailed(effect.path(), problem));
  }

  private static List<JournalWrite> chunks(Entry entry, ChunkList chunks) {
    return entry instanceof Entry.File file && file.size() > 0
        ? List.of(new JournalWrite.PutChunks(file.digest(), chunks))
        : List.of();
  }

  private void keep(Effect.Keep effect) {
    guard(
        () -> {
          ChunkList chunks = disk.keep(effect);
          Digest digest = effect.file().digest();
          loop.submit(() ->
              loop.stepAfter(chunks(effect.file(), chunks), new Event.Kept(effect.path(), digest)));
          return true;
        },
        problem -> new Event.KeepFailed(effect.path(), effect.file().digest(), problem));
  }

  private void recall(Effect.Recall effect) {
    guard(
        () -> {
          ChunkList chunks = disk.recall(effect);
          loop.submit(() ->
              loop.stepAfter(
                  chunks(effect.file(), chunks),
                  new Event.Recalled(effect.request(), Optional.empty())));
          return true;
        },
        problem -> new Event.Recalled(effect.request(), Optional.of(problem)));
  }

  /** Turns every way in which work on one path can fail into an event. */
  private void guard(Callable<Boolean> work, Function<Problem, Event> failed) {
    Problem problem;
    try {
      work.call();
      return;
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
    loop.post(failed.apply(problem));
  }

  private void exchange(Effect.Exchange effect) {
    long from = System.nanoTime();
    RelativePath path = effect.path();
    try {
      Tree.Exchanged exchanged = disk.exchange(path, effect.intent());
      Optional<LateWriter> writer = disk.lateWriter(effect.intent(), exchanged);
      if (writer.isPresent()) {
        waiters.execute(() -> await(effect, writer.get()));
        return;
      }
      Outcome outcome = disk.conclude(path, effect.intent(), exchanged);
      timings.add("apply", System.nanoTime() - from);
      exchanged(path, outcome);
    } catch (RuntimeException broken) {
      exchangeFailed(path, broken);
    }
  }

  /** Whoever is interrupted here leaves the intent open: the next start settles it. */
  private void await(Effect.Exchange effect, LateWriter writer) {
    RelativePath path = effect.path();
    try {
      Tree.Exchanged exchanged = writer.await();
      exchanged(path, disk.conclude(path, effect.intent(), exchanged));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      exchangeFailed(path, broken);
    }
  }

  private void exchanged(RelativePath path, Outcome outcome) {
    loop.post(new Event.Exchanged(path, outcome));
    if (!disk.unkept().isEmpty()) {
      // What the replica now believes to be kept is not.
      loop.post(new Event.Swept(disk.unkept()));
      keepLater();
    }
  }

  private void keepLater() {
    if (keeping.compareAndSet(false, true)) {
      loop.later(KEEP_RETRY_MILLIS, () -> work(this::keepAgain));
    }
  }

  private void keepAgain() {
    keeping.set(false);
    disk.keepAgain();
    if (!disk.unkept().isEmpty()) {
      keepLater();
    }
  }

  private void exchangeFailed(RelativePath path, RuntimeException broken) {
    LOG.error("exchange of {} failed", path, broken);
    Problem problem = new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString());
    loop.post(new Event.Exchanged(path, new Outcome.Failed(problem)));
  }

  private void sync(List<RelativePath> paths) {
    long started = parts.clock().wallMillis();
    try {
      Tree.Synced synced = parts.tree().sync(paths);
      parts.journal().sync();
      loop.submit(() -> synced(started, paths, synced));
    } catch (RuntimeException failure) {
      loop.submit(() -> {
        throw new LostWriteException(failure.toString());
      });
    }
  }

  private void synced(long started, List<RelativePath> paths, Tree.Synced synced) {
    switch (synced) {
      case Tree.Synced.Done done -> {
        // Whatever hides them from us may have changed them.
        done.skipped().forEach(path -> loop.step(new Event.Suspected(path, Cause.SCAN, 0, false)));
        loop.step(new Event.Synced(started));
      }
      case Tree.Synced.RootLost lost -> {
        loop.step(new Event.RootLost(lost.problem()));
        loop.later(SYNC_RETRY_MILLIS, () -> work(() -> sync(paths)));
      }
      case Tree.Synced.Failed failed -> throw new LostWriteException(failed.problem().toString());
    }
  }

  private void flush(long request) {
    loop.submit(loop::flush);
    loop.watching()
        .current()
        .cookie(() ->
            loop.submit(() -> {
              loop.flush();
              // One that failed, or was not there yet, answers too.
              loop.step(new Event.Flushed(request, loop.watching().isExact()));
            }));
  }

  /** Takes messages about content; whether it was one. From network threads. */
  boolean receivedContent(NodeId peer, Message message) {
    switch (message) {
      case Message.ManifestWanted it -> server.manifestWanted(peer, it);
      case Message.ChunksWanted it -> server.chunksWanted(peer, it);
      case Message.Manifest it -> transfer.answered(peer, it.request(), it);
      case Message.ChunkData it -> transfer.answered(peer, it.request(), it);
      case Message.ContentUnavailable it -> transfer.answered(peer, it.request(), it);
      case Message.Changes it -> {
        it.contents().forEach(cache::put);
        return false;
      }
      case Message.Hello it -> {
        return false;
      }
      case Message.Acknowledgement it -> {
        return false;
      }
      case Message.Facts it -> {
        return false;
      }
      case Message.Compare it -> {
        return false;
      }
      case Message.Compared it -> {
        return false;
      }
      case Message.Told it -> {
        return false;
      }
    }
    return true;
  }

  void disconnected(NodeId peer) {
    transfer.disconnected(peer);
  }

  /** Keeps the local write that an exchange before a crash displaced. */
  Observation.Found displaced(Tree.Settled.Overtaken settled) throws TreeException, IOException {
    return disk.displaced(settled.displacedLook(), settled.displaced());
  }

  /** Takes away what a crash left in staging. */
  void cleanStaged(String name, boolean rescue) {
    if (rescue) {
      disk.rescue(name);
    } else {
      disk.discard(name);
    }
    if (!disk.unkept().isEmpty()) {
      keepLater();
    }
  }

  /** Returns once nothing works on the disk any more: another engine may open the root then. */
  void close() {
    waiters.shutdownNow();
    workers.shutdownNow();
    try {
      boolean quiet = workers.awaitTermination(END_MILLIS_MAX, TimeUnit.MILLISECONDS);
      if (!(waiters.awaitTermination(END_MILLIS_MAX, TimeUnit.MILLISECONDS) && quiet)) {
        LOG.warn("root {}: work on the disk is slow to end", parts.name());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs a read-only question aside. */
  void aside(Runnable task) {
    try {
      waiters.execute(task);
    } catch (RejectedExecutionException ending) {
      LOG.debug("not asked, the root ends");
    }
  }
}
