package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the power takes from a simulated disk, and what it leaves. */
class PowerCutTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final RelativePath G = RelativePath.of("g");

  /** Whatever may be at {@code path} when the power fails after {@code change}. */
  private static TreeSet<String> left(RelativePath path, Consumer<SimulatedDisk> change) {
    TreeSet<String> left = new TreeSet<>();
    for (int seed = 0; seed < 100; seed++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.create(F, EntryType.FILE, "synced", 1);
      disk.sync();
      change.accept(disk);
      disk.cutPower(new SplittableRandom(seed));
      left.add(disk.find(path).map(Thing::text).orElse("nothing"));
    }
    return left;
  }

  private static TreeSet<String> anyOf(String... texts) {
    return new TreeSet<>(List.of(texts));
  }

  @Test
  void powerTakesDataThatWasNotSynced() {
    assertEquals(
        anyOf("synced", "", "fresh"),
        left(F, disk -> disk.change(F, disk.at(F).withText("fresh", 2))));
  }

  /** 9149062: a time that was set was taken for data that was written. */
  @Test
  void powerTakesNoSyncedDataOfAFileThatIsTouched() {
    assertEquals(anyOf("synced"), left(F, disk -> disk.change(F, disk.at(F).withMtime(2, 2))));
  }

  @Test
  void powerTakesNoSyncedDataOfAFileThatIsRenamed() {
    assertEquals(anyOf("nothing", "synced"), left(G, disk -> disk.rename(F, G, 2)));
  }

  /** 14314370: both names of a file were gone. */
  @Test
  void powerTakesNoSyncedFileThatIsRenamed() {
    for (int seed = 0; seed < 100; seed++) {
      SimulatedDisk disk = new SimulatedDisk();
      disk.create(F, EntryType.FILE, "synced", 1);
      disk.sync();
      disk.rename(F, G, 2);
      disk.cutPower(new SplittableRandom(seed));
      assertTrue(disk.find(F).or(() -> disk.find(G)).isPresent(), "seed " + seed);
    }
  }

  @Test
  void powerTakesDataOfAnotherFileWithTheSameText() {
    assertEquals(anyOf("synced", ""), left(F, disk -> disk.create(F, EntryType.FILE, "synced", 2)));
  }
}
