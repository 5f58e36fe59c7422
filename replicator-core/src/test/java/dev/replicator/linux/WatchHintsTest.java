package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchHintsTest {
  private final List<String> told = new ArrayList<>();
  private final WatchHints hints = new WatchHints(new Told(told), () -> false);

  /** Keeps each hint as a word. */
  static final class Told implements Watcher.Listener {
    private final List<String> to;

    Told(List<String> to) {
      this.to = to;
    }

    @Override
    public void changed(RelativePath path) {
      to.add(path.toString());
    }

    @Override
    public void appeared(RelativePath directory) {
      to.add(directory + "/");
    }

    @Override
    public void movedIn(RelativePath directory) {
      to.add(directory + "/.");
    }

    @Override
    public void moved(RelativePath from, RelativePath target, boolean directory) {
      to.add(from + " -> " + target + (directory ? "/" : ""));
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      to.add(scope + "? " + reason);
    }

    @Override
    public void failed(String reason) {
      to.add(reason);
    }
  }

  private static RelativePath path(String text) {
    return RelativePath.of(text);
  }

  private List<String> flushed() {
    told.clear();
    hints.flush();
    return List.copyOf(told);
  }

  @Test
  void tellsEachPathOnce() {
    hints.changed(path("a"));
    hints.changed(path("b"));
    hints.changed(path("a"));

    assertEquals(List.of("a", "b"), flushed());
    assertEquals(List.of(), flushed());
  }

  @Test
  void tellsNothingBelowWhatAppeared() {
    hints.changed(path("a/b/c"));
    hints.appeared(path("a"));
    hints.changed(path("ab"));

    assertEquals(List.of("a/", "ab"), flushed());
  }

  @Test
  void tellsThatADirectoryCameWhole() {
    hints.changed(path("a/b"));
    hints.movedIn(path("a"));
    hints.appeared(path("c"));
    hints.movedIn(path("c/d"));

    assertEquals(List.of("a/.", "c/"), flushed());
  }

  @Test
  void tellsAMoveAsOne() {
    hints.changed(path("a"));
    hints.moved(path("a"), path("b"), false);
    hints.moved(path("c"), path("d"), true);
    hints.changed(path("d/e"));

    assertEquals(List.of("a -> b", "c -> d/"), flushed());
  }

  @Test
  void losesNeitherTargetWhenTwoMovesLeaveOneName() {
    hints.moved(path("a"), path("b"), false);
    hints.moved(path("a"), path("c"), true);
    hints.appeared(path("a"));

    assertEquals(List.of("a/", "b", "c/."), flushed());
  }

  @Test
  void tellsOfTheHalfOfAMoveThatIsNotBelowWhatAppeared() {
    hints.appeared(path("new"));
    hints.moved(path("new/a"), path("b"), true);
    hints.moved(path("c"), path("new/c"), true);
    hints.moved(path("new/e"), path("new/f"), false);

    assertEquals(List.of("new/", "b/.", "c"), flushed());
  }

  @Test
  void tellsTheNewNameFirstToWhoKnowsNoMoves() {
    List<String> plain = new ArrayList<>();
    Told keeper = new Told(plain);
    Watcher.Listener simple =
        new Watcher.Listener() {
          @Override
          public void changed(RelativePath path) {
            keeper.changed(path);
          }

          @Override
          public void appeared(RelativePath directory) {
            keeper.appeared(directory);
          }

          @Override
          public void suspect(RelativePath scope, String reason) {}

          @Override
          public void failed(String reason) {}
        };

    simple.moved(path("a"), path("b"), true);
    simple.moved(path("c"), path("d"), false);

    assertEquals(List.of("b/", "a", "d", "c"), plain);
  }
}
