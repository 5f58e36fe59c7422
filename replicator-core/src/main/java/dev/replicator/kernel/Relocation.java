package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/*
 * A rename takes along whatever is there. So nothing may be there but what is to go, and nothing
 * may show at the new place but that: one path more or less, another time or mode, a version that
 * is not in the vault yet, and each path is applied by itself.
 */

/**
 * Tells whether a directory that is to show, or a large file, can be had by one rename of what is
 * here.
 */
final class Relocation {
  private final ReplicaState state;
  private final Records records;
  private final Applies applies;
  private final Admission admission;

  /**
   * One path of it.
   *
   * @param here what is at {@code before} now
   * @param goes that nothing shows there
   * @param shows what shows at {@code path}
   */
  record Moved(
      RelativePath before, Materialised here, Showing goes, RelativePath path, Showing shows) {}

  Relocation(ReplicaState state, Records records, Applies applies) {
    this.state = state;
    this.records = records;
    this.applies = applies;
    this.admission = new Admission(state, records);
  }

  /** Directories before what is in them; empty when one rename would not do. */
  Optional<List<Moved>> of(RelativePath from, RelativePath top) {
    Optional<Materialised> moves = present(from).filter(this::mayMove);
    boolean possible =
        moves.isPresent() && present(top).isEmpty() && records.firstBelow(top).isEmpty();
    if (!possible) {
      return Optional.empty();
    }
    TreeMap<RelativePath, Materialised> there =
        records.presentBelow(from, state.settings.bounds().groupMembers());
    there.put(from, moves.get());
    int wanted = records.showingBelow(top, there.size() + 1).size() + 1;
    if (there.size() >= state.settings.bounds().groupMembers() || wanted != there.size()) {
      return Optional.empty();
    }
    List<Moved> moved = new ArrayList<>();
    for (Map.Entry<RelativePath, Materialised> each : there.entrySet()) {
      Optional<RelativePath> path = each.getKey().moved(from, top);
      if (path.isEmpty() || !comesAsItIs(each.getKey(), each.getValue(), path.get())) {
        return Optional.empty();
      }
      moved.add(
          new Moved(
              each.getKey(),
              each.getValue(),
              records.showing(each.getKey()),
              path.get(),
              records.showing(path.get())));
    }
    return Optional.of(moved);
  }

  /** What is written through one name of a file is written under all. */
  private boolean mayMove(Materialised here) {
    return here.entry().equals(Entry.DIRECTORY)
        || (state.settings.bounds().isLarge(here.entry()) && !Draft.isLinked(here));
  }

  private Optional<Materialised> present(RelativePath path) {
    return state.draft.materialised(path).filter(m -> m.entry().isPresent());
  }

  private boolean comesAsItIs(RelativePath before, Materialised here, RelativePath path) {
    Showing goes = records.showing(before);
    Showing shows = records.showing(path);
    Optional<Materialised> there = Optional.of(here);
    return !goes.target().entry().isPresent()
        && goes.knowledge().siblings().isEmpty()
        && shows.isShownBy(there)
        && admission.replicates(before, goes, there)
        && admission.replicates(path, shows, Optional.empty())
        && applies.keeping().isAllKept(before, goes, there)
        && applies.keeping().isAllKept(path, shows, Optional.empty());
  }
}
