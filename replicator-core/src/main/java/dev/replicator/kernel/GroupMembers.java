package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Tells what is to be staged, moved and removed for a directory that is put as a whole. */
final class GroupMembers {
  private static final Predicate<Materialised> HERE = m -> m.entry().isPresent();

  private final ReplicaState state;
  private final Records records;
  private final Applies applies;
  private final Admission admission;

  /** A path, what it shows, and what is there now. */
  record Shown(RelativePath path, Showing showing, Optional<Materialised> here) {
    boolean isRemoval() {
      return !showing.target().entry().isPresent();
    }

    /** Directories are members though nothing about them changes. */
    boolean isThere() {
      return here.isPresent() && showing.isSettledBy(here);
    }
  }

  GroupMembers(ReplicaState state, Records records, Applies applies) {
    this.state = state;
    this.records = records;
    this.applies = applies;
    this.admission = new Admission(state, records);
  }

  /**
   * Everything that shows, and what is to go, directories first; empty when it cannot be put as a
   * whole. Files that are here as they show need not be put.
   *
   * @param room that is left for members
   */
  Optional<List<Shown>> of(RelativePath top, int room) {
    List<RelativePath> below = records.showingBelow(top, Math.max(room, 1));
    if (below.size() >= room) {
      return Optional.empty();
    }
    boolean replaces = records.isDirectoryHere(top);
    TreeMap<RelativePath, Materialised> present =
        replaces ? records.presentBelow(top, room) : new TreeMap<>();
    if (present.size() >= room) {
      return Optional.empty();
    }
    TreeSet<RelativePath> all = new TreeSet<>(below);
    for (RelativePath path : below) {
      // A directory that nobody wrote comes with what is in it.
      for (RelativePath at = path.parent(); !at.equals(top) && all.add(at); ) {
        at = at.parent();
      }
    }
    List<Shown> members = new ArrayList<>();
    TreeSet<RelativePath> directories = new TreeSet<>();
    long bytes = 0;
    all.add(top);
    all.addAll(present.keySet());
    for (RelativePath path : all) {
      Showing showing = records.showing(path);
      Optional<Materialised> here = state.draft.materialised(path).filter(HERE);
      boolean within =
          path.equals(top)
              || directories.contains(path.parent())
              || !showing.target().entry().isPresent();
      if (!within || !admission.replicates(path, showing, here) || stays(showing, here)) {
        continue;
      }
      if (admission.isTaken(path, here) || admission.isUntold(path, showing, here)) {
        return Optional.empty();
      }
      if ((here.isPresent() && !replaces) || !applies.keeping().isAllKept(path, showing, here)) {
        return Optional.empty();
      }
      switch (showing.target().entry()) {
        case Entry.Directory directory -> directories.add(path);
        case Entry.File file -> bytes += file.size();
        case Entry.Symlink link -> {}
        case Entry.Absent absent -> {}
      }
      members.add(new Shown(path, showing, here));
    }
    return directories.contains(top) && bytes <= Limits.GROUP_BYTES_MAX
        ? Optional.of(members)
        : Optional.empty();
  }

  /** What is here, and moves on into the new directory as it is. */
  private static boolean stays(Showing showing, Optional<Materialised> here) {
    boolean directory = showing.target().entry().equals(Entry.DIRECTORY);
    return !directory && here.isPresent() && showing.isSettledBy(here);
  }
}
