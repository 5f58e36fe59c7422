package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.RootEnd;
import dev.replicator.runtime.RootReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockRootTest {
  private static final int ROUNDS_MAX = 200;
  private static final long ANSWER_SECONDS_MAX = 30;

  private final FakeCluster cluster = new FakeCluster();

  @TempDir private Path directory = Path.of("");

  private Optional<BlockRoot> opened = Optional.empty();

  /** The root of the first machine, not started. */
  private BlockRoot root() {
    BlockRoot root =
        new BlockRoot(
            "site", Configs.lab(), "web1", directory, cluster.one, cluster.one, cluster.one);
    opened = Optional.of(root);
    return root;
  }

  @AfterEach
  void stop() {
    opened.ifPresent(BlockRoot::stop);
  }

  private BlockRoot open() throws Exception {
    BlockRoot root = root();
    root.start();
    root.pulse().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    return root;
  }

  private void bringUp() throws InterruptedException {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      for (FakeMachine machine : List.of(cluster.one, cluster.two)) {
        var unused =
            new BlockRun(Configs.lab(), machine.name, new Goal.Up(), Permits.NONE, machine, machine)
                .advance(new Told(new ArrayList<>(), ""));
      }
      cluster.tick();
    }
  }

  @Test
  void isLiveWhileBothServeAndLeavesThemSoWhenItStops() throws Exception {
    bringUp();
    cluster.one.ran.clear();
    BlockRoot root = open();
    assertEquals(RootReport.State.LIVE, root.report().state());
    assertEquals("", root.report().reason());
    assertEquals(
        BarrierReport.Outcome.DONE,
        root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofSeconds(1))
            .get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
            .outcome());
    root.stop();
    assertInstanceOf(RootEnd.Stopped.class, root.ended().getNow(new RootEnd.Failed("not ended")));
    assertEquals(List.of(), cluster.one.ran);
    assertTrue(cluster.one.mounted);
  }

  @Test
  void isHeldInASplitBrainAndSaysWhatToDo() throws Exception {
    bringUp();
    cluster.pull();
    cluster.plug();
    cluster.one.ran.clear();
    BlockRoot root = open();
    root.pulse().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    assertEquals(RootReport.State.HELD, root.report().state());
    assertTrue(root.report().reason().startsWith("split-brain: "), root.report().reason());
    assertEquals(List.of(), cluster.one.ran);
  }

  @Test
  void onlyLooksWhilePausedAlsoAfterARestart() throws Exception {
    BlockRoot neverStarted = root();
    neverStarted.pause().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    neverStarted.stop();
    BlockRoot root = open();
    root.pulse().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    assertEquals(RootReport.State.PAUSED, root.report().state());
    assertEquals(List.of(), cluster.one.ran);
  }
}
