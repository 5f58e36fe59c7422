package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.RootEnd;
import dev.replicator.runtime.RootReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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
    return root(false);
  }

  private BlockRoot root(boolean observing) {
    BlockRoot root =
        new BlockRoot(
            "site",
            Configs.lab(),
            "web1",
            observing,
            directory,
            cluster.one,
            cluster.one,
            cluster.one,
            Chronicle.NONE);
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
    await(() -> root.status().isPresent());
    return root;
  }

  private static void await(BooleanSupplier condition) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(ANSWER_SECONDS_MAX),
        () -> {
          while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
          }
        });
  }

  private void bringUp() throws InterruptedException {
    go(new Goal.Up());
  }

  private void go(Goal goal) throws InterruptedException {
    List<BlockRun> runs =
        List.of(cluster.one, cluster.two).stream()
            .map(machine ->
                new BlockRun(
                    Configs.lab(), machine.name, goal, Permits.NONE, machine, machine, machine))
            .toList();
    for (int round = 0; round < ROUNDS_MAX; round++) {
      for (BlockRun run : runs) {
        var unused = run.advance(new Told(new ArrayList<>(), ""));
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
        outcome(root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofHours(1))));
    root.stop();
    assertInstanceOf(RootEnd.Stopped.class, root.ended().getNow(new RootEnd.Failed("not ended")));
    assertEquals(List.of(), cluster.one.ran);
    assertTrue(cluster.one.mounted);
  }

  private BlockRoot openBesideAPeerThatDoesNotServe() throws Exception {
    bringUp();
    cluster.two.mounted = false;
    cluster.two.role = Role.SECONDARY;
    return open();
  }

  @Test
  void whoWaitsIsAnsweredOnceThePeerServesToo() throws Exception {
    BlockRoot root = openBesideAPeerThatDoesNotServe();
    assertEquals(RootReport.State.LIVE, root.report().state());
    var early = root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ZERO);
    assertEquals(BarrierReport.Outcome.PEER_OFFLINE, outcome(early));
    var whole = root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofHours(1));
    bringUp();
    assertEquals(BarrierReport.Outcome.DONE, outcome(whole));
  }

  @Test
  void whoWaitsForARootThatEndsIsToldSo() throws Exception {
    BlockRoot root = openBesideAPeerThatDoesNotServe();
    var answer = root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofHours(1));
    root.stop();
    assertThrows(ExecutionException.class, () -> outcome(answer));
    assertThrows(
        ExecutionException.class,
        () -> outcome(root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ZERO)));
  }

  private static BarrierReport.Outcome outcome(CompletableFuture<BarrierReport> answer)
      throws Exception {
    return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS).outcome();
  }

  @Test
  void isHeldInASplitBrainAndSaysWhatToDo() throws Exception {
    bringUp();
    cluster.pull();
    cluster.plug();
    cluster.one.ran.clear();
    BlockRoot root = open();
    assertEquals(RootReport.State.HELD, root.report().state());
    assertTrue(root.report().reason().startsWith("split-brain: "), root.report().reason());
    assertEquals(
        BarrierReport.Outcome.NOT_LIVE,
        outcome(root.barrier(RelativePath.ROOT, OptionalInt.empty(), Duration.ofHours(1))));
    assertEquals(List.of(), cluster.one.ran);
  }

  @Test
  void onlyLooksWhilePausedAlsoAfterARestart() throws Exception {
    BlockRoot neverStarted = root();
    neverStarted.pause().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    neverStarted.stop();
    BlockRoot root = open();
    assertEquals(RootReport.State.PAUSED, root.report().state());
    assertEquals(List.of(), cluster.one.ran);
  }

  @Test
  void onlyLooksWhileACommandWorksOnItAndGoesOnWhenThatEnds() throws Exception {
    BlockDesk.Work command = new BlockDesk(directory).begin().orElseThrow();
    BlockRoot root = open();
    assertEquals(RootReport.State.PAUSED, root.report().state());
    assertEquals(List.of(), cluster.one.ran);
    // As the kernel does it when the command is killed.
    command.close();
    await(() -> !is(root, "no-module"));
    assertEquals(RootReport.State.STARTING, root.report().state());
  }

  @Test
  void letsGoOfTheRootBetweenItsSteps() throws Exception {
    BlockRoot root = open();
    BlockDesk desk = new BlockDesk(directory);
    await(() -> !is(root, "no-module"));
    try (BlockDesk.Work _ = begun(desk)) {
      await(() -> root.report().state() == RootReport.State.PAUSED);
      assertEquals(Optional.empty(), desk.begin());
    }
  }

  private static boolean is(BlockRoot root, String state) {
    return root.status().orElseThrow().assessment().name().equals(state);
  }

  private static BlockDesk.Work begun(BlockDesk desk) throws IOException {
    while (true) {
      Optional<BlockDesk.Work> work = desk.begin();
      if (work.isPresent()) {
        return work.get();
      }
    }
  }

  @Test
  void forgetsWhatItAskedOnceItIsHealthy() throws Exception {
    bringUp();
    cluster.pull();
    cluster.plug();
    BlockRoot root = open();
    await(() -> root.report().reason().startsWith("split-brain: "));
    try (BlockDesk.Work _ = begun(new BlockDesk(directory))) {
      go(new Goal.Resolved("web2"));
    }
    await(() -> root.report().state() == RootReport.State.LIVE);
    assertEquals("", root.report().reason());
  }

  @Test
  void onlyLooksWhereNothingMayBeChanged() throws Exception {
    BlockRoot root = root(true);
    root.start();
    await(() -> root.status().isPresent());
    await(() -> root.report().state() == RootReport.State.PAUSED);
    assertEquals(List.of(), cluster.one.ran);
  }
}
