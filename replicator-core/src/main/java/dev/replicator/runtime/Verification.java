package dev.replicator.runtime;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Digests;
import dev.replicator.filter.Verdict;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The index is walked page by page, by a few threads. A file of which the stamp is the one that it
 * was put or read with is read from its disk, and cut and digested anew. What then differs was
 * written by nobody whom the file system knows of. It is read twice before that is believed, and
 * not believed of a file that somebody may write to in this moment.
 */

/** Reads the files of a root again, once, and compares them with what the index says of them. */
final class Verification {
  private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
  private static final int PAGE = 256;
  private static final int FINDINGS_MAX = 500;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What is younger may have been written to twice within one tick of the file system's clock. */
  private static final long YOUNG_MILLIS = 2_000;

  private final EngineParts parts;
  private final RootLoop loop;
  private final VerifyReport.Order order;
  private final Consumer<VerifyReport> progress;
  private final CompletableFuture<VerifyReport> ended;
  private final Inspector inspector;
  private final VerifyPace pace;
  private final long total;
  private final long beganNanos = System.nanoTime();
  private final Deque<Map.Entry<RelativePath, Materialised>> page = new ArrayDeque<>();
  private RelativePath cursor = RelativePath.ROOT;
  private boolean over;

  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong files = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong changed = new AtomicLong();
  private final AtomicLong damaged = new AtomicLong();
  private final AtomicLong healed = new AtomicLong();
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong unread = new AtomicLong();
  private volatile List<VerifyReport.Finding> findings = List.of();

  /**
   * @param ended once it is, nothing more is read
   */
  Verification(
      EngineParts parts,
      RootLoop loop,
      VerifyReport.Order order,
      Consumer<VerifyReport> progress,
      CompletableFuture<VerifyReport> ended) {
    this.parts = parts;
    this.loop = loop;
    this.order = order;
    this.progress = progress;
    this.ended = ended;
    this.inspector = new Inspector(parts.tree(), parts.clock(), new ContentCache(), 0);
    this.pace = new VerifyPace(order.bytesPerSecond(), loop::isAtWork, this::read);
    this.total = parts.journal().materialisedCount();
  }

  private void read(long count) {
    bytes.addAndGet(count);
    progress.accept(report(0));
  }

  /** Takes one path after the other until none is left; several threads may. */
  void work() {
    try {
      Optional<Map.Entry<RelativePath, Materialised>> next = next();
      while (next.isPresent() && !ended.isDone()) {
        check(next.get().getKey(), next.get().getValue());
        checked.incrementAndGet();
        progress.accept(report(0));
        next = next();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException broken) {
      LOG.error("root {} cannot be read again", parts.name(), broken);
      ended.completeExceptionally(broken);
    }
  }

  private synchronized Optional<Map.Entry<RelativePath, Materialised>> next() {
    while (page.isEmpty() && !over) {
      SortedMap<RelativePath, Materialised> read = parts.journal().materialisedAfter(cursor, PAGE);
      read.forEach((path, materialised) -> {
        if (materialised.entry().isPresent()) {
          page.add(Map.entry(path, materialised));
        }
      });
      over = read.size() < PAGE;
      cursor = read.isEmpty() ? cursor : read.lastKey();
    }
    return Optional.ofNullable(page.poll());
  }

  VerifyReport report(long endedMillis) {
    return new VerifyReport(
        endedMillis,
        (System.nanoTime() - beganNanos) / NANOS_PER_MILLI,
        checked.get(),
        total,
        files.get(),
        bytes.get(),
        changed.get(),
        damaged.get(),
        healed.get(),
        left.get(),
        unread.get(),
        findings);
  }

  private void check(RelativePath path, Materialised believed) throws InterruptedException {
    EntryType type = believed.entry().type();
    boolean readable = type == EntryType.FILE || type == EntryType.SYMLINK;
    if (!readable || !(parts.filter().decide(path, false) instanceof Verdict.Replicate)) {
      return;
    }
    try {
      switch (parts.tree().look(path)) {
        case Tree.Look.Found found when found.stamp().equals(believed.stamp()) -> {
          if (believed.entry() instanceof Entry.File file) {
            checkFile(path, believed, file);
          } else {
            checkLink(path, believed, found);
          }
        }
        case Tree.Look.RootLost lost ->
            ended.completeExceptionally(
                new RootEndedException("the root is not what it was: " + lost.problem()));
        case Tree.Look.Found other -> changed.incrementAndGet();
        case Tree.Look.Gone gone -> gone(path);
        case Tree.Look.Special special -> changed.incrementAndGet();
      }
    } catch (TreeException failure) {
      notRead(path, failure.problem().toString());
    }
  }

  /** What somebody deletes is gone too, and not held once that was judged. */
  private void gone(RelativePath path) throws InterruptedException {
    CompletableFuture<Boolean> held = loop.questions().open();
    loop.submit(() -> held.complete(loop.replica().isHeld()));
    try {
      if (held.get()) {
        notRead(path, VerifyReport.Fate.MISSING, "it is gone, and the root is held");
      } else {
        changed.incrementAndGet();
      }
    } catch (ExecutionException rootEnded) {
      ended.completeExceptionally(Optional.ofNullable(rootEnded.getCause()).orElse(rootEnded));
    }
  }

  private void checkLink(RelativePath path, Materialised believed, Tree.Look.Found found)
      throws InterruptedException {
    boolean same =
        found.type() == EntryType.SYMLINK
            && found.linkTarget().equals(believed.trace().linkTarget());
    if (!same && found.type() == EntryType.SYMLINK && found.linkTarget().length() > 0) {
      Entry actual = new Entry.Symlink(found.linkTarget());
      found(new Healing.Damage(path, believed, actual, List.of()), "it points elsewhere");
    }
  }

  /** What came of reading a file. */
  private sealed interface Reading {
    record Whole(ChunkedContent content) implements Reading {}

    /** It could be opened, and its disk refused to read it. */
    record Broken(Problem problem) implements Reading {}

    record NotRead(Problem problem) implements Reading {}
  }

  private void checkFile(RelativePath path, Materialised believed, Entry.File file)
      throws TreeException, InterruptedException {
    files.incrementAndGet();
    Stamp stamp = believed.stamp();
    if (file.size() == 0 || isAsIt(reading(path, stamp), file)) {
      return;
    }
    // What a bus or memory did once is no damage of the disk.
    Reading again = reading(path, stamp);
    if (isAsIt(again, file)) {
      LOG.warn("root {}: {} was read wrong once, and right then", parts.name(), path);
    } else if (isYoung(stamp) || !isStill(path, stamp)) {
      changed.incrementAndGet();
    } else if (again instanceof Reading.NotRead not) {
      notRead(path, not.problem().toString());
    } else if (parts.tree().isBeingWritten(path, 0)) {
      notRead(path, "somebody has it open for writing");
    } else if (again instanceof Reading.Whole whole) {
      Entry.File actual = whole.content().file();
      JournalWrite list = new JournalWrite.PutChunks(actual.digest(), whole.content().chunks());
      found(
          new Healing.Damage(path, believed, actual, List.of(list)),
          extent(file.digest(), whole.content().chunks()));
    } else if (again instanceof Reading.Broken broken) {
      Entry.File actual = new Entry.File(nameOf(stamp), file.size());
      found(
          new Healing.Damage(path, believed, actual, List.of()),
          "it cannot be read: " + broken.problem());
    }
  }

  private static boolean isAsIt(Reading reading, Entry.File file) {
    return reading instanceof Reading.Whole whole && whole.content().file().equals(file);
  }

  private boolean isYoung(Stamp stamp) {
    long age = parts.clock().wallMillis() - stamp.ctimeNanos() / NANOS_PER_MILLI;
    return age >= 0 && age < YOUNG_MILLIS;
  }

  private boolean isStill(RelativePath path, Stamp stamp) throws TreeException {
    return parts.tree().look(path) instanceof Tree.Look.Found found && found.stamp().equals(stamp);
  }

  private Reading reading(RelativePath path, Stamp stamp) throws InterruptedException {
    try (SeekableByteChannel channel = parts.tree().read(path, stamp)) {
      try {
        Optional<ChunkedContent> content = inspector.reread(pace.of(channel), stamp.size());
        Problem tooLarge = new Problem(Problem.Kind.TOO_LARGE, "too many chunks");
        return content.<Reading>map(Reading.Whole::new).orElse(new Reading.NotRead(tooLarge));
      } catch (ClosedByInterruptException stopped) {
        throw new InterruptedException();
      } catch (IOException failure) {
        return new Reading.Broken(TreeException.problemOf(failure));
      }
    } catch (TreeException failure) {
      return new Reading.NotRead(failure.problem());
    } catch (IOException failure) {
      return new Reading.NotRead(TreeException.problemOf(failure));
    }
  }

  /** A name for a content that nobody can read, and that nothing else has. */
  private static Digest nameOf(Stamp stamp) {
    return Digests.of(("unreadable " + stamp).getBytes(StandardCharsets.US_ASCII));
  }

  private String extent(Digest right, ChunkList actual) {
    Optional<ChunkList> list = parts.journal().chunks(right);
    if (list.isEmpty()) {
      return "its content differs";
    }
    Set<Chunk> there = new HashSet<>(actual.chunks());
    List<Chunk> chunks = list.get().chunks();
    long bad = chunks.stream().filter(chunk -> !there.contains(chunk)).count();
    return Math.max(1, bad) + " of " + chunks.size() + " chunks differ";
  }

  private void found(Healing.Damage damage, String what) throws InterruptedException {
    damaged.incrementAndGet();
    Healing.Ended outcome =
        order.dryRun() ? new Healing.Ended(VerifyReport.Fate.DAMAGED, "") : healed(damage);
    String words = outcome.reason();
    String named = damage.path() + " was damaged on this disk (" + what + ")";
    switch (outcome.fate()) {
      case HEALED -> {
        healed.incrementAndGet();
        words = whereKept(damage.actual());
        tell(named + " and is healed; " + words);
      }
      case DAMAGED -> {
        left.incrementAndGet();
        tell(damage.path() + " is damaged on this disk: " + what);
      }
      case NOT_HEALED -> {
        left.incrementAndGet();
        tell(damage.path() + " is damaged on this disk: " + what + "; not healed yet: " + words);
      }
      case OVERWRITTEN, UNREAD -> tell(named + ", and somebody wrote over it");
    }
    note(new VerifyReport.Finding(damage.path(), outcome.fate(), what, words));
  }

  /** What cannot be read can be moved, but not copied to another file system. */
  private String whereKept(Entry actual) {
    if (!(actual instanceof Entry.File file)) {
      return "";
    }
    try {
      return parts.vault().holds(file.digest())
          ? "what was there is in the vault as " + file.digest().toHex()
          : "what was there stays in staging, since the vault could not take it";
    } catch (IOException failure) {
      return "what was there is kept, and the vault cannot be read: " + failure;
    }
  }

  private Healing.Ended healed(Healing.Damage damage) throws InterruptedException {
    try {
      return Healing.begin(loop, parts, damage).get();
    } catch (ExecutionException rootEnded) {
      ended.completeExceptionally(Optional.ofNullable(rootEnded.getCause()).orElse(rootEnded));
      return new Healing.Ended(VerifyReport.Fate.NOT_HEALED, "the root has ended");
    }
  }

  private void tell(String text) {
    loop.submit(() -> loop.alarm(text));
  }

  private void notRead(RelativePath path, String reason) {
    notRead(path, VerifyReport.Fate.UNREAD, reason);
  }

  private void notRead(RelativePath path, VerifyReport.Fate fate, String reason) {
    if (unread.incrementAndGet() <= FINDINGS_MAX) {
      LOG.warn("root {}: {} was not read again: {}", parts.name(), path, reason);
    }
    note(new VerifyReport.Finding(path, fate, reason, ""));
  }

  private synchronized void note(VerifyReport.Finding finding) {
    if (findings.size() < FINDINGS_MAX) {
      Collection<VerifyReport.Finding> all = new ArrayList<>(findings);
      all.add(finding);
      findings = List.copyOf(all);
    }
  }
}
