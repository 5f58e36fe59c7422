package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What seeds from {@link Swarm#HONEST_SEEDS} on draw, and what of it happened. */
class HonestScheduleTest {
  private static final long YEAR_MILLIS = 365L * 24 * 60 * 60 * 1_000;
  private static final int SEEDS = 40;

  private static LongStream seeds() {
    return LongStream.range(Swarm.HONEST_SEEDS, Swarm.HONEST_SEEDS + SEEDS);
  }

  @Test
  void everySeedDrawsFiftyActsAndThreeKindsOfFault() {
    LongStream.range(Swarm.HONEST_SEEDS, Swarm.HONEST_SEEDS + 2_000)
        .mapToObj(Swarm::of)
        .forEach(swarm -> {
          assertTrue(swarm.acts() >= 50 && swarm.acts() < 90, swarm::toString);
          assertTrue(swarm.knobs().stream().filter(Knob.FAULTS::contains).count() >= 3);
          assertTrue(!swarm.has(Knob.DISK_ERRORS) || swarm.percent().steps() > 0);
          assertTrue(!swarm.has(Knob.MISSED_EVENTS) || swarm.percent().events() > 0);
        });
  }

  @Test
  void earlierSeedsDrawNothingOfThat() {
    TreeSet<Knob> drawn = new TreeSet<>();
    LongStream.range(Swarm.HONEST_SEEDS - 1_000, Swarm.HONEST_SEEDS)
        .forEach(seed -> drawn.addAll(Swarm.of(seed).knobs()));
    assertEquals(Knob.TINY_BOUNDS, drawn.last());
  }

  /** Acts of users that come to nothing, and faults that strike nothing, are not counted. */
  @Test
  void mostOfThemCount() {
    List<RandomSchedule> counted = new ArrayList<>();
    seeds().mapToObj(RandomSchedule::run).filter(RandomSchedule::counts).forEach(counted::add);
    assertTrue(counted.size() >= SEEDS * 9 / 10, counted.size() + " of " + SEEDS);
    counted.forEach(schedule -> assertTrue(schedule.done() >= 50));
  }

  @Test
  void nothingIsCountedThatDidNotHappen() {
    RandomSchedule idle =
        new RandomSchedule(Swarm.HONEST_SEEDS, Cut.to(List.of("CLOCK_STEPS"), 0), false);
    idle.go();
    assertEquals(0, idle.done());
    assertEquals(new TreeSet<>(), new TreeSet<>(idle.cluster().struck()));
    assertFalse(idle.counts());
  }

  @Test
  void clocksAreSteppedByYearsAndByNoMoreThanTen() {
    TreeSet<Long> wrong = new TreeSet<>();
    seeds()
        .filter(seed -> Swarm.of(seed).has(Knob.CLOCK_STEPS))
        .mapToObj(RandomSchedule::run)
        .map(RandomSchedule::cluster)
        .forEach(cluster ->
            cluster.nodes().forEach(node -> wrong.add(node.nowMillis() - cluster.millis())));
    assertTrue(wrong.first() < -YEAR_MILLIS && wrong.first() > -11 * YEAR_MILLIS, wrong::toString);
    assertTrue(wrong.last() > YEAR_MILLIS && wrong.last() < 11 * YEAR_MILLIS, wrong::toString);
  }

  /** How the node is told of what user did in ten writes, as the lines of its trace say. */
  private static List<String> told(boolean twice, boolean ordered) {
    SimulatedCluster cluster = new SimulatedCluster(5, 2, true);
    SimulatedNode node = cluster.node(0);
    SimulatedUser user = new SimulatedUser(cluster, new Lineage());
    node.suffer(
        new Faults(new SplittableRandom(7), new Faults.Percent(0, 0, 0, 0, List.of()), it -> {}));
    if (twice) {
      user.tellsBy(Hints.twice(cluster, new SplittableRandom(3)));
    }
    if (!ordered) {
      node.faults().forgetOrder();
    }
    cluster.start(node);
    cluster.settleAndApprove();
    for (int i = 0; i < 10; i++) {
      RelativePath path = RelativePath.of("f" + i);
      node.disk.create(path, EntryType.FILE, "text " + i, node.nowNanos());
      user.tell(node, path, new Event.Suspected(path, Cause.WATCH, false));
    }
    cluster.settleAndApprove();
    return cluster.traced().stream()
        .filter(line -> line.contains("n0  Suspected") && line.contains("WATCH"))
        .map(line -> line.replaceAll(".*path=([^,]*),.*", "$1"))
        .toList();
  }

  @Test
  void watcherTellsTwiceOrInAnotherOrder() {
    List<String> once = told(false, true);
    assertEquals(10, once.size(), once::toString);
    assertEquals(once.stream().sorted().toList(), once);
    List<String> twice = told(true, true);
    assertTrue(twice.size() > 10, twice::toString);
    assertEquals(new TreeSet<>(once), new TreeSet<>(twice));
    List<String> mixed = told(false, false);
    assertNotEquals(once, mixed);
    assertEquals(once, mixed.stream().sorted().toList());
  }

  /** What happened before the last lines that are kept is in the digest, too. */
  @Test
  void tracesThatDifferOnlyInWhatIsKeptNoMoreDiffer() {
    SimulatedCluster one = new SimulatedCluster(5, 2, true);
    SimulatedCluster other = new SimulatedCluster(5, 2, true);
    one.note("one");
    other.note("other");
    for (int i = 0; i < 20_000; i++) {
      one.note("the same");
      other.note("the same");
    }
    int last = one.traced().size() - 1;
    assertEquals(one.traced().subList(0, last), other.traced().subList(0, last));
    assertNotEquals(one.traced().get(last), other.traced().get(last));
  }

  /** A planted fault: the disk of a node replaces whatever is there. */
  @Test
  void seedThatFailsIsReplayedAndToldWithWhatItDrew() {
    Replays replays =
        new Replays(cluster -> cluster.nodes().forEach(node -> node.disk.blind = true));
    String failure =
        seeds()
            .mapToObj(replays::run)
            .flatMap(ran -> ran.failure().stream())
            .findFirst()
            .orElseThrow();
    assertTrue(failure.startsWith("simulation seed 14"), failure);
    assertTrue(failure.contains("again when replayed\n  knobs: ["), failure);
  }

  @Test
  void seedThatIsNotTheSameEachTimeIsTold() {
    int[] runs = {0};
    Replays replays =
        new Replays(cluster -> {
          runs[0]++;
          cluster.note("run " + runs[0]);
        });
    String failure = replays.run(Swarm.HONEST_SEEDS).failure().orElseThrow();
    assertTrue(failure.contains("its traces differ"), failure);
  }

  /** Twenty of them take a second; they are run by thousands as {@link SchedulesProof}. */
  @Test
  void clocksThatTickHideNothing() {
    List<RandomSchedule> ticking =
        LongStream.range(Swarm.TICKING_SEEDS, Swarm.TICKING_SEEDS + SEEDS)
            .filter(seed -> Swarm.of(seed).has(Knob.TICKING_CLOCKS))
            .mapToObj(RandomSchedule::run)
            .toList();
    assertTrue(ticking.size() > SEEDS / 2);
    ticking.forEach(schedule -> assertTrue(schedule.done() >= Swarm.ACTS_MIN));
    assertFalse(Swarm.of(Swarm.TICKING_SEEDS - 1).has(Knob.TICKING_CLOCKS));
  }

  @Test
  void whatIsTakenTogetherHidesNothing() {
    List<RandomSchedule> together =
        LongStream.range(Swarm.TOGETHER_SEEDS, Swarm.TOGETHER_SEEDS + SEEDS)
            .filter(seed -> Swarm.of(seed).has(Knob.TOGETHER))
            .mapToObj(RandomSchedule::run)
            .toList();
    assertTrue(together.size() > SEEDS / 2);
    together.forEach(schedule -> assertTrue(schedule.done() > 0));
    assertFalse(Swarm.of(Swarm.TOGETHER_SEEDS - 1).has(Knob.TOGETHER));
  }

  /** What each of them was is in docs/SIMULATION.md. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        14003373, 14010232, 14011556, 14013095, 14013341, 14017237, 14017334, 14026850, 14034105,
        14036053, 14046454, 14049113, 14053015, 14056751, 14100145, 14100277, 14100615, 14101195,
        14101402, 14101458, 14101585, 14102344, 14302444, 14312532, 14314370, 14315657, 14320226,
        14320657, 14320688, 14320789, 14334677, 14344598, 14345413, 14348263, 14359050, 14377020,
        14382944, 14384414, 14385311, 14388679, 14391465, 14404784, 14426143, 14454001, 14002641,
        15000062, 15000807, 15001182, 14424730
      })
  void seedThatOnceFailedPasses(long seed) {
    assertTrue(RandomSchedule.run(seed).done() > 0);
  }
}
