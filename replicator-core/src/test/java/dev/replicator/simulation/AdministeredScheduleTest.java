package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeds from {@link Swarm#ADMINISTERED_SEEDS} on that once failed, and what is left of them. */
class AdministeredScheduleTest {
  /** What each of them was is in docs/SIMULATION.md. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        17000336, 17010185, 17012750, 17203771, 17402825, 20000277, 20007545, 20014614, 20016262,
        20029392, 20034198, 20034471, 20037141, 20040533
      })
  void seedThatOnceFailedPasses(long seed) {
    assertTrue(RandomSchedule.run(seed).done() > 0);
  }

  /** What is left of 17203771. */
  @Test
  void syncThatBeganBeforeAPeerLostItsJournalVouchesForNothingOfTheNext() {
    Cut cut =
        Cut.parse(
            "CHANGED_PEERS,LOST_JOURNALS,PATH_BY_PATH,POWER_CUTS,REPEATED_EVENTS,"
                + "TICKING_CLOCKS,TINY_BOUNDS,TYPE_CHANGES,a0,a1,a10,a11,a12,a13,a14,a18,a19,"
                + "a2,a3,a4,a9,d0,d11,d12,d17,d19,d8,d9/0");
    new RandomSchedule(17203771, cut, false).go();
  }

  /** What is left of 17010185. */
  @Test
  void lookThatFailsWhileItsDirectoryIsScannedKeepsItNotUnreadForEver() {
    Cut cut =
        Cut.parse(
            "CUTS,DISK_ERRORS,IMAGES,ONE_WAY_STALLS,REPEATED_EVENTS,TICKING_CLOCKS,"
                + "UNORDERED_EVENTS,a0,a10,a11,a12,a13,a14,a15,a17,a2,a22,a23,a26,a27,a3,a35,"
                + "a37,a38,a4,a42,a43,a44,a45,a49,a5,a50,a51,a52,a53,a54,a55,a56,a57,a58,a59,"
                + "a6,a60,a61,a62,a7,a8,d22,d48,d49,d53,d60/19");
    new RandomSchedule(17010185, cut, false).go();
  }

  /** What is left of 17000336 with another salt. */
  @Test
  void whatCouldNotBeReadAndIsRemovedByThisNodeIsNotUnreadForEver() {
    Cut cut =
        Cut.parse(
            "BARRIERS,CHANGED_PEERS,CHANGED_RULES,CROSSED_MOVES,DISK_ERRORS,IMAGES,"
                + "TICKING_CLOCKS,TOGETHER,UNORDERED_EVENTS,a0,a1,a10,a11,a12,a2,a3,a4,a47,a49,"
                + "a5,a50,a51,a52,a53,a54,a6,a7,a8,a9,d0,d1,d12,d4,d46,d47,d48,d5,d50,d51,d8/26");
    new RandomSchedule(17000336, cut, false).go();
  }

  /** What is left of 17012750. */
  @Test
  void whatIsWrittenWhereAKilledDaemonLeftNothingOutYetIsAWrite() {
    Cut cut = Cut.parse("CHANGED_RULES,RENAME_STORMS,a36,a44,d36,d40,d41,d6/8");
    new RandomSchedule(17012750, cut, false).go();
  }

  /** What is left of 17020428 with another salt. */
  @Test
  void modeOfADirectoryThatWentBeforeItsNodeSawItNeedNotBeKnown() {
    Cut cut =
        Cut.parse(
            "DISK_ERRORS,KILLS,PATH_BY_PATH,PRIVATE_MODES,RENAME_STORMS,SYNC_ERRORS,a0,a1,"
                + "a10,a11,a16,a17,a2,a20,a21,a22,a23,a24,a3,a31,a32,a35,a4,a41,a6,a7,a8,a9,d0,"
                + "d10,d12,d13,d14,d16,d19,d2,d21,d22,d23,d25,d31,d9/57");
    new RandomSchedule(17020428, cut, false).go();
  }

  /** What is left of 17402825. */
  @Test
  void whatAnApprovedDirectoryLacksIsNotDeletedThoughThePowerFails() {
    Cut cut =
        Cut.parse(
            "BARRIERS,CROSSED_MOVES,IMAGES,POWER_CUTS,SWAPPED_ROOTS,a23,a24,a25,a26,a27,a28,"
                + "a30,a32,a39,a4,d22,d26,d32/28");
    new RandomSchedule(17402825, cut, false).go();
  }
}
