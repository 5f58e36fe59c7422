package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** All that the port promises of a watcher; for the real ones and for the simulated. */
public abstract class WatcherContract {
  protected abstract Watcher watcher();

  /** Who works in the watched directory. */
  protected abstract TreeUser user();

  /** A hint that was given; the path is the scope of a suspicion, the root of a failure. */
  protected record Hint(Kind kind, RelativePath path, String reason) {
    public Hint {}
  }

  /** What a watcher can say. */
  protected enum Kind {
    CHANGED,
    APPEARED,
    MOVED_IN,
    SUSPECT,
    FAILED
  }

  /** Keeps all hints, and lets a test wait for one. */
  protected static final class Hints implements Watcher.Listener {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final List<Hint> told = new ArrayList<>();

    public Hints() {}

    private synchronized void tell(Hint hint) {
      told.add(hint);
      notifyAll();
    }

    @Override
    public void changed(RelativePath path) {
      tell(new Hint(Kind.CHANGED, path, ""));
    }

    @Override
    public void appeared(RelativePath directory) {
      tell(new Hint(Kind.APPEARED, directory, ""));
    }

    @Override
    public void movedIn(RelativePath directory) {
      tell(new Hint(Kind.MOVED_IN, directory, ""));
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      tell(new Hint(Kind.SUSPECT, scope, reason));
    }

    @Override
    public void failed(String reason) {
      tell(new Hint(Kind.FAILED, RelativePath.ROOT, reason));
    }

    public synchronized List<Hint> told() {
      return List.copyOf(told);
    }

    /** Returns once a hint that fits was given, and takes all hints away. */
    public synchronized Hint await(Predicate<Hint> fits) throws InterruptedException {
      long deadline = System.nanoTime() + DEADLINE.toNanos();
      Optional<Hint> found = told.stream().filter(fits).findFirst();
      while (found.isEmpty()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        assertTrue(left > 0, () -> "no hint came but " + told);
        wait(left);
        found = told.stream().filter(fits).findFirst();
      }
      told.clear();
      return found.get();
    }

    /** Waits until a scan that follows the hints would look at {@code path}. */
    public void awaitPath(RelativePath path) throws InterruptedException {
      await(hint ->
          switch (hint.kind()) {
            case CHANGED -> hint.path().equals(path);
            case APPEARED, MOVED_IN, SUSPECT -> path.isWithin(hint.path());
            case FAILED -> false;
          });
    }
  }

  /** What is told of the new name of a directory: where moves are told, that it is whole. */
  protected Kind moved() {
    return Kind.MOVED_IN;
  }

  private Hints start() throws IOException {
    Hints hints = new Hints();
    watcher().start(hints);
    return hints;
  }

  @Test
  void tellsOfANewFileAndOfEveryChangeOfIt() throws Exception {
    Hints hints = start();
    RelativePath path = RelativePath.of("f");

    user().write(path, "one");
    hints.awaitPath(path);
    user().write(path, "two");
    hints.awaitPath(path);
    user().changeMode(path, 0600);
    hints.awaitPath(path);
    user().replace(path, "three");
    hints.awaitPath(path);
    user().remove(path);
    hints.awaitPath(path);
  }

  @Test
  void watchesWhatWasThereBefore() throws Exception {
    user().makeDirectory(RelativePath.of("a"));
    user().makeDirectory(RelativePath.of("a/b"));
    RelativePath path = RelativePath.of("a/b/f");
    user().write(path, "one");
    Hints hints = start();

    user().write(path, "two");

    hints.awaitPath(path);
  }

  @Test
  void watchesANewDirectoryFromItsFirstMoment() throws Exception {
    Hints hints = start();
    for (int round = 0; round < 50; round++) {
      RelativePath top = RelativePath.of("top" + round);
      RelativePath deep = top.child("a").child("b");
      user().makeDirectory(top);
      user().makeDirectory(deep.parent());
      user().makeDirectory(deep);
      user().write(deep.child("early"), "x");
      hints.awaitPath(deep.child("early"));
    }
    RelativePath late = RelativePath.of("top7/a/b/late");

    user().write(late, "x");

    hints.await(hint -> hint.kind() == Kind.CHANGED && hint.path().equals(late));
  }

  @Test
  void tellsBothNamesOfAMove() throws Exception {
    RelativePath from = RelativePath.of("from");
    RelativePath to = RelativePath.of("to");
    user().makeDirectory(from);
    user().write(from.child("f"), "x");
    Hints hints = start();

    user().move(from, to);

    hints.await(hint -> hint.equals(new Hint(moved(), to, "")));
    user().write(to.child("f"), "y");
    hints.awaitPath(to.child("f"));
    user().move(to, from);
    hints.await(hint -> hint.equals(new Hint(Kind.CHANGED, to, "")));
  }

  @Test
  void keepsEveryByteOfAName() throws Exception {
    Hints hints = start();
    for (String name : List.of("a\u00ff", "a\u00fe", "x\ny", "-\u00c3\u00a9")) {
      RelativePath path = TreeUnderTest.raw(name);
      user().write(path, "x");
      hints.await(hint -> hint.equals(new Hint(Kind.CHANGED, path, "")));
    }
  }

  @Test
  void doesNotGoThroughSymbolicLinks() throws Exception {
    user().makeDirectory(RelativePath.of("d"));
    Hints hints = start();
    RelativePath link = RelativePath.of("link");

    user().link(link, Bytes.copyOf("d".getBytes(StandardCharsets.US_ASCII)));
    hints.await(hint -> hint.equals(new Hint(Kind.CHANGED, link, "")));
    user().write(RelativePath.of("d/f"), "x");
    hints.awaitPath(RelativePath.of("d/f"));
    user().write(RelativePath.of("last"), "x");
    hints.await(hint -> {
      assertTrue(!hint.path().isWithin(link), hint::toString);
      return hint.path().equals(RelativePath.of("last"));
    });
  }

  @Test
  void keepsSilentAboutTheEnginesOwnDirectory() throws Exception {
    RelativePath own = RelativePath.of(".replicator");
    Hints hints = start();

    user().makeDirectory(own);
    user().write(own.child("f"), "x");
    user().changeMode(own, 0700);
    user().remove(own.child("f"));
    user().remove(own);
    user().write(RelativePath.of("last"), "x");

    hints.await(hint -> {
      assertTrue(!hint.path().isWithin(own), hint::toString);
      return hint.path().equals(RelativePath.of("last"));
    });
  }

  @Test
  void answersACookie() throws Exception {
    Hints hints = start();
    RelativePath path = RelativePath.of("f");
    user().write(path, "x");
    CountDownLatch seen = new CountDownLatch(1);

    watcher().cookie(seen::countDown);

    assertTrue(seen.await(30, TimeUnit.SECONDS));
    if (watcher().capabilities().orderedQueue()) {
      assertEquals(path, hints.told().getFirst().path());
    }
  }

  @Test
  void endsAndTellsNothingAfter() throws Exception {
    Hints hints = start();

    watcher().close();

    user().write(RelativePath.of("f"), "x");
    assertEquals(List.of(), hints.told());
  }
}
