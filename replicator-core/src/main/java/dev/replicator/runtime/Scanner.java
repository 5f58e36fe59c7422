package dev.replicator.runtime;

import dev.replicator.filter.FilterRules;
import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Compares the disk with the index, directory by directory, and tells what differs. */
final class Scanner {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Tree tree;
  private final Journal journal;
  private final FilterRules filter;
  private final Supplier<Optional<RootIdentity>> pinned;

  /** Takes what a scan finds. May block to hold the scan back. */
  interface Findings {
    void differs(RelativePath path, Cause cause, boolean reread) throws InterruptedException;

    /** Entries compared so far. */
    void compared(long entries);

    /** A directory could not be read: it is to be scanned again later. */
    void unreadable(RelativePath directory, TreeException failure);
  }

  Scanner(Tree tree, Journal journal, FilterRules filter, Supplier<Optional<RootIdentity>> pinned) {
    this.tree = tree;
    this.journal = journal;
    this.filter = filter;
    this.pinned = pinned;
  }

  /**
   * Scans below {@code effect.scope()}, that included.
   *
   * @return whether the root could be read and was itself before and after, so that absences mean
   *     something
   */
  boolean scan(Effect.Scan effect, Findings findings) throws InterruptedException {
    if (!isItself()) {
      return false;
    }
    long compared = 0;
    ArrayDeque<RelativePath> open = new ArrayDeque<>();
    RelativePath scope = effect.scope();
    if (scope.isRoot()) {
      open.add(scope);
    } else if (beginBelow(effect, findings)) {
      open.add(scope);
    }
    while (!open.isEmpty()) {
      RelativePath directory = open.poll();
      OptionalLong entries = compare(directory, effect, findings, open);
      if (entries.isEmpty() && directory.isRoot()) {
        return false;
      }
      compared += entries.orElse(0);
      findings.compared(compared);
    }
    return isItself();
  }

  /** Whether the scope is a directory to descend into; tells it when it differs itself. */
  private boolean beginBelow(Effect.Scan effect, Findings findings) throws InterruptedException {
    RelativePath scope = effect.scope();
    try {
      Tree.Look look = tree.look(scope);
      Optional<Materialised> here = journal.materialised(scope);
      if (look instanceof Tree.Look.Found found) {
        tell(scope, found, here, effect, findings);
        return found.type() == EntryType.DIRECTORY;
      }
      if (here.isPresent() && here.get().entry().isPresent()) {
        findings.differs(scope, effect.cause(), false);
        missingBelow(scope, effect.cause(), findings);
      }
      return false;
    } catch (TreeException failure) {
      findings.unreadable(scope, failure);
      return false;
    }
  }

  /** How many entries a directory has; empty when it could not be read. */
  private OptionalLong compare(
      RelativePath directory, Effect.Scan effect, Findings findings, ArrayDeque<RelativePath> open)
      throws InterruptedException {
    SortedMap<RelativePath, Materialised> index =
        new TreeMap<>(journal.materialisedChildren(directory));
    long compared = 0;
    try {
      for (Tree.Child child : tree.list(directory)) {
        compared++;
        Optional<Materialised> here = Optional.ofNullable(index.remove(child.path()));
        if (child.look() instanceof Tree.Look.Found found) {
          compareChild(child.path(), found, here, effect, findings, open);
        } else if (here.isPresent() && here.get().entry().isPresent()) {
          findings.differs(child.path(), effect.cause(), false);
        }
      }
    } catch (TreeException failure) {
      if (!isGone(directory)) {
        findings.unreadable(directory, failure);
        return OptionalLong.empty();
      } else if (!directory.isRoot()) {
        findings.differs(directory, effect.cause(), false);
        missingBelow(directory, effect.cause(), findings);
      }
      return OptionalLong.of(compared);
    }
    for (Map.Entry<RelativePath, Materialised> missing : index.entrySet()) {
      if (missing.getValue().entry().isPresent()) {
        findings.differs(missing.getKey(), effect.cause(), false);
        if (missing.getValue().entry().type() == EntryType.DIRECTORY) {
          missingBelow(missing.getKey(), effect.cause(), findings);
        }
      }
    }
    return OptionalLong.of(compared);
  }

  private boolean isGone(RelativePath directory) {
    try {
      return tree.look(directory) instanceof Tree.Look.Gone;
    } catch (TreeException failure) {
      return false;
    }
  }

  private void compareChild(
      RelativePath path,
      Tree.Look.Found found,
      Optional<Materialised> here,
      Effect.Scan effect,
      Findings findings,
      ArrayDeque<RelativePath> open)
      throws InterruptedException {
    boolean directory = found.type() == EntryType.DIRECTORY;
    if (filter.decide(path, directory) instanceof Verdict.Replicate) {
      tell(path, found, here, effect, findings);
    }
    if (directory && filter.mayReplicateBelow(path)) {
      open.add(path);
    }
  }

  private static void tell(
      RelativePath path,
      Tree.Look.Found found,
      Optional<Materialised> here,
      Effect.Scan effect,
      Findings findings)
      throws InterruptedException {
    boolean same = here.isPresent() && found.holds(here.get());
    boolean young =
        found.type() == EntryType.FILE
            && found.stamp().ctimeNanos() / NANOS_PER_MILLI >= effect.distrustSinceMillis();
    if (!same || young) {
      findings.differs(path, effect.cause(), same && young);
    }
  }

  /** Everything that the index believes to be below a directory that is not there. */
  private void missingBelow(RelativePath directory, Cause cause, Findings findings)
      throws InterruptedException {
    ArrayDeque<RelativePath> open = new ArrayDeque<>();
    open.add(directory);
    while (!open.isEmpty()) {
      for (Map.Entry<RelativePath, Materialised> child :
          journal.materialisedChildren(open.poll()).entrySet()) {
        if (child.getValue().entry().isPresent()) {
          findings.differs(child.getKey(), cause, false);
        }
        if (child.getValue().entry().type() == EntryType.DIRECTORY) {
          open.add(child.getKey());
        }
      }
    }
  }

  private boolean isItself() {
    try {
      RootIdentity now = tree.identity();
      return pinned
          .get()
          .map(known -> known.device() == now.device() && known.inode() == now.inode())
          .orElse(false);
    } catch (TreeException missing) {
      return false;
    }
  }

  /** How many entries the index holds, for progress. */
  long expected() {
    return journal.materialisedCount();
  }

  /** Counts what differs without telling it, for a dry run. */
  long count(RelativePath scope) throws InterruptedException {
    long[] differing = new long[1];
    scan(
        new Effect.Scan(0, scope, Cause.SCAN, Long.MAX_VALUE),
        new Findings() {
          @Override
          public void differs(RelativePath path, Cause cause, boolean reread) {
            differing[0]++;
          }

          @Override
          public void compared(long entries) {}

          @Override
          public void unreadable(RelativePath directory, TreeException failure) {
            differing[0]++;
          }
        });
    return differing[0];
  }
}
