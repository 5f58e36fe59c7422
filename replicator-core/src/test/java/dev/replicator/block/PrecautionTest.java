package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a healthy pair may look like after a mishap, and what must not be done about it unasked. */
final class PrecautionTest {
  private static final int ROUNDS_MAX = 2_000;
  private static final Permits NAMED = new Permits(Set.of("/dev/vda"), Set.of());

  private final FakeCluster cluster = new FakeCluster();
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void bringBothUp() throws Exception {
    BlockRun one = run(new Goal.Up(), Permits.NONE, cluster.one);
    BlockRun two = run(new Goal.Up(), Permits.NONE, cluster.two);
    Optional<Ending> first = Optional.empty();
    Optional<Ending> second = Optional.empty();
    for (int round = 0; round < ROUNDS_MAX && (first.isEmpty() || second.isEmpty()); round++) {
      first = first.isEmpty() ? one.advance(new Told(told, "")) : first;
      second = second.isEmpty() ? two.advance(new Told(told, "")) : second;
      cluster.tick();
    }
    assertEquals("healthy", Assessment.name(state().getClass()));
    cluster.one.ran.clear();
  }

  private static BlockRun run(Goal goal, Permits permits, FakeMachine machine) {
    return new BlockRun(Configs.lab(), machine.name, goal, permits, machine, machine, machine);
  }

  private Assessment state() throws InterruptedException {
    Observation seen = run(new Goal.Up(), Permits.NONE, cluster.one).observe();
    return Assessor.assess(Configs.lab(), "web1", seen);
  }

  private Ending alone(Goal goal, Permits permits) throws InterruptedException {
    BlockRun run = run(goal, permits, cluster.one);
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Optional<Ending> ending = run.advance(new Told(told, ""));
      if (ending.isPresent()) {
        return ending.get();
      }
      cluster.tick();
    }
    throw new AssertionError("no end: " + told);
  }

  /** Its disk says up to date, and the peer has the file system mounted. */
  @Test
  void noFileSystemIsMadeOverOneThatThisNodeServed() throws Exception {
    cluster.one.mounted = false;
    cluster.one.role = Role.SECONDARY;
    cluster.one.fileSystem = "";

    Ending ending = alone(new Goal.Up(), Permits.NONE);

    assertInstanceOf(Ending.NeedsPerson.class, ending);
    assertTrue(ending.text().startsWith("the device is blank, and OCFS2 was on it"), ending.text());
    assertEquals(List.of("drbdadm primary r0"), cluster.one.ran);
  }

  @Test
  void noFileSystemIsMadeByANodeThatLostItsMemory() throws Exception {
    cluster.one.mounted = false;
    cluster.one.fileSystem = "";
    cluster.one.past = Past.UNKNOWN;

    Ending ending = alone(new Goal.Up(), Permits.NONE);

    assertInstanceOf(Ending.NeedsPerson.class, ending);
    assertEquals(List.of(), cluster.one.ran);
  }

  @Test
  void theSecondNodeAsksAsWellInsteadOfWaitingForAFileSystem() throws Exception {
    cluster.two.mounted = false;
    cluster.two.fileSystem = "";
    Observation seen = run(new Goal.Up(), Permits.NONE, cluster.two).observe();
    assertEquals(
        new Assessment.FileSystemGone(Past.SERVED), Assessor.assess(Configs.lab(), "web2", seen));
  }

  @Test
  void aBlankDiskInThePlaceOfOneThatServedWaitsForItsName() throws Exception {
    cluster.part(cluster.one);
    cluster.one.up = false;
    cluster.one.mounted = false;
    cluster.one.role = Role.SECONDARY;
    cluster.one.metadata = false;

    Ending ending = alone(new Goal.Up(), Permits.NONE);

    assertInstanceOf(Ending.NeedsPerson.class, ending);
    assertTrue(ending.text().contains("whether it is the right one"), ending.text());
    assertEquals(List.of(), cluster.one.ran);

    alone(new Goal.Up(), NAMED);
    assertTrue(cluster.one.ran.contains("drbdadm create-md r0"), cluster.one.ran.toString());
  }

  @Test
  void twoNewDisksInThePlaceOfThoseThatServedWaitForAWord() {
    Drbd fresh =
        Sights.healthy()
            .withRole(Role.SECONDARY)
            .withDisk(DiskState.INCONSISTENT)
            .withLink(
                Connection.CONNECTED,
                Role.SECONDARY,
                Replication.ESTABLISHED,
                DiskState.INCONSISTENT);
    Observation seen = Sights.of(fresh, Sights.NEW, KernelLog.Cause.NONE);
    Goal up = new Goal.Up();
    Decision asked = Planner.decide(Configs.lab(), "web1", up, Permits.NONE, seen);
    assertInstanceOf(Decision.AskPerson.class, asked);
    assertEquals(
        new Decision.Act(new Step.BeginFirstSync()),
        Planner.decide(Configs.lab(), "web1", up, NAMED, seen));
  }

  @Test
  void aSplitBrainIsToldAlsoWhenTheKernelsLogHasMovedOn() throws Exception {
    cluster.pull();
    cluster.plug();
    cluster.one.log.setLength(0);

    assertInstanceOf(Assessment.SplitBrain.class, state());
  }

  @Test
  void whoeverWroteNothingIsTakenForNoSplitBrain() throws Exception {
    cluster.one.mounted = false;
    cluster.one.role = Role.SECONDARY;
    cluster.part(cluster.one);
    cluster.one.log.setLength(0);

    assertInstanceOf(Assessment.StandAlone.class, state());
  }

  @Test
  void disksThatNeverHeldTheSameAreNoSplitBrainAndNothingConnectsThem() throws Exception {
    cluster.part(cluster.one);
    cluster.one.log.append("block drbd0: Unrelated data, aborting!\n");

    assertInstanceOf(Assessment.UnrelatedData.class, state());
    assertInstanceOf(Ending.NeedsPerson.class, alone(new Goal.Resolved("web1"), Permits.NONE));
    assertEquals(List.of(), cluster.one.ran);
  }

  /** To bring it up again would attach the disk and connect. */
  @Test
  void aVictimWithoutADiskIsNotTakenForWhatAFailedStartLeft() {
    Drbd parted =
        Sights.healthy()
            .withRole(Role.SECONDARY)
            .withDisk(DiskState.DISKLESS)
            .withLink(Connection.STAND_ALONE, Role.UNKNOWN, Replication.OFF, DiskState.UNKNOWN);
    Observation seen = Sights.of(parted, Sights.USED, KernelLog.Cause.SPLIT_BRAIN);

    assertInstanceOf(Assessment.Diskless.class, Assessor.assess(Configs.lab(), "web1", seen));
  }

  @Test
  void aVerifyThatNeverWentOnIsNoProofThatBothDisksAreTheSame() throws Exception {
    cluster.damagedKib = 12;
    cluster.one.lying.add("drbdadm verify");

    Ending ending = alone(Goal.Verified.FRESH, Permits.NONE);

    assertInstanceOf(Ending.NeedsPerson.class, ending);
    assertTrue(ending.text().contains("no verify that came to its end"), ending.text());
  }

  @Test
  void fencingThatTheKernelDoesNotKnowOfIsTold() throws Exception {
    cluster.one.shown = cluster.one.shown.replaceFirst(" *fencing +resource-and-stonith;\n", "");

    Assessment state = state();

    assertInstanceOf(Assessment.KernelDiffers.class, state);
    assertEquals(Assessment.Standing.DEGRADED, state.standing());
    assertInstanceOf(Ending.Reached.class, alone(new Goal.Up(), Permits.NONE));
    assertTrue(state.reason().contains("fencing"), state.reason());
    assertEquals(List.of(), cluster.one.ran);
  }

  /** The peer connects, and parts again at once, for as long as anybody connects. */
  @Test
  void aRunThatGoesInCirclesEnds() throws Exception {
    cluster.one.mounted = false;
    cluster.one.role = Role.SECONDARY;
    cluster.pull();
    BlockRun run = run(new Goal.Resolved("web2"), Permits.NONE, cluster.one);
    Optional<Ending> ending = Optional.empty();
    for (int round = 0; round < ROUNDS_MAX && ending.isEmpty(); round++) {
      if (round % 2 == 0) {
        cluster.one.wantsPeer = false;
        cluster.one.log.append("block drbd0: Split-Brain detected but unresolved, dropping!\n");
      }
      ending = run.advance(new Told(told, ""));
    }
    assertInstanceOf(Ending.Failed.class, ending.orElseThrow());
    assertTrue(ending.get().text().startsWith("took 64 steps"), ending.get().text());
  }

  @Test
  void numbersThatAreNoneAreAnAnswerThatCannotBeRead() {
    String head = "version: 8.4.11 (api:1/proto:86-101)\n";
    String minor =
        " 0: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----\n"
            + "    ns:0 nr:0 oos:1\n";
    String left = "\t[=>..................] sync'ed: 12.5% (1/999999999999999999)M\n";
    assertUnreadable(head + minor + left);
    assertUnreadable(head + minor.replace(" 0:", " 99999999999999999999:"));
    assertEquals(
        Optional.of(Refusal.OTHER),
        Refusal.of(10, "", "0: State change failed: (99999999999999999999) text\n"));
  }

  private static void assertUnreadable(String text) {
    try {
      ProcDrbd.parse(text);
    } catch (UnreadableException expected) {
      return;
    }
    throw new AssertionError("was read: " + text);
  }
}
