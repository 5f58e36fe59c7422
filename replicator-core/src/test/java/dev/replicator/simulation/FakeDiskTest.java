package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a simulator may rely on: the same twice, faults where it says, and honest losses of power.
 */
final class FakeDiskTest {
  private static final RelativePath FILE = RelativePath.of("f");
  private static final RelativePath OTHER = RelativePath.of("g");

  private final FakeDisk disk = new FakeDisk();
  private final FakeTree tree = new FakeTree(disk);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isTheSameTwiceForOneSeed(long seed) {
    assertEquals(run(seed), run(seed));
  }

  private static List<String> run(long seed) {
    FakeDisk disk = new FakeDisk();
    SplittableRandom random = new SplittableRandom(seed);
    List<String> trace = new ArrayList<>();
    disk.listen(new Trace(trace));
    for (int step = 0; step < 500; step++) {
      RelativePath path = RelativePath.of("f" + random.nextInt(10));
      switch (random.nextInt(4)) {
        case 0 -> disk.write(path, "written " + step);
        case 1 -> disk.replace(path, "replaced " + step);
        case 2 -> disk.at(path).ifPresent(found -> disk.remove(path));
        default -> PowerLoss.strike(disk, random);
      }
      trace.addAll(disk.listing());
    }
    return trace;
  }

  /** Writes down what a watcher would see. */
  private record Trace(List<String> lines) implements FakeDisk.Listener {
    @Override
    public void changed(RelativePath path) {
      lines.add("changed " + path);
    }

    @Override
    public void appeared(RelativePath directory) {
      lines.add("appeared " + directory);
    }

    @Override
    public void movedIn(RelativePath directory) {
      lines.add("moved in " + directory);
    }
  }

  @Test
  void failsWhereAScenarioSaysSo() throws Exception {
    disk.write(FILE, "content");
    Look.Found found = (Look.Found) tree.look(FILE);
    Problem full = Problem.of(Problem.Kind.DISK_FULL);
    tree.interfere(
        new Interference() {
          @Override
          public Optional<Problem> fault(Step step, RelativePath path) {
            return step == Step.STAGE || path.equals(FILE) ? Optional.of(full) : Optional.empty();
          }
        });

    assertEquals(full, assertThrows(TreeException.class, () -> tree.stageFile().close()).problem());
    assertThrows(TreeException.class, () -> tree.read(FILE, found.stamp()).close());
    assertEquals(new Look.Gone(), tree.look(OTHER));
    assertEquals("content", disk.read(FILE));
  }

  @Test
  void showsAReaderWhatIsWrittenWhileItReads() throws Exception {
    disk.write(FILE, "before");
    try (SeekableByteChannel channel = tree.read(FILE, ((Look.Found) tree.look(FILE)).stamp())) {
      ByteBuffer first = ByteBuffer.allocate(3);
      channel.read(first);
      disk.write(FILE, "after!");
      ByteBuffer second = ByteBuffer.allocate(3);
      channel.read(second);

      assertEquals("bef", new String(first.array()));
      assertEquals("er!", new String(second.array()));
    }
  }

  @Test
  void letsAWriterWriteOnWhereItsFileHasGone() {
    disk.write(FILE, "old");
    FakeDisk.Handle handle = disk.open(FILE);
    disk.move(FILE, OTHER);
    disk.write(FILE, "new");

    handle.write("written late");

    assertEquals("new", disk.read(FILE));
    assertEquals("written late", disk.read(OTHER));
  }

  @Test
  void losesNothingThatWasSynced() throws Exception {
    for (long seed = 0; seed < 200; seed++) {
      FakeDisk fresh = new FakeDisk();
      FakeTree synced = new FakeTree(fresh);
      fresh.write(FILE, "synced");
      synced.sync(List.of(FILE));
      fresh.write(OTHER, "not synced");

      PowerLoss.strike(fresh, new SplittableRandom(seed));

      assertEquals("synced", fresh.read(FILE), "seed " + seed);
    }
  }

  @Test
  void leavesTheOldOrTheNewNameAfterAReplacement() {
    Set<String> outcomes = new TreeSet<>();
    for (long seed = 0; seed < 200; seed++) {
      FakeDisk fresh = new FakeDisk();
      fresh.write(FILE, "old");
      fresh.saveAll();
      fresh.replace(FILE, "new");

      PowerLoss.strike(fresh, new SplittableRandom(seed));

      assertTrue(fresh.exists(FILE), "seed " + seed);
      outcomes.add(fresh.read(FILE));
    }
    assertEquals(Set.of("", "n", "ne", "new", "old"), outcomes);
  }

  @Test
  void undoesAMoveWholeOrNotAtAll() {
    Set<List<Boolean>> outcomes = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      FakeDisk fresh = new FakeDisk();
      fresh.write(FILE, "moved");
      fresh.saveAll();
      fresh.move(FILE, OTHER);

      PowerLoss.strike(fresh, new SplittableRandom(seed));

      outcomes.add(List.of(fresh.exists(FILE), fresh.exists(OTHER)));
    }
    assertEquals(Set.of(List.of(true, false), List.of(false, true)), outcomes);
  }

  @Test
  void givesNoTwoChangesTheSameMoment() throws Exception {
    disk.write(FILE, "one");
    Look before = tree.look(FILE);
    disk.write(FILE, "one");

    assertNotEquals(before, tree.look(FILE));
  }

  @Test
  void refusesAnExchangeWithAFaultAndTouchesNothing() {
    tree.interfere(
        new Interference() {
          @Override
          public Optional<Problem> fault(Step step, RelativePath path) {
            return Optional.of(Problem.of(Problem.Kind.READ_ONLY));
          }
        });

    Exchanged answer =
        tree.exchange(
            FILE,
            new Intent(Optional.empty(), Target.ABSENT, Knowledge.NONE, Optional.empty(), ""));

    assertEquals(new Exchanged.Failed(Problem.of(Problem.Kind.READ_ONLY)), answer);
  }
}
