package dev.replicator.runtime;

import dev.replicator.filter.FilterRules;
import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Trace;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * Directory by directory, disk and index side by side in the order of names and a page at a time:
 * what is held in memory is a page of each, and the names of the directories that are being read.
 * Nothing is told of an entry that is as the index says, nor of what is not finished yet.
 */

/** Compares the disk with the index and tells what differs. */
final class Scanner {
  private static final Logger LOG = LoggerFactory.getLogger(Scanner.class);

  private final Tree tree;
  private final Journal journal;
  private final FilterRules filter;
  private final Supplier<Optional<RootIdentity>> pinned;
  private final Unfinished unfinished;
  private final YoungReads youngReads;

  /** Takes what a scan finds, from several threads. May block to hold the scan back. */
  interface Findings {
    void differs(RelativePath path, Cause cause, boolean reread) throws InterruptedException;

    /** Nobody knew of it, and its writer has not closed it yet: the watcher tells when he does. */
    void unclosed(RelativePath path);

    /** So many more entries of the disk were compared. */
    void compared(long entries);

    /** A directory could not be read: it is to be scanned again later. */
    void unreadable(RelativePath directory, TreeException failure);
  }

  /**
   * Who works on a scan besides the thread that asks for it.
   *
   * @param threads how many more
   */
  record Crew(Executor executor, int threads) {
    static final Crew NONE = new Crew(Runnable::run, 0);
  }

  Scanner(
      Tree tree,
      Journal journal,
      FilterRules filter,
      Supplier<Optional<RootIdentity>> pinned,
      Unfinished unfinished,
      YoungReads youngReads) {
    this.tree = tree;
    this.journal = journal;
    this.filter = filter;
    this.pinned = pinned;
    this.unfinished = unfinished;
    this.youngReads = youngReads;
  }

  /**
   * Scans below {@code effect.scope()}, that included.
   *
   * @return whether the root could be read and was itself before and after, so that absences mean
   *     something
   */
  boolean scan(Effect.Scan effect, Findings findings, Crew crew) throws InterruptedException {
    if (!isItself()) {
      return false;
    }
    RelativePath scope = effect.scope();
    if (!scope.isRoot() && !beginBelow(effect, findings)) {
      return isItself();
    }
    OpenDirectories open = new OpenDirectories(scope);
    try {
      for (int i = 0; i < crew.threads(); i++) {
        crew.executor().execute(() -> work(open, effect, findings));
      }
    } catch (RejectedExecutionException ending) {
      LOG.debug("nobody helps, the root ends");
    }
    work(open, effect, findings);
    return open.await() && isItself();
  }

  /** Takes one directory after the other until none is left. */
  private void work(OpenDirectories open, Effect.Scan effect, Findings findings) {
    Optional<RelativePath> directory = open.take();
    while (directory.isPresent()) {
      Optional<List<RelativePath>> below = compare(directory.get(), effect, findings);
      if (below.isPresent()) {
        open.done(below.get());
      } else {
        open.failed();
      }
      directory = open.take();
    }
  }

  /** The directories in one that was compared; empty when nothing can be said of the whole. */
  private Optional<List<RelativePath>> compare(
      RelativePath directory, Effect.Scan effect, Findings findings) {
    try {
      Comparison comparison = new Comparison(directory, effect, findings);
      boolean read = comparison.run();
      findings.compared(comparison.compared);
      return read || !directory.isRoot() ? Optional.of(comparison.below) : Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | LinkageError broken) {
      // The latter is what a class is that cannot be loaded while too many files are open.
      LOG.error("scan of {} failed", directory, broken);
    }
    return Optional.empty();
  }

  /** Whether the scope is a directory to descend into; tells it when it differs itself. */
  private boolean beginBelow(Effect.Scan effect, Findings findings) throws InterruptedException {
    RelativePath scope = effect.scope();
    try {
      Tree.Look look = tree.look(scope);
      Optional<Trace> here = journal.materialised(scope).map(Materialised::trace);
      if (look instanceof Tree.Look.Found found) {
        tell(scope, found, here, effect, findings);
      } else if (here.isPresent() && here.get().isPresent()) {
        findings.differs(scope, effect.cause(), false);
      }
      boolean isDirectory = isDirectory(look);
      if (!isDirectory) {
        missingBelow(scope, effect.cause(), findings);
      }
      return isDirectory;
    } catch (TreeException failure) {
      findings.unreadable(scope, failure);
      return false;
    }
  }

  /** One directory. */
  private final class Comparison {
    private final RelativePath directory;
    private final Effect.Scan effect;
    private final Findings findings;
    private final IndexedChildren index;
    private final List<RelativePath> below = new ArrayList<>();
    private long compared;

    Comparison(RelativePath directory, Effect.Scan effect, Findings findings) {
      this.directory = directory;
      this.effect = effect;
      this.findings = findings;
      this.index = new IndexedChildren(journal, directory);
    }

    /** Whether the directory could be read. */
    boolean run() throws InterruptedException {
      try (Tree.Listing listing = tree.listing(directory)) {
        List<Tree.Child> page = next(listing);
        while (!page.isEmpty()) {
          for (Tree.Child child : page) {
            compare(child);
          }
          page = next(listing);
        }
      } catch (TreeException failure) {
        if (!isGone(directory)) {
          findings.unreadable(directory, failure);
          return false;
        } else if (!directory.isRoot()) {
          findings.differs(directory, effect.cause(), false);
          missingBelow(directory, effect.cause(), findings);
        }
        return true;
      }
      while (index.hasNext()) {
        missing(index.next());
      }
      return true;
    }

    private List<Tree.Child> next(Tree.Listing listing) throws TreeException, InterruptedException {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      return listing.next(IndexedChildren.PAGE);
    }

    private void compare(Tree.Child child) throws InterruptedException {
      compared++;
      RelativePath path = child.path();
      while (index.isBefore(path)) {
        missing(index.next());
      }
      Optional<Trace> here = index.take(path);
      boolean isDirectory = isDirectory(child.look());
      boolean wasDirectory = here.map(known -> known.type() == EntryType.DIRECTORY).orElse(false);
      if (wasDirectory && !isDirectory) {
        missingBelow(path, effect.cause(), findings);
      }
      if (child.look() instanceof Tree.Look.Found found) {
        if (filter.decide(path, isDirectory) instanceof Verdict.Replicate) {
          tell(path, found, here, effect, findings);
        } else if (here.filter(known -> isReplicated(path, known)).isPresent()) {
          // In the place of what others have: that is known to be here no more.
          findings.differs(path, effect.cause(), false);
        }
        if (isDirectory && filter.mayReplicateBelow(path)) {
          below.add(path);
        }
      } else if (here.isPresent() && here.get().isPresent()) {
        findings.differs(path, effect.cause(), false);
      }
    }

    private boolean isReplicated(RelativePath path, Trace known) {
      boolean directory = known.type() == EntryType.DIRECTORY;
      return known.isPresent() && filter.decide(path, directory) instanceof Verdict.Replicate;
    }

    private void missing(Map.Entry<RelativePath, Trace> known) throws InterruptedException {
      if (known.getValue().isPresent()) {
        findings.differs(known.getKey(), effect.cause(), false);
        if (known.getValue().type() == EntryType.DIRECTORY) {
          missingBelow(known.getKey(), effect.cause(), findings);
        }
      }
    }
  }

  private static boolean isDirectory(Tree.Look look) {
    return look instanceof Tree.Look.Found found && found.type() == EntryType.DIRECTORY;
  }

  private boolean isGone(RelativePath directory) {
    try {
      return tree.look(directory) instanceof Tree.Look.Gone;
    } catch (TreeException failure) {
      return false;
    }
  }

  private void tell(
      RelativePath path,
      Tree.Look.Found found,
      Optional<Trace> here,
      Effect.Scan effect,
      Findings findings)
      throws InterruptedException {
    boolean same = here.isPresent() && found.holds(here.get());
    boolean file = found.type() == EntryType.FILE;
    boolean distrusted = file && found.stamp().youngUntilMillis() >= effect.distrustSinceMillis();
    // Where events are missing: a watcher that asks for a scan tells of what is written since.
    boolean young = file && effect.cause() != Cause.WATCH && youngReads.has(found.stamp());
    boolean known = here.isPresent() && here.get().isPresent();
    boolean waits = !known && effect.cause() == Cause.WATCH && unfinished.holds(path, found);
    if (waits) {
      findings.unclosed(path);
    } else if (!same || distrusted || young) {
      findings.differs(path, effect.cause(), same);
    }
  }

  /** Everything that the index believes to be below a directory that is not there. */
  private void missingBelow(RelativePath directory, Cause cause, Findings findings)
      throws InterruptedException {
    ArrayDeque<RelativePath> open = new ArrayDeque<>();
    open.add(directory);
    while (!open.isEmpty()) {
      IndexedChildren children = new IndexedChildren(journal, open.pop());
      while (children.hasNext()) {
        Map.Entry<RelativePath, Trace> child = children.next();
        if (child.getValue().isPresent()) {
          findings.differs(child.getKey(), cause, false);
        }
        if (child.getValue().type() == EntryType.DIRECTORY) {
          open.push(child.getKey());
        }
      }
    }
  }

  private boolean isItself() {
    try {
      RootIdentity now = tree.identity();
      return pinned.get().map(now::isAtHand).orElse(false);
    } catch (TreeException missing) {
      return false;
    }
  }

  /** Counts what differs without telling it, for a dry run. */
  long count(RelativePath scope) throws InterruptedException {
    long[] differing = new long[1];
    scan(
        new Effect.Scan(0, scope, Cause.SCAN, Long.MAX_VALUE),
        new Findings() {
          @Override
          public void differs(RelativePath path, Cause cause, boolean reread) {
            differing[0] += reread ? 0 : 1;
          }

          @Override
          public void unclosed(RelativePath path) {}

          @Override
          public void compared(long entries) {}

          @Override
          public void unreadable(RelativePath directory, TreeException failure) {
            differing[0]++;
          }
        },
        Crew.NONE);
    return differing[0];
  }
}
