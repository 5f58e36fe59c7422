package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.FileKey;
import dev.replicator.model.Intent;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import java.util.List;
import java.util.Optional;

/*
 * A file with several names is written through one of them and changes under all, but a watcher
 * tells of that one alone. All names of a file have one stamp: so whenever a look finds another
 * than was materialised, every name at which the same file has yet another one is looked at. The
 * name itself is, too: looks at two names may be told in another order than they were taken. It
 * ends when all have the same. A name that was taken from a file may have been written through just
 * before: its other names are looked at as well. Of names outside the root nothing is known.
 */

/** Has the other names of a file looked at when one of them tells of a change. */
final class HardLinks {
  /** Somebody who writes all the time is followed no faster than this. */
  private static final long PAUSE_MILLIS = 1_000;

  private final ReplicaState state;
  private final Paths paths;
  private final Scans scans;

  HardLinks(ReplicaState state, Paths paths, Scans scans) {
    this.state = state;
    this.paths = paths;
    this.scans = scans;
  }

  /** A look at {@code path} found {@code there}, which is in the draft, instead of {@code was}. */
  void found(RelativePath path, Optional<Materialised> was, Materialised there, Cause cause) {
    if (!was.flatMap(Materialised::file).equals(there.file())) {
      was.ifPresent(before -> left(path, before, cause));
    }
    Stamp stamp = there.stamp();
    if (Draft.isLinked(there)) {
      List<RelativePath> differing =
          otherNames(path, stamp.file()).stream()
              .filter(name -> !isKnownAs(name, stamp, there.entry()))
              .toList();
      differing.forEach(name -> suspect(name, cause, isStampOf(name, stamp)));
      if (!differing.isEmpty()) {
        suspect(path, cause);
      }
    }
  }

  /** An exchange took {@code path} from a file: its other names have another stamp now. */
  void replaced(RelativePath path, Intent intent) {
    intent.expected().filter(Draft::isLinked).ifPresent(was -> left(path, was, Cause.WATCH));
  }

  /** What was materialised at {@code path} is no longer there. */
  void left(RelativePath path, Materialised was, Cause cause) {
    Optional<FileKey> file = was.file();
    boolean alone = !Draft.isLinked(was) && !state.draft.knowsLinked();
    if (file.isEmpty() || alone) {
      return;
    }
    for (RelativePath name : otherNames(path, file.get())) {
      // A single name of a file has nothing to learn from another that it was moved from.
      boolean shared = state.draft.materialised(name).map(Draft::isLinked).orElse(false);
      if (shared || Draft.isLinked(was)) {
        suspect(name, cause);
      }
    }
  }

  /**
   * Somebody wrote to a file that an exchange displaced from {@code path}. It may have got another
   * name just before, and a look that runs there may answer with what was in it then. Or it was
   * looked at there already, while it had that name alone: it was moved there, and linked back.
   */
  void written(RelativePath path, Observation.Found displaced) {
    if (displaced.stamp().links() > 1) {
      paths.inspecting(RelativePath.ROOT).forEach(paths::check);
      otherNames(path, displaced.stamp().file()).forEach(name -> suspect(name, Cause.WATCH));
    }
  }

  private boolean isKnownAs(RelativePath name, Stamp stamp, Entry entry) {
    return isStampOf(name, stamp)
        && state.draft.materialised(name).filter(known -> known.entry().equals(entry)).isPresent();
  }

  /** Two writes in one tick leave one stamp: then the content tells that another was read. */
  private boolean isStampOf(RelativePath name, Stamp stamp) {
    return state.draft.materialised(name).filter(known -> known.stamp().equals(stamp)).isPresent();
  }

  /** So many at least that are known; a scan finds all when there are more. */
  private List<RelativePath> otherNames(RelativePath path, FileKey file) {
    List<RelativePath> names = state.draft.namesOf(file, Limits.FILE_NAMES_MAX + 2);
    if (names.size() > Limits.FILE_NAMES_MAX + 1) {
      if (scans.beginPaced()) {
        state.alarm(
            "a file has more than "
                + Limits.FILE_NAMES_MAX
                + " names here, one of them "
                + path
                + ": what is written to it is found by scans of the whole root");
      }
      return List.of();
    }
    return names.stream().filter(name -> !name.equals(path)).toList();
  }

  private void suspect(RelativePath name, Cause cause) {
    suspect(name, cause, false);
  }

  private void suspect(RelativePath name, Cause cause, boolean reread) {
    Paths.Suspicion suspicion = new Paths.Suspicion(Cause.CHECK, reread);
    if (cause == Cause.CHECK) {
      paths.suspectUnhurried(state.steadyMillis + PAUSE_MILLIS, name, suspicion);
    } else {
      paths.suspect(name, suspicion);
    }
  }
}
