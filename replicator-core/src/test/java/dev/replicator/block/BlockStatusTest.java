package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class BlockStatusTest {
  private static final Drbd SOURCE =
      new Drbd(
          Role.PRIMARY,
          false,
          DiskState.UP_TO_DATE,
          Connection.CONNECTED,
          Role.SECONDARY,
          Replication.SYNC_SOURCE,
          DiskState.INCONSISTENT,
          OptionalLong.of(8));

  private static boolean serves(Assessment assessment, Drbd drbd, boolean mounted) {
    return new BlockStatus(
            assessment, Optional.of(drbd), Optional.empty(), OptionalLong.empty(), mounted)
        .serves();
  }

  @Test
  void aPrimaryServesWhileThePeerCatchesUpOrIsCompared() {
    assertTrue(serves(new Assessment.Syncing(SOURCE), SOURCE, true));
    assertTrue(serves(new Assessment.Verifying(SOURCE), SOURCE, true));
  }

  @Test
  void nobodyServesWithoutTheMountOrTheRole() {
    assertFalse(serves(new Assessment.Syncing(SOURCE), SOURCE, false));
    Drbd secondary = SOURCE.withRole(Role.SECONDARY);
    assertFalse(serves(new Assessment.Syncing(secondary), secondary, true));
  }

  @Test
  void nobodyServesInASplitBrain() {
    assertFalse(serves(new Assessment.SplitBrain(SOURCE), SOURCE, true));
  }
}
