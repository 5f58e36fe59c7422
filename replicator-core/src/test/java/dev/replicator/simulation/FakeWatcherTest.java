package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeUser;
import dev.replicator.port.Watcher;
import dev.replicator.port.WatcherContract;
import dev.replicator.simulation.FakeWatcher.Delivery;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of a watcher on the simulated disk, and what a simulator does to it. */
final class FakeWatcherTest extends WatcherContract {
  private final FakeDisk disk = new FakeDisk();
  private final FakeWatcher watcher = new FakeWatcher(disk, Delivery.AT_ONCE);

  @Override
  protected Watcher watcher() {
    return watcher;
  }

  @Override
  protected TreeUser user() {
    return disk;
  }

  @Test
  void tellsOnDemandAndInOrder() {
    FakeWatcher slow = new FakeWatcher(disk, Delivery.ON_DEMAND);
    Hints hints = new Hints();
    slow.start(hints);
    disk.write(RelativePath.of("a"), "x");
    slow.cookie(() -> hints.changed(RelativePath.of("cookie")));
    disk.write(RelativePath.of("b"), "x");
    assertEquals(List.of(), hints.told());

    slow.deliverAll();

    List<String> paths = hints.told().stream().map(hint -> hint.path().toString()).toList();
    assertEquals(List.of("a", "a", "cookie", "b", "b"), paths);
  }

  @Test
  void losesWhatWaitsWhenItOverflows() {
    FakeWatcher slow = new FakeWatcher(disk, Delivery.ON_DEMAND);
    Hints hints = new Hints();
    slow.start(hints);
    disk.write(RelativePath.of("a"), "x");

    slow.overflow();
    slow.deliverAll();

    assertEquals(1, hints.told().size());
    assertEquals(Kind.SUSPECT, hints.told().getFirst().kind());
  }

  @Test
  void saysThatItFailed() {
    Hints hints = new Hints();
    watcher.start(hints);

    watcher.fail();
    disk.write(RelativePath.of("a"), "x");

    assertEquals(List.of(Kind.FAILED), hints.told().stream().map(Hint::kind).toList());
  }
}
