package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RootIdentityTest {
  private static final long TOP = 2;
  private static final OptionalLong SUBVOLUME = OptionalLong.of(77);
  private static final RootIdentity KNOWN =
      new RootIdentity(7, TOP, "marker", OptionalLong.of(1_000), SUBVOLUME, 5);

  @Test
  void isTheSameUnderAnotherDeviceNumberAfterABoot() {
    assertTrue(
        new RootIdentity(8, TOP, "marker", OptionalLong.of(1_000), SUBVOLUME, 5).isSame(KNOWN));
  }

  @Test
  void aFileSystemThatWasMadeSinceHasAnotherTop() {
    OptionalLong later = OptionalLong.of(2_000);
    assertFalse(new RootIdentity(7, TOP, "marker", later, SUBVOLUME, 5).isSame(KNOWN));
    assertFalse(new RootIdentity(7, TOP, "", later, SUBVOLUME, 0).isSame(KNOWN));
    assertFalse(new RootIdentity(7, TOP, "marker", later, SUBVOLUME, 4).isEarlierStateOf(KNOWN));
  }

  @Test
  void anEarlierEpochIsAnEarlierStateOfTheSame() {
    RootIdentity earlier = KNOWN.withEpoch(4);
    assertFalse(earlier.isSame(KNOWN));
    assertTrue(earlier.isEarlierStateOf(KNOWN));
    assertTrue(KNOWN.withEpoch(6).isSame(KNOWN));
    assertFalse(KNOWN.isEarlierStateOf(KNOWN));
  }

  @Test
  void aSnapshotOfTheSameRunIsAnotherSubvolume() {
    OptionalLong born = OptionalLong.of(1_000);
    RootIdentity snapshot =
        new RootIdentity(7, TOP, "marker", born, OptionalLong.of(78), KNOWN.epoch());
    assertFalse(snapshot.isSame(KNOWN));
    assertFalse(snapshot.withEpoch(4).isEarlierStateOf(KNOWN));
    RootIdentity unasked =
        new RootIdentity(7, TOP, "marker", born, OptionalLong.empty(), KNOWN.epoch());
    assertTrue(KNOWN.isSame(unasked), "an older journal has none");
  }

  @Test
  void whatIsNotKeptOrNotToldDecidesNothing() {
    assertTrue(
        new RootIdentity(7, TOP, "marker", OptionalLong.empty(), SUBVOLUME, 5).isSame(KNOWN));
    assertTrue(KNOWN.isSame(new RootIdentity(7, TOP, "marker")));
    assertTrue(KNOWN.withMarker("").withEpoch(0).isSame(KNOWN));
  }
}
