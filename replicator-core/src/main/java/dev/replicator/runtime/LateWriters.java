package dev.replicator.runtime;

import dev.replicator.kernel.Event;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Limits;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that left their paths while somebody had them open for writing. Each is looked at until he
 * closed it, less and less often: no kernel tells of the last close of a file that has lost its
 * place but by the lease that it grants then.
 */
final class LateWriters {
  private static final Logger LOG = LoggerFactory.getLogger(LateWriters.class);
  private static final long PAUSE_MILLIS = 50;
  private static final long PAUSE_MILLIS_MAX = 5_000;

  /** A bad sector is seldom good again, and each try is logged. */
  private static final long UNREADABLE_PAUSE_MILLIS = 60_000;

  private final Tree tree;
  private final DiskWork disk;
  private final RootLoop loop;
  private final Executor workers;
  private final Map<String, Displaced> open = new ConcurrentSkipListMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  LateWriters(Tree tree, DiskWork disk, RootLoop loop, Executor workers) {
    this.tree = tree;
    this.disk = disk;
    this.loop = loop;
    this.workers = workers;
  }

  /** Waits for the last close of {@code displaced}, which the journal knows. */
  void follow(Displaced displaced) {
    open.put(displaced.name(), displaced);
    later(displaced, PAUSE_MILLIS);
  }

  /** What still is open, for reports. */
  Collection<Displaced> open() {
    return open.values();
  }

  /** Whether {@code path} keeps what it holds: no more of these can be watched. */
  boolean refuse(RelativePath path) {
    try {
      return open.size() >= Limits.LATE_WRITERS_MAX && tree.isBeingWritten(path, 0);
    } catch (TreeException unknown) {
      return false;
    }
  }

  private void later(Displaced displaced, long pauseMillis) {
    loop.later(pauseMillis, () -> workers.execute(() -> look(displaced, pauseMillis)));
  }

  private void look(Displaced displaced, long pauseMillis) {
    try {
      if (!isOver(displaced)) {
        later(displaced, Math.min(2 * pauseMillis, PAUSE_MILLIS_MAX));
      }
    } catch (TreeException | IOException failure) {
      LOG.warn("cannot read {}, displaced: {}", displaced.path(), failure.toString());
      if (!isMissing(displaced)) {
        later(displaced, UNREADABLE_PAUSE_MILLIS);
      }
    }
  }

  /** A crash came between its move to the vault and the journal's entry of that. */
  private boolean isMissing(Displaced displaced) {
    try {
      if (tree.staged().contains(displaced.name())) {
        return false;
      }
      left(displaced, Optional.empty(), disk.missing(displaced.was().entry()));
      return true;
    } catch (TreeException | IOException unknown) {
      return false;
    }
  }

  private boolean isOver(Displaced displaced) throws TreeException, IOException {
    return switch (tree.displaced(displaced.name(), displaced.was())) {
      case Tree.Displaced.BeingWritten still -> false;
      case Tree.Displaced.Untouched untouched -> {
        var written = disk.writtenInTick(displaced);
        boolean over = written.isPresent() || disk.isKept(displaced);
        if (over) {
          left(displaced, written, disk.keeper().unkept());
        }
        yield over;
      }
      case Tree.Displaced.Written written -> {
        Observation.Found found =
            disk.displaced(written.look(), displaced.path(), displaced.name());
        left(displaced, Optional.of(found), disk.keeper().unkept());
        yield true;
      }
    };
  }

  /** What came to the vault is looked at once more, in a while. */
  void lookAgainLater() {
    if (disk.secondLooks().isWaiting() && looking.compareAndSet(false, true)) {
      loop.later(SecondLooks.PAUSE_MILLIS, () -> workers.execute(this::lookAgain));
    }
  }

  private void lookAgain() {
    try {
      tell(disk.secondLooks().look(false));
    } finally {
      looking.set(false);
    }
    lookAgainLater();
  }

  /** The root ends: what came to the vault is looked at while it can still be told of. */
  void lookAtOnce() {
    tell(disk.secondLooks().look(true));
  }

  private void tell(List<SecondLooks.Written> late) {
    try {
      for (SecondLooks.Written it : late) {
        // What it was is nowhere, unless its like is.
        loop.post(new Event.Swept(disk.missing(it.displaced().was().entry())));
        loop.post(new Event.WriterLeft(it.displaced(), Optional.of(it.found())));
      }
    } catch (IOException failure) {
      LOG.warn("cannot look into the vault: {}", failure.toString());
    }
  }

  private void left(
      Displaced displaced, Optional<Observation.Found> written, SortedSet<Digest> unkept) {
    open.remove(displaced.name());
    Event event = new Event.WriterLeft(displaced, written);
    written.ifPresentOrElse(
        found -> loop.effects().stepThenKeep(event, List.of(found)), () -> loop.post(event));
    if (!unkept.isEmpty()) {
      loop.post(new Event.Swept(new TreeSet<>(unkept)));
    }
    loop.effects().keepWaiting();
  }
}
