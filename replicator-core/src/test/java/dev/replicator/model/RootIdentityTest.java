package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RootIdentityTest {
  private static final long TOP = 2;
  private static final RootIdentity KNOWN =
      new RootIdentity(7, TOP, "marker", OptionalLong.of(1_000), 5);

  @Test
  void isTheSameUnderAnotherDeviceNumberAfterABoot() {
    assertTrue(new RootIdentity(8, TOP, "marker", OptionalLong.of(1_000), 5).isSame(KNOWN));
  }

  @Test
  void aFileSystemThatWasMadeSinceHasAnotherTop() {
    OptionalLong later = OptionalLong.of(2_000);
    assertFalse(new RootIdentity(7, TOP, "marker", later, 5).isSame(KNOWN));
    assertFalse(new RootIdentity(7, TOP, "", later, 0).isSame(KNOWN));
    assertFalse(new RootIdentity(7, TOP, "marker", later, 4).isEarlierStateOf(KNOWN));
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
  void whatIsNotKeptOrNotToldDecidesNothing() {
    assertTrue(new RootIdentity(7, TOP, "marker", OptionalLong.empty(), 5).isSame(KNOWN));
    assertTrue(KNOWN.isSame(new RootIdentity(7, TOP, "marker")));
    assertTrue(KNOWN.withMarker("").withEpoch(0).isSame(KNOWN));
  }
}
