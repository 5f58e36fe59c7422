package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole clusters under users, partitions and crashes; more seeds with -Dsimulation.seeds=N. */
class RandomScheduleTest {
  private static final int SEEDS = 300;
  private static final int SWARM_SEEDS = 150;
  private static final int BLOCK = 50;

  static LongStream blocks() {
    long seeds = Long.getLong("simulation.seeds", SEEDS);
    return LongStream.concat(blocks(0, seeds), blocks(Swarm.SEEDS, SWARM_SEEDS));
  }

  private static LongStream blocks(long from, long seeds) {
    return LongStream.range(0, (seeds + BLOCK - 1) / BLOCK).map(block -> from + block * BLOCK);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void disksEndEqualAndNothingIsLostOrComesBack(long first) {
    for (long seed = first; seed < first + BLOCK; seed++) {
      RandomSchedule.run(seed);
    }
  }

  /**
   * 5080: a write over a file that was put just before the power failed, before its first look, is
   * no write over what was put: it may have been torn.
   *
   * <p>9874: an absence that waits to be judged is none of what is put at the path meanwhile: its
   * author never saw that.
   *
   * <p>33529: a new name is put and deleted, and the events are lost before the kernel hears that
   * it was put: the scan finds it neither on the disk nor in the index.
   *
   * <p>55450: what an exchange displaced goes when the power undoes the exchange or its intent:
   * that is data which was not synced, and nobody's loss but the power's.
   *
   * <p>49071, 51212: a directory was put, the power took the note of it, and its mode was changed
   * before the start: that is somebody's change, and not what could not be enforced.
   *
   * <p>100963: a directory comes by a move while the removal of one of that name is not told yet.
   *
   * <p>119642: what is deleted after a power cut, before anybody looked, may be what was put just
   * before it, and not what the journal knows.
   *
   * <p>137153: a directory is moved away before it was seen itself, with what was seen in it.
   *
   * <p>149497: two journals from backups meet, and each was born anew: the one that holds less than
   * it once synced is told everything.
   *
   * <p>155540: of a group that is let go something was staged that is deleted by now.
   *
   * <p>124236: a journal from a backup shows beside others what was superseded long ago.
   *
   * <p>156388: a directory that nobody wrote is looked for, and is wanted for what is in it.
   *
   * <p>1013477: a node with an old journal writes while its only peer has just lost its own, and
   * cannot say that the version was used.
   *
   * <p>1006936, 1008709: a peer shows a version that was superseded, and its attributes still
   * stand: it was not told.
   *
   * <p>2000143, 2000235: another directory is taken as the root, and what was told of it before is
   * believed: what it lacks is deleted elsewhere.
   *
   * <p>2000153: a directory that came with what is in it cannot be looked at, and waits for that
   * for ever.
   *
   * <p>2000558: what could not be looked at is found to be settled, and never looked at again.
   *
   * <p>1037873: a full comparison with a peer that came back with an old journal is cut short.
   *
   * <p>1006804: a deletion that is to be forgotten is left for ever when the node draws a new
   * identity meanwhile: a directory has its old mode here and none of its own elsewhere.
   *
   * <p>1025168: the oracle believed no more in a journal that was lost than in the image before it.
   *
   * <p>2008325: what an exchange displaced is known after a crash, also where somebody wrote again.
   *
   * <p>2021946: the oracle forgot what an exchange displaced before the journal had it.
   *
   * <p>2023733: the scan of a start is over though a path that it found absent was busy when that
   * was judged, and what was deleted by an old journal is not given back.
   *
   * <p>2009300, 2006863: a file becomes a directory, as it did at a peer: the file is not
   * superseded, and comes back when the directory goes, or nobody has its content.
   *
   * <p>2006087: a removal that a crash cut off is believed to have put into the vault what somebody
   * else had taken away.
   *
   * <p>2070046: the first scan finds what a forgotten life of an old journal put, and supersedes
   * what it knows of.
   *
   * <p>2096180: what the first scan could not look at is written without a doubt when a look tells.
   *
   * <p>2030176, 2030297, 2034794: a comparison with a peer that came back with an old journal is
   * forgotten when the daemon ends.
   *
   * <p>2037321: the same of a peer that names an older journal of this node.
   *
   * <p>2038834, 2048619: another directory is the root, what was in an unread one of it is gone,
   * and that is taken for deletions once it can be read.
   *
   * <p>2000834, 2075886: what could not be read is taken for read before it was looked at.
   *
   * <p>2032999, 2043939: the oracle did not believe in what a node with an old journal wrote since.
   *
   * <p>2107674: a first scan finds what a peer wrote, too, and supersedes nothing of what was
   * replaced, though everybody said that the journal is the latest.
   *
   * <p>2017367: what was put just before the power failed is gone before its first look, and is
   * taken for deleted because its author wrote it long ago.
   *
   * <p>2067212: scans that failed together wait ever longer, also when the root is back.
   *
   * <p>2149365: a peer that lost its power forgets with its old identity how far a journal from a
   * backup had come.
   *
   * <p>2036442: the daemon ends before the first scan of a new journal did, and what somebody
   * writes before it starts again supersedes nothing of what it had put.
   *
   * <p>2080384, 2043429, 2067391, 2124914: what the first scan of an old journal found is told
   * before anybody contradicts it, and covers what is given back then.
   *
   * <p>2005883: everybody answered, and not all that they have was merged: it tells that nobody
   * here wrote what was found.
   *
   * <p>2051134: what could not be looked at is found when everybody answered, and is taken for
   * somebody's write.
   *
   * <p>2060030: what was read just before the last sync, and journaled after it, is taken for what
   * was there when the power failed.
   *
   * <p>2090338: what a comparison with a peer that came back with an old journal has to answer is
   * lost with the session.
   *
   * <p>2130450: what was found in doubt gave way meanwhile, and the time of what it had replaced
   * goes.
   *
   * <p>1089846: the simulated disk: the power left a directory under its old and its new name.
   *
   * <p>1107501: a file gets a second name, is written to under the first and displaced there; the
   * look at the second one had begun before.
   *
   * <p>1092466, 1194961: a journal from a backup starts after a crash, and shows what everybody
   * deleted and forgot.
   *
   * <p>2122208: a directory cannot be listed while what is in it could not be either, and is
   * forgotten to be unread: what the power took from it is deleted everywhere.
   *
   * <p>3000115, 3000382: a run of changes that is just full ends without its mark, or what was
   * passed over at the end of the journal is told without it.
   *
   * <p>3005320, 3008460: there is no room to work on a deletion when it is told, and its path waits
   * for a directory that never comes.
   *
   * <p>3000349, 3004532: what could not be looked at is one too many to be remembered, and is taken
   * for looked at.
   *
   * <p>3015809: what could not be looked at is one too many to be remembered, and the scan that
   * will find it is to come.
   *
   * <p>2035296: a peer that compares everything with a node with an old journal, which began after
   * a crash, gets an old journal itself, and forgets that.
   *
   * <p>2048838: the oracle looked for who remembers more than an old journal when that was put in
   * place; the only one who did lost that before he could say so.
   *
   * <p>3408284, 3462759, 3468970: a peer tells that all of a directory was told, and what was
   * written to it here meanwhile is taken for the peer's and never told.
   *
   * <p>3414737: a deletion that is durable with everybody before the mark of what it came with is
   * never forgotten: a directory has its old mode here and none of its own elsewhere.
   *
   * <p>2493762: what a first scan of an old journal found absent is held, and what somebody writes
   * there supersedes what the journal knows.
   *
   * <p>2310320, 3493791, 2485864: a journal from a backup starts after a crash, and the only peer
   * has just forgotten how much of it was synced: it shows what everybody deleted and forgot.
   *
   * <p>3451912, 3499736: the root is not mounted at a start after a kill, and what was being put
   * then is taken for somebody's write when it is.
   *
   * <p>3441521: the simulated disk: what had been displaced went though the journal did not take
   * what the start made of it.
   *
   * <p>1511139: a peer shows that the journal is an old one while no other identity is at hand, and
   * has forgotten that when it comes again.
   *
   * <p>3490017: a look failed at what was removed then; a directory that comes and goes there for
   * what is in it waits for ever.
   *
   * <p>1465922: the simulated disk: a file that gave way to a directory of a group was not kept.
   *
   * <p>1416033: the oracle: somebody wrote over a file in a directory that was just being renamed
   * as on a peer.
   *
   * <p>4000264: a scan could not read all while a hold was looked for, which then never ended.
   *
   * <p>9387298: a look of a scan takes a directory that moved in since for one that was listed.
   *
   * <p>4048959, 6019788: the oracle: somebody deleted what nobody knows any more to have been put
   * over what an old journal knows, and it asked those who remember an earlier journal.
   *
   * <p>6013136: the oracle did not believe a node with an old journal that had looked at its disk,
   * once that was down.
   *
   * <p>5032537: the time of what was found in doubt gives way, and the one that shows then is taken
   * for one that the file system cannot keep.
   *
   * <p>8105282: what an old journal has in doubt was taken back by a life that it does not know,
   * and whom nobody contradicts any more.
   *
   * <p>8073810: the oracle: what was put just before the daemon was killed is renamed with the
   * directory it is in, as if it had never been put.
   *
   * <p>8164005: the simulated disk: a file is gone while what is to replace it waits in staging,
   * and was taken for one that may have been put.
   *
   * <p>8088360: the oracle: a vault took what nobody could send just before the end, and nobody had
   * asked for it since.
   *
   * <p>8236912: a file that was read since the start gives way to a directory, as at a peer, while
   * the first scan still goes on: it was taken for one that may have been put, and stood again.
   *
   * <p>9619547, 9738450: a file just put is written to with its own time, and the daemon ends; a
   * scan that began before a rollback ends the adoption after it.
   *
   * <p>54714: an old journal believes in a version that its disk has no more; the other is lost.
   */
  @ParameterizedTest
  @ValueSource(
      longs = {
        9387298, 8164005, 8073810, 8105282, 4048959, 6019788, 6013136, 5032537, 4000264, 1416033,
        1465922, 3490017, 1511139, 3441521, 3451912, 3499736, 3505989, 2310320, 2485864, 2493762,
        3408284, 3414737, 3462759, 3468970, 3493791, 3015809, 2035296, 2048838, 3000115, 3000382,
        3005320, 3008460, 3000349, 3004532, 2122208, 1092466, 1194961, 1107501, 1089846, 2130450,
        2090338, 2060030, 2051134, 2005883, 2080384, 2043429, 2067391, 2124914, 2036442, 2149365,
        2067212, 2017367, 2107674, 1006804, 2008325, 2021946, 2023733, 2009300, 2006863, 2006087,
        2070046, 2096180, 2030176, 2030297, 2034794, 2037321, 2038834, 2048619, 2000834, 2075886,
        2032999, 2043939, 1024, 1109, 4022, 5080, 7543, 9081, 9874, 10365, 20431, 29316, 95973,
        98581, 33529, 55450, 49071, 51212, 100963, 119642, 137153, 149497, 155540, 54714, 124236,
        156388, 28172, 1013477, 8088360, 8236912, 9619547, 9738450
      })
  void whatOnceFailedDoesNotFailAgain(long seed) {
    RandomSchedule.run(seed);
  }

  /**
   * What is left of 2060030: a journal from a backup starts after a crash, and what is deleted
   * before the first look is taken for what that journal knows to be synced.
   */
  @Test
  void deletionBeforeTheFirstLookDoesNotDeleteWhatAnOldJournalKnows() {
    Cut cut = Cut.parse("IMAGES,TYPE_CHANGES,a14,a31,d11,d13,d18,d23,d34,d42,d44,d53,d54/5");
    new RandomSchedule(2060030, cut, false).go();
  }

  /**
   * What is left of 2142029: a journal is older by what this node put last, which nobody was told;
   * the first scan takes that for somebody's write over what the journal knows.
   */
  @Test
  void whatANodePutItselfIsNobodysWriteOverWhatItsOldJournalKnows() {
    Cut cut =
        Cut.parse(
            "DISK_ERRORS,IMAGES,RENAME_STORMS,a10,a15,a17,a18,a19,a33,a36,a38,"
                + "a40,a41,a43,a44,a45,a48,a5,a50,a51,a53,a58,a6,a7,a8,a9,d0,d14,d22,"
                + "d23,d26,d28,d56,d59/394");
    new RandomSchedule(2142029, cut, false).go();
  }

  /**
   * Of 2142029, too: somebody writes over that before the start. What he replaced nobody knows any
   * more; the oracle did.
   */
  @Test
  void whatTheOnlyJournalForgotThatWasReplacedIsExcused() {
    Cut cut =
        Cut.parse(
            "DISK_ERRORS,IMAGES,RENAME_STORMS,a10,a15,a17,a18,a19,a20,a22,a24,"
                + "a25,a26,a32,a33,a35,a36,a38,a39,a40,a41,a43,a44,a45,a48,a5,a50,a51,"
                + "a56,a58,a6,a69,a9,d0,d14,d22,d23,d26,d28,d56,d59/867");
    new RandomSchedule(2142029, cut, false).go();
  }

  /**
   * What is left of 2035296: a journal from a backup starts after a crash, and the peer that began
   * to compare everything with it forgets that with an old journal of its own.
   */
  @Test
  void oldJournalThatThePowerCutOffIsKnownByWhatItHadSynced() {
    Cut cut =
        Cut.parse(
            "CROSSED_MOVES,IMAGES,TYPE_CHANGES,a16,a49,a60,a63,d16,d4,d42,d49,d54,d55,d63,d66,"
                + "d76,d78/8");
    new RandomSchedule(2035296, cut, false).go();
  }

  /** What is left of 2048838, of the oracle. */
  @Test
  void whatNobodyRemembersAnyMoreThatWasReplacedIsExcused() {
    Cut cut = Cut.parse("IMAGES,LOST_JOURNALS,a19,a22,a23,a43,a44,d41,d45,d61,d66,d75,d78,d79/31");
    new RandomSchedule(2048838, cut, false).go();
  }

  /** What is left of 2310320. */
  @Test
  void oldJournalAfterACrashShowsNothingThatEverybodyForgot() {
    Cut cut =
        Cut.parse(
            "FULL_DISKS,IMAGES,JOURNAL_ERRORS,MISSED_EVENTS,ONE_WAY_STALLS,POWER_CUTS,"
                + "TYPE_CHANGES,a10,a22,a9,d13,d18,d2,d33,d34,d40/10");
    new RandomSchedule(2310320, cut, false).go();
  }

  /** What is left of 3414737. */
  @Test
  void deletionIsForgottenWhereverItWasDurableBeforeItsMark() {
    new RandomSchedule(
            3414737, Cut.parse("CUTS,RENAME_STORMS,TINY_BOUNDS,a24,a4,a42,a43,a44,d28/18"), false)
        .go();
  }

  /** What is left of 4048959, of the oracle. */
  @Test
  void whatIsMissingIsTakenForDeletedWhenNobodyRemembersMore() {
    Cut cut =
        Cut.parse(
            "CROSSED_MOVES,CUTS,EMPTIED_ROOTS,IMAGES,SLOW_LINKS,TYPE_CHANGES,a56,d17,d39,d42,d60,"
                + "d71,d74,d82/10");
    new RandomSchedule(4048959, cut, false).go();
  }

  /** Of 4048959, too: a peer remembers the journal before the old one. */
  @Test
  void whoRemembersAnEarlierJournalRemembersNoMore() {
    Cut cut =
        Cut.parse(
            "CROSSED_MOVES,CUTS,EMPTIED_ROOTS,IMAGES,JOURNAL_ERRORS,SYNC_ERRORS,TYPE_CHANGES,a10,"
                + "a11,a13,a16,a17,a18,a35,a56,d12,d17,d39,d42,d60,d71,d74,d82,d9/10");
    new RandomSchedule(4048959, cut, false).go();
  }

  /** What is left of 2485864. */
  @Test
  void whatIsAdoptedIsToldToWhoForgotItsDeletionAndToWhoDidNot() {
    Cut cut =
        Cut.parse(
            "CROSSED_MOVES,FULL_DISKS,IMAGES,JOURNAL_ERRORS,MISSED_EVENTS,ONE_WAY_STALLS,"
                + "PATH_BY_PATH,SLOW_LINKS,SWAPPED_ROOTS,TYPE_CHANGES,a15,a16,a27,a28,a30,a34,"
                + "a35,a39,a41,a43,a45,a48,a5,a51,a52,a55,a59,a63,a65,a66,a69,a78,d30,d35,d36,"
                + "d58,d77,d78/3");
    new RandomSchedule(2485864, cut, false).go();
  }

  /** What is left of 8105282. */
  @Test
  void whatALifeThatIsForgottenTookBackSupersedesNothing() {
    Cut cut = Cut.parse("FEW_NAMES,IMAGES,a2,a5,a8,d12,d13,d14,d15/4");
    new RandomSchedule(8105282, cut, false).go();
  }

  /** What is left of 8073810, of the oracle. */
  @Test
  void whatWasJustPutAndWentWithItsDirectoryMayStandAgain() {
    Cut cut =
        Cut.parse(
            "CROSSED_MOVES,DISK_ERRORS,JOURNAL_ERRORS,ONE_WAY_STALLS,RENAME_STORMS,TINY_BOUNDS,"
                + "a15,a19,a20,a29,a34,a38,d22,d32,d33/177");
    new RandomSchedule(8073810, cut, false).go();
  }

  /** What is left of 8165064. */
  @Test
  void directoryThatTwoMadeWhereOneWasDeletedHasItsOwnMode() {
    Cut cut =
        Cut.parse(
            "CROSSED_MOVES,FEW_NAMES,RENAME_STORMS,TINY_BOUNDS,a10,a11,a13,a14,a15,a17,a18,a19,a20,"
                + "a21,a22,a23,a25,a26,a27,a28,a30,a40,a41,a42,a44,a45,a48,a49,a5,a50,a53,a9/4");
    new RandomSchedule(8165064, cut, false).go();
  }

  /** What is left of 8169560. */
  @Test
  void whatWasSeenInADirectoryGoesWithItWhenALinkIsPutInItsPlace() {
    Cut cut =
        Cut.parse(
            "CUTS,DISK_ERRORS,EMPTIED_ROOTS,IMAGES,LOST_JOURNALS,PATH_BY_PATH,POWER_CUTS,"
                + "RENAME_STORMS,SWAPPED_ROOTS,TINY_BOUNDS,a1,a12,a13,a14,a16,a17,a7,d4/0");
    new RandomSchedule(8169560, cut, false).go();
  }

  /** What is left of 8232689, of the oracle. */
  @Test
  void whatIsTakenOutOfADirectoryJustBeforeItsRenameIsGoneUnderTheOtherName() {
    Cut cut =
        Cut.parse(
            "MISSED_EVENTS,RENAME_STORMS,SYNC_ERRORS,a1,a10,a11,a14,a17,a2,a20,a21,a23,a25,a28,a3,"
                + "a30,a5,a6,a7,a8,a9,d19,d23,d6/0");
    new RandomSchedule(8232689, cut, false).go();
  }

  /** What is left of 8401248. */
  @Test
  void whatARemovalDisplacedIsKnownAfterACrashAlsoWhereSomebodyWroteAgain() {
    Cut cut =
        Cut.parse(
            "CUTS,FEW_NAMES,JOURNAL_ERRORS,LOST_JOURNALS,ONE_WAY_STALLS,PATH_BY_PATH,SWAPPED_ROOTS,"
                + "SYNC_ERRORS,TYPE_CHANGES,UNMOUNTED_ROOTS,a0,a1,a10,a11,a12,a13,a14,a15,a16,a17,"
                + "a18,a19,a2,a20,a21,a23,a24,a25,a26,a29,a31,a33,a34,a36,a37,a41,a45,a46,a47,a48,"
                + "a49,a50,a55,a56,a57,a58,a59,a6,a62,a63,a64,a7,a8,a9,d1,d15,d27,d36,d7/0");
    new RandomSchedule(8401248, cut, false).go();
  }

  /** What is left of a schedule beside 8164005. */
  @Test
  void whatARenameReplacedIsHiddenWhereAPeerPutTheSameText() {
    Cut cut =
        Cut.parse(
            "EMPTIED_ROOTS,FEW_NAMES,FULL_DISKS,JOURNAL_ERRORS,ONE_WAY_STALLS,PATH_BY_PATH,"
                + "RENAME_STORMS,SLOW_LINKS,SYNC_ERRORS,a13,a15,a16,a18,a22,a23,a26,a28,a29,a33,"
                + "a34,a35,a36,a4,a41,a42,a47,a48,a49,a53,a54,a56,a57,a67,d0,d13,d23,d25,d48,d52,"
                + "d77/15");
    new RandomSchedule(8164005, cut, false).go();
  }

  /** What is left of 2772572 with users that rename often. */
  @Test
  void whatIsDeletedBeforeTheFirstLookAfterACrashIsNotWhatAnOldJournalKnows() {
    Cut cut =
        Cut.parse(
            "CUTS,DISK_ERRORS,FEW_NAMES,FULL_DISKS,IMAGES,JOURNAL_ERRORS,KILLS,"
                + "UNMOUNTED_ROOTS,a1,a15,a16,a17,a25,a27,a43,a9,d39,d51,d52/24");
    new RandomSchedule(2772572, cut, false).renamingOften().go();
  }

  /** What is left of 2774346 with users that rename often. */
  @Test
  void oldJournalIsKnownThoughANumberThatItForgotWasGivenAgain() {
    Cut cut =
        Cut.parse(
            "FEW_NAMES,IMAGES,PATH_BY_PATH,SWAPPED_ROOTS,SYNC_ERRORS,TYPE_CHANGES,"
                + "UNMOUNTED_ROOTS,a0,a1,a11,a17,a18,a19,a2,a20,a21,a22,a24,a25,a28,a3,a33,a36,"
                + "a38,a4,a40,a43,a44,a46,a47,a48,a49,a52,a53,a6,a8,d14,d24,d38,d5,d51,d54,d8/1");
    new RandomSchedule(2774346, cut, false).renamingOften().go();
  }

  /** What is left of 9149062, of the simulated disk. */
  @Test
  void powerTakesNoSyncedContentOfAFileThatIsTouched() {
    Cut cut =
        Cut.parse(
            "CUTS,EMPTIED_ROOTS,FEW_NAMES,FULL_DISKS,IMAGES,JOURNAL_ERRORS,KILLS,ONE_WAY_STALLS,"
                + "PATH_BY_PATH,POWER_CUTS,RENAME_STORMS,SWAPPED_ROOTS,UNMOUNTED_ROOTS,a11,a13,a14,"
                + "a15,a18,a20,a22,a23,a24,a25,a26,a27,a28,a29,a4,a42,a5,a8,d14,d21,d28,d36,d41,"
                + "d42/0");
    new RandomSchedule(9149062, cut, false).go();
  }

  /** What is left of 9775564. */
  @Test
  void whatWasSeenInADirectoryGoesWithItWhenAFileTakesItsPlace() {
    Cut cut =
        Cut.parse(
            "DISK_ERRORS,PATH_BY_PATH,RENAME_STORMS,UNMOUNTED_ROOTS,a0,a12,a13,a14,a16,a17,a22,"
                + "a24,a26,a3,a5,a7,a9,d10,d16,d4/0");
    new RandomSchedule(9775564, cut, false).go();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 17, 42, 2000017, 2000558, 1037873, 1025168})
  void sameSeedGivesTheSameTrace(long seed) {
    assertEquals(RandomSchedule.trace(seed), RandomSchedule.trace(seed));
  }

  /** Prints everything that happened, or what of it is kept, whether it fails or not. */
  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = "\\d+")
  void oneSeedIsReplayed() {
    long seed = Long.getLong("simulation.seed");
    Cut cut =
        Optional.ofNullable(System.getProperty("simulation.keep"))
            .map(Cut::parse)
            .orElse(Cut.NOTHING);
    System.out.println(RandomSchedule.trace(seed, cut));
    new RandomSchedule(seed, cut, false).go();
  }
}
