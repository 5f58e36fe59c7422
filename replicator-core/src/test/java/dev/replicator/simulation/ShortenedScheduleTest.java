package dev.replicator.simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds from 10,000,000 on that once failed, and what is left of them. */
class ShortenedScheduleTest {
  /** What each was is in docs/SIMULATION.md. */
  @ParameterizedTest
  @ValueSource(longs = {10297841, 10430705, 10493548, 12191498})
  void whatOnceFailedDoesNotFailAgain(long seed) {
    RandomSchedule.run(seed);
  }

  /** What is left of 10297841. */
  @Test
  void whatAPowerCutTookIsFoundThoughAnotherComesBeforeTheFirstLook() {
    Cut cut = Cut.parse("CUTS,POWER_CUTS,a13,a15,a23,a26,a5,d10,d15,d16,d22,d23/0");
    new RandomSchedule(10297841, cut, false).go();
  }

  /** What is left of 10430705. */
  @Test
  void writeThroughANameThatIsReplacedShowsUnderTheNameThatItWasMovedTo() {
    Cut cut =
        Cut.parse(
            "IMAGES,RENAME_STORMS,TINY_BOUNDS,a0,a1,a11,a12,a14,a28,a32,a35,a37,a38,a39,a43,a44,"
                + "a46,a47,a49,a5,a51,a52,a53,a56,a58,a59,a6,a61,a62,a66,a67,a69,a70,a71,a9,d12,"
                + "d15,d2,d24,d29,d32,d33,d45,d49,d62/0");
    new RandomSchedule(10430705, cut, false).go();
  }

  /** What is left of 10493548. */
  @Test
  void peerThatLostItsJournalDoesNotTellThatAnOldOneForgotNothing() {
    Cut cut =
        Cut.parse(
            "FULL_DISKS,IMAGES,LOST_JOURNALS,TINY_BOUNDS,a10,a12,a14,a18,a2,a21,a22,a5,a54,a7,d0,"
                + "d16,d19,d20,d22,d24,d4,d44/0");
    new RandomSchedule(10493548, cut, false).go();
  }

  /** What is left of 12191498. */
  @Test
  void directoryThatIsPutWhileTheOneAboveItIsRenamedIsLookedFor() {
    Cut cut =
        Cut.parse("CROSSED_MOVES,a12,a13,a16,a17,a2,a20,a30,a32,a36,a37,a39,a40,a41,a43,a8/0");
    new RandomSchedule(12191498, cut, false).go();
  }
}
