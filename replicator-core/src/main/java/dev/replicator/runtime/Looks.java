package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.Limits;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the disk for the replica: at single paths, and at the root itself. */
final class Looks {
  private static final Logger LOG = LoggerFactory.getLogger(Looks.class);
  private static final RelativePath LOST_AND_FOUND = RelativePath.of("lost+found");

  private final EngineParts parts;
  private final RootLoop loop;
  private final Timings timings;
  private final Inspector inspector;
  private final Offers offers;
  private final Executor workers;
  private final AtomicBoolean checkingRoot = new AtomicBoolean();

  /** Of the root's thread: paths that somebody wrote to and that were not looked at since. */
  private final Set<RelativePath> written = new HashSet<>();

  Looks(
      EngineParts parts,
      RootLoop loop,
      Timings timings,
      Inspector inspector,
      Offers offers,
      Executor workers) {
    this.parts = parts;
    this.loop = loop;
    this.timings = timings;
    this.inspector = inspector;
    this.offers = offers;
    this.workers = workers;
  }

  /** Somebody wrote to a path: when it is looked at, peers may get of it what is read. */
  void written(RelativePath path) {
    if (written.size() >= Limits.PATHS_IN_FLIGHT_MAX) {
      // Some are never looked at.
      written.clear();
    }
    written.add(path);
  }

  /** No file is read to its end any more. */
  void cutShort() {
    inspector.cutShort();
  }

  /**
   * @param here whether a small file is read at once, on the root's thread
   */
  void inspect(Effect.Inspect effect, boolean here) {
    boolean ahead = written.remove(effect.path());
    Inspector.Viewers viewers = ahead ? offers.ahead(effect) : Inspector.Viewers.NONE;
    if (!here || !inspect(effect, Tries.FRESH, true, viewers)) {
      workers.execute(() -> inspect(effect, Tries.FRESH, false, viewers));
    }
  }

  /** Whether it was seen, or will be. */
  private boolean inspect(
      Effect.Inspect effect, Tries tries, boolean alone, Inspector.Viewers viewers) {
    long bytesMax = alone ? Limits.INLINE_BYTES_MAX : Long.MAX_VALUE;
    long from = System.nanoTime();
    Inspector.Result result;
    try {
      result = inspector.inspect(effect, tries, bytesMax, viewers);
    } catch (RuntimeException broken) {
      LOG.error("cannot inspect {}", effect.path(), broken);
      result =
          new Inspector.Result.Seen(
              new Observation.Unreadable(
                  new Problem(Problem.Kind.INPUT_OUTPUT, broken.toString())));
    }
    return switch (result) {
      case Inspector.Result.Seen seen -> {
        if (seen.observation() instanceof Observation.Found) {
          timings.add("read", System.nanoTime() - from);
        }
        offers.read(effect, seen.observation(), alone);
        loop.outcomes().tell(inspected(effect.path(), seen));
        if (!seen.still()) {
          // What came since has no event any more when this was read for the event of it.
          loop.outcomes().tell(new Event.Suspected(effect.path(), Cause.WATCH, false));
        }
        yield true;
      }
      case Inspector.Result.Restless restless -> {
        Tries rest = tries.after(restless);
        loop.later(
            restless.millis(), () -> workers.execute(() -> inspect(effect, rest, false, viewers)));
        yield true;
      }
      case Inspector.Result.Large large -> false;
    };
  }

  private static Event inspected(RelativePath path, Inspector.Result.Seen seen) {
    Event inspected = new Event.Inspected(path, seen.observation());
    OptionalLong since = seen.writingSinceMillis();
    return since.isEmpty()
        ? inspected
        : Event.Together.of(List.of(inspected, new Event.ReadWithinWrite(path, since.getAsLong())));
  }

  void checkRoot() {
    boolean itself = false;
    boolean empty = false;
    try {
      RootIdentity now = parts.tree().identity();
      itself = isPinned(now);
      empty = itself && parts.tree().list(RelativePath.ROOT).stream().allMatch(Looks::isOfMkfs);
    } catch (TreeException failure) {
      LOG.warn("root {}: {}", parts.name(), failure.problem());
    }
    loop.post(new Event.RootChecked(itself, empty));
  }

  /** What stands at the top of a file system that holds nothing yet. */
  private static boolean isOfMkfs(Tree.Child child) {
    return child.path().equals(LOST_AND_FOUND);
  }

  private boolean isPinned(RootIdentity now) {
    return loop.pinned().map(now::isAtHand).orElse(false);
  }

  /** The root is opened again then, with a new one. */
  private static void endWithoutWorkplace() {
    String what =
        "the directory that replicator works with was removed, or no rename leads from there to the"
            + " root any more";
    throw new UncheckedIOException(what, new IOException(what));
  }

  /** Looks at the root without a question of the replica, one look at a time. */
  void checkRootAside() {
    if (checkingRoot.compareAndSet(false, true)) {
      workers.execute(() -> {
        try {
          lookAtRoot();
        } finally {
          checkingRoot.set(false);
        }
      });
    }
  }

  /** Who restores files into the root, attributes and all, brings back what was kept with it. */
  private void keepEpoch(RootIdentity now) throws TreeException {
    Optional<RootIdentity> pinned = loop.pinned();
    if (pinned.isPresent()
        && now.isAtHand(pinned.get())
        && now.marker().equals(pinned.get().marker())
        && now.epoch() != pinned.get().epoch()) {
      parts.tree().mark(pinned.get());
    }
  }

  /** What is seen is told before anything else that this thread submits then. */
  void lookAtRoot() {
    Optional<RootIdentity> seen = Optional.empty();
    try {
      RootIdentity now = parts.tree().identity();
      seen = Optional.of(now);
      if (!parts.tree().isWorkable()) {
        loop.submit(Looks::endWithoutWorkplace);
      }
      keepEpoch(now);
    } catch (TreeException missing) {
      LOG.debug("root {}: {}", parts.name(), missing.problem());
    }
    loop.rootLooked(seen, parts.tree().leadsTo());
  }
}
