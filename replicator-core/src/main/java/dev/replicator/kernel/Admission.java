package dev.replicator.kernel;

import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What is seen to before anything is put: whether rules let it in, and what would be lost. */
final class Admission {
  private final ReplicaState state;
  private final Records records;

  Admission(ReplicaState state, Records records) {
    this.state = state;
    this.records = records;
  }

  /** Whether the rules have a path show what is asked, or have what is here go. */
  boolean replicates(RelativePath path, Showing showing, Optional<Materialised> here) {
    EntryType type = showing.target().entry().type();
    EntryType relevant =
        type == EntryType.ABSENT ? here.map(m -> m.entry().type()).orElse(type) : type;
    return state.settings.filter().replicates(path, relevant);
  }

  /** Whether rules leave out what is here: it is its users' own, and gives way to nothing. */
  boolean isTaken(RelativePath path, Optional<Materialised> here) {
    return here.map(it -> it.entry().type())
        .filter(type -> type != EntryType.ABSENT && !state.settings.filter().replicates(path, type))
        .isPresent();
  }

  /**
   * Whether what is here has attributes that somebody gave it, and nobody remembers: with a
   * deletion that all but this node have forgotten they went, too, and what shows after all would
   * have those of nobody, which everybody may read.
   */
  boolean isUntold(RelativePath path, Showing showing, Optional<Materialised> here) {
    EntryType type = showing.target().entry().type();
    return type != EntryType.ABSENT
        && here.map(Materialised::asked)
            .filter(asked -> asked.type() == type && !asked.owner().equals(Showing.ANYBODY))
            .isPresent()
        && records.of(path).visibleAttributes(type).isEmpty();
  }

  /** Whether {@code path} may be put now; if not, it is told why, or seen to. */
  boolean admits(
      RelativePath path,
      Showing showing,
      Optional<Materialised> here,
      BiConsumer<RelativePath, Problem> postpone) {
    boolean taken = isTaken(path, here);
    boolean untold = !taken && isUntold(path, showing, here);
    if (taken) {
      postpone.accept(path, ChangedRules.IN_THE_WAY);
    } else if (untold) {
      Choice.keepAttributes(state, records, path, here.orElseThrow());
    }
    return !taken && !untold;
  }
}
