package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.simulation.Values;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a journal tells of what is below a directory. */
abstract class BelowContract extends FileNamesContract {
  private static final List<RelativePath> PATHS =
      Stream.of("a", "a-b", "a/\u0001", "a/b", "a/b/c", "a/d", "a0", "b/c")
          .map(RelativePath::of)
          .toList();

  private final Values values = new Values(new SplittableRandom(44));

  private TreeMap<RelativePath, Materialised> materialise() {
    TreeMap<RelativePath, Materialised> all = new TreeMap<>();
    for (RelativePath path : PATHS) {
      Materialised materialised = values.materialised();
      journal().append(List.of(new JournalWrite.PutMaterialised(path, materialised)));
      all.put(path, materialised);
    }
    return all;
  }

  @Test
  void readsWhatIsMaterialisedBelowADirectoryAndNothingBesideIt() {
    TreeMap<RelativePath, Materialised> all = materialise();
    for (String parent : List.of("a", "a-b", "a/b", "b", "c")) {
      RelativePath directory = RelativePath.of(parent);
      RelativePath first = directory.child(new byte[] {1});
      TreeMap<RelativePath, Materialised> below = new TreeMap<>(all.tailMap(first, false));
      below.keySet().removeIf(path -> !path.isWithin(directory));
      assertEquals(below, journal().materialisedBelow(directory, first, 100), parent);
    }
  }

  @Test
  void readsNoMoreOfWhatIsMaterialisedBelowADirectoryThanWasAskedFor() {
    TreeMap<RelativePath, Materialised> all = materialise();
    RelativePath directory = RelativePath.of("a");
    RelativePath after = RelativePath.of("a/b");
    RelativePath child = RelativePath.of("a/b/c");
    assertEquals(List.of(child), names(directory, after, 1));
    assertEquals(List.of(child, RelativePath.of("a/d")), names(directory, after, 2));
    assertEquals(2, journal().materialisedBelow(directory, after, 3).size());
    assertEquals(
        all.tailMap(after, false), journal().materialisedBelow(RelativePath.ROOT, after, 100));
  }

  @Test
  void whatWasDroppedIsNotBelowADirectoryAnyMore() {
    materialise();
    RelativePath child = RelativePath.of("a/b/c");
    journal().append(List.of(new JournalWrite.DropMaterialised(child)));
    RelativePath directory = RelativePath.of("a");
    assertEquals(List.of(RelativePath.of("a/d")), names(directory, RelativePath.of("a/b"), 100));
  }

  private List<RelativePath> names(RelativePath directory, RelativePath after, int limit) {
    return List.copyOf(journal().materialisedBelow(directory, after, limit).keySet());
  }
}
