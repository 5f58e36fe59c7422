package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NothingBelowTest {
  private static final RelativePath TOP = RelativePath.of("top");
  private static final int STEPS = 5_000;

  private final NothingBelow nothingBelow = new NothingBelow(NothingBelow.PATHS_MAX);

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }

  @Test
  void isSureOfWhatIsInADirectoryThatCameEmpty() {
    assertFalse(nothingBelow.isSure(TOP));
    nothingBelow.came(TOP);
    nothingBelow.put(TOP);

    assertTrue(nothingBelow.isSure(TOP));
    nothingBelow.put(path("top/a/b"));
    assertFalse(nothingBelow.isSure(TOP));
    assertFalse(nothingBelow.isSure(path("top/a")));
    assertTrue(nothingBelow.isSure(path("top/a/b")));
    assertTrue(nothingBelow.isSure(path("top/a/c")));
    assertFalse(nothingBelow.isSure(path("top-2/a")));
  }

  @Test
  void forgetsAllBesideTooMany() {
    nothingBelow.came(TOP);
    for (int number = 0; number < NothingBelow.PATHS_MAX; number++) {
      nothingBelow.put(path("top/" + number + "/file"));
    }
    assertFalse(nothingBelow.isSure(path("top/file")));
    nothingBelow.came(TOP);
    assertTrue(nothingBelow.isSure(path("top/file")));
  }

  @Test
  void forgetsAllBesideTooLongOnes() {
    nothingBelow.came(TOP);
    String name = "n".repeat(250);
    for (int number = 0; number < NothingBelow.PATHS_MAX / 2; number++) {
      nothingBelow.put(path("top/" + name + "/" + name + number + "/file"));
    }
    assertFalse(nothingBelow.isSure(path("top/" + name + "/" + name + 0)));
  }

  /** Paths come and go; whatever it is sure of is so. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void isSureOfNothingThatIsNotSo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    NothingBelow few = new NothingBelow(random.nextInt(4, 40));
    TreeSet<RelativePath> here = new TreeSet<>();
    int sure = 0;
    for (int step = 0; step < STEPS; step++) {
      RelativePath path = path(random);
      switch (random.nextInt(4)) {
        case 0 -> {
          here.add(path);
          few.put(path);
        }
        case 1 -> here.removeIf(each -> each.isWithin(path));
        case 2 -> {
          if (isEmptyBelow(here, path)) {
            few.came(path);
          }
        }
        default -> {
          boolean certain = few.isSure(path);
          sure += certain ? 1 : 0;
          assertTrue(!certain || isEmptyBelow(here, path), path::toString);
        }
      }
    }
    assertTrue(sure > STEPS / 100, "sure of " + sure);
  }

  private static RelativePath path(SplittableRandom random) {
    List<String> names = List.of("a", "b", "c");
    StringBuilder path = new StringBuilder(names.get(random.nextInt(3)));
    for (int depth = random.nextInt(4); depth > 0; depth--) {
      path.append('/').append(names.get(random.nextInt(3)));
    }
    return path(path.toString());
  }

  private static boolean isEmptyBelow(TreeSet<RelativePath> here, RelativePath path) {
    return here.stream().noneMatch(each -> each.isWithin(path) && !each.equals(path));
  }
}
