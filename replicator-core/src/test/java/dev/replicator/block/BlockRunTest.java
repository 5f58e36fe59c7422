package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The runner on two machines that answer as DRBD and OCFS2 do. */
final class BlockRunTest {
  private static final int ROUNDS_MAX = 2_000;
  private static final BlockConfig CONFIG = Configs.lab();

  private final FakeCluster cluster = new FakeCluster();
  private final List<String> told = new ArrayList<>();

  @Test
  void bringsBlankDisksToDualPrimaryAndMounted() throws Exception {
    List<Ending> endings = both(new Goal.Up(), new Goal.Up());
    assertInstanceOf(Ending.Reached.class, endings.getFirst());
    assertInstanceOf(Ending.Reached.class, endings.getLast());
    assertEquals(new Assessment.Healthy(), state(cluster.one));
    assertEquals(new Assessment.Healthy(), state(cluster.two));
    assertEquals(List.of(), cluster.one.lost());
    assertEquals(List.of(), cluster.two.lost());
    assertTrue(told.contains("web1 waiting for the sync: 30 %"), told.toString());
    String written = cluster.one.read("/etc/drbd.d/r0.res").orElseThrow();
    assertTrue(written.contains(Agreement.of(CONFIG, Configs.SECRET).text()), written);
    assertFalse(written.contains(Configs.SECRET.text()), written);
    assertFalse(cluster.two.ran.stream().anyMatch(command -> command.contains("mkfs")));
  }

  @Test
  void doesNothingWhenAllIsUp() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.one.ran.clear();
    cluster.two.ran.clear();
    both(new Goal.Up(), new Goal.Up());
    assertEquals(List.of(), cluster.one.ran);
    assertEquals(List.of(), cluster.two.ran);
  }

  @Test
  void goesDownAndUpAgainWithoutAResync() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    both(new Goal.Down(false), new Goal.Down(false));
    assertFalse(cluster.one.up || cluster.two.up || cluster.one.registered);
    told.clear();
    both(new Goal.Up(), new Goal.Up());
    assertEquals(new Assessment.Healthy(), state(cluster.one));
    assertFalse(told.toString().contains("waiting for the sync"), told.toString());
  }

  @Test
  void tellsASplitBrainLeavesItAloneAndHealsItForTheVictim() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.pull();
    cluster.plug();
    assertInstanceOf(Assessment.SplitBrain.class, state(cluster.one));
    cluster.one.ran.clear();
    cluster.two.ran.clear();
    for (Ending ending : both(new Goal.Up(), new Goal.Up())) {
      assertInstanceOf(Ending.NeedsPerson.class, ending);
      assertTrue(ending.text().contains("resolve --victim"));
    }
    assertEquals(List.of(), cluster.one.ran);
    assertEquals(List.of(), cluster.two.ran);
    both(new Goal.Resolved("web2"), new Goal.Resolved("web2"));
    assertEquals(new Assessment.Healthy(), state(cluster.one));
    assertEquals(new Assessment.Healthy(), state(cluster.two));
    assertEquals(List.of(), cluster.one.lost());
    assertEquals(List.of("drbdadm connect --discard-my-data r0"), cluster.two.lost());
    assertTrue(cluster.one.ran.stream().noneMatch(command -> command.startsWith("umount")));
  }

  @Test
  void asksNobodyForWhatASingleLookSaid() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.pull();
    cluster.plug();
    BlockRun run = run(new Goal.Up(), cluster.one, Permits.NONE);

    assertEquals(Optional.empty(), run.advance(new Told(told, "")));
    assertEquals(Optional.empty(), run.advance(new Told(told, "")));

    assertInstanceOf(Ending.NeedsPerson.class, run.advance(new Told(told, "")).orElseThrow());
    assertTrue(told.getLast().startsWith("looking again: "), told::toString);
  }

  @Test
  void findsDamageByVerifyAndRepairsItOnTheVictim() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    assertInstanceOf(Ending.Reached.class, alone(Goal.Verified.FRESH, cluster.one));
    cluster.damagedKib = 12;
    Ending found = alone(Goal.Verified.FRESH, cluster.one);
    assertInstanceOf(Ending.NeedsPerson.class, found);
    assertTrue(found.text().startsWith("12 KiB differ"));
    assertEquals(new Assessment.OutOfSync(12), state(cluster.two));
    for (Ending ending : both(new Goal.Resolved("web2"), new Goal.Resolved("web2"))) {
      assertInstanceOf(Ending.Reached.class, ending, ending.text());
    }
    assertEquals(new Assessment.Healthy(), state(cluster.one));
    assertEquals(new Assessment.Healthy(), state(cluster.two));
  }

  @Test
  void waitsForAPeerThatNeverComesAndSaysSo() throws Exception {
    Ending ending = alone(new Goal.Up(), cluster.one);
    assertInstanceOf(Ending.TimedOut.class, ending);
    assertTrue(ending.text().contains("the peer to connect"), ending.text());
  }

  @Test
  void triesAgainWhenABusyPeerRefuses() throws Exception {
    cluster.refusals = 3;
    both(new Goal.Up(), new Goal.Up());
    assertEquals(new Assessment.Healthy(), state(cluster.one));
  }

  @Test
  void triesAgainWhileSomebodyOnlyLooksWhatIsOnTheDevice() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.one.looksWithin = 3;
    assertInstanceOf(Ending.Reached.class, alone(new Goal.Down(true), cluster.one));
  }

  @Test
  void tellsThatSomebodyKeepsTheDeviceOpen() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.one.looksWithin = 100;
    Ending ending = alone(new Goal.Down(true), cluster.one);
    assertInstanceOf(Ending.Failed.class, ending);
    assertTrue(ending.text().contains("holds the device open"), ending.text());
    assertEquals(Role.PRIMARY, cluster.one.role);
  }

  @Test
  void looksAtOnceAfterAStepAndRestsAfterAWaitOrARefusal() throws Exception {
    cluster.refusals = 1;
    BlockRun one = run(new Goal.Up(), cluster.one, Permits.NONE);
    BlockRun two = run(new Goal.Up(), cluster.two, Permits.NONE);
    List<String> rests = new ArrayList<>();
    for (BlockRun run = two; run.advance(new Told(told, "")).isEmpty(); ) {
      rests.add(run.pause().toSeconds() + " s after " + told.getLast());
      run = run == one ? two : one;
      cluster.tick();
    }
    assertTrue(rests.contains("0 s after /usr/sbin/modprobe -- drbd"), rests::toString);
    assertTrue(rests.contains("1 s after waiting for the sync: 30 %"), rests::toString);
    String refused = "1 s after /usr/sbin/drbdadm primary r0";
    assertEquals(2, Collections.frequency(rests, refused), rests::toString);
  }

  @Test
  void tellsThatFilesAreOpenInsteadOfForcing() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.one.busy = true;
    Ending ending = alone(new Goal.Down(true), cluster.one);
    assertInstanceOf(Ending.Failed.class, ending);
    assertTrue(ending.text().contains("files are open on it"), ending.text());
    assertTrue(cluster.one.mounted);
  }

  @Test
  void doesNotComeUpWithAFenceHandlerThatCannotRun() throws Exception {
    cluster.one.missing.add(Configs.FENCED.handler().program());
    Ending ending = alone(new Goal.Up(), cluster.one);
    assertInstanceOf(Ending.NeedsPerson.class, ending);
    assertTrue(
        ending.text().contains("fencing needs " + Configs.FENCED.handler().program()),
        ending.text());
    assertEquals(List.of("modprobe -- drbd"), cluster.one.ran);
  }

  @Test
  void tellsWhatAToolSaidAndNotItsName() throws Exception {
    cluster.one.failing.put("mkfs.ocfs2", "mkfs.ocfs2 1.8.7\nmkfs.ocfs2: no such luck\n");
    Ending ending = both(new Goal.Up(), new Goal.Up()).getFirst();
    assertInstanceOf(Ending.Failed.class, ending);
    assertTrue(ending.text().endsWith("mkfs.ocfs2: no such luck"), ending.text());
  }

  @Test
  void reportsAToolThatHangsAsAState() throws Exception {
    both(new Goal.Up(), new Goal.Up());
    cluster.one.hanging.add("drbdsetup");
    Assessment state = state(cluster.one);
    assertInstanceOf(Assessment.Unreadable.class, state);
    assertTrue(state.reason().contains("did not end within"), state.reason());
    assertInstanceOf(Ending.NeedsPerson.class, alone(new Goal.Up(), cluster.one));
  }

  @Test
  void givesUpOnAToolThatSaysItDidWhatItDidNot() throws Exception {
    cluster.one.lying.add("modprobe -- drbd");
    cluster.one.files.clear();
    Ending ending = alone(new Goal.Up(), cluster.one);
    assertInstanceOf(Ending.Failed.class, ending);
    assertTrue(ending.text().contains("in vain"), ending.text());
  }

  @Test
  void leavesADiskAloneThatHoldsSomethingUntilItIsNamed() throws Exception {
    cluster.one.diskContent = "ext4";
    Ending ending = alone(new Goal.Up(), cluster.one);
    assertInstanceOf(Ending.NeedsPerson.class, ending);
    assertTrue(ending.text().contains("--yes-destroy /dev/vda"), ending.text());
    assertEquals(List.of(), cluster.one.lost());
    cluster.one.diskUser = "/srv";
    Permits named = new Permits(Set.of("/dev/vda"), Set.of());
    Ending used = ended(run(new Goal.Up(), cluster.one, named));
    assertTrue(used.text().contains("in use and never touched"), used.text());
    assertEquals(List.of(), cluster.one.lost());
    cluster.one.diskUser = "";
    ended(run(new Goal.Up(), cluster.one, named));
    assertEquals(List.of("wipefs --all /dev/vda"), cluster.one.lost());
  }

  /** In the words of lsblk: a mounted partition, and devices made of the disk. */
  @Test
  void neverTouchesADiskThatIsPartOfSomething() throws Exception {
    Permits named = new Permits(Set.of("/dev/vda"), Set.of());
    for (String below : List.of("vda1 part /srv", "data-lv lvm ", "crypt0 crypt ", "md0 raid1 ")) {
      cluster.one.diskUser = "\n" + below;
      Ending ending = ended(run(new Goal.Up(), cluster.one, named));
      assertInstanceOf(Ending.NeedsPerson.class, ending);
      assertTrue(ending.text().contains("in use and never touched"), ending.text());
      assertTrue(ending.text().contains(below.split(" ")[0]), ending.text());
    }
    assertEquals(List.of(), cluster.one.lost());
    assertFalse(cluster.one.metadata);
  }

  private Assessment state(FakeMachine machine) throws InterruptedException {
    Observation seen = run(new Goal.Up(), machine, Permits.NONE).observe();
    return Assessor.assess(CONFIG, machine.name, seen);
  }

  private BlockRun run(Goal goal, FakeMachine machine, Permits permits) {
    return new BlockRun(CONFIG, machine.name, goal, permits, machine, machine, machine);
  }

  private Ending alone(Goal goal, FakeMachine machine) throws InterruptedException {
    return ended(run(goal, machine, Permits.NONE));
  }

  private Ending ended(BlockRun run) throws InterruptedException {
    for (int round = 0; round < ROUNDS_MAX; round++) {
      Optional<Ending> ending = run.advance(new Told(told, ""));
      if (ending.isPresent()) {
        return ending.get();
      }
      cluster.tick();
    }
    throw new AssertionError("no end: " + told);
  }

  /** Both nodes, in turns. */
  private List<Ending> both(Goal first, Goal second) throws InterruptedException {
    BlockRun one = run(first, cluster.one, Permits.NONE);
    BlockRun two = run(second, cluster.two, Permits.NONE);
    Optional<Ending> ofOne = Optional.empty();
    Optional<Ending> ofTwo = Optional.empty();
    for (int round = 0; round < ROUNDS_MAX && (ofOne.isEmpty() || ofTwo.isEmpty()); round++) {
      ofOne = ofOne.isPresent() ? ofOne : one.advance(new Told(told, "web1 "));
      ofTwo = ofTwo.isPresent() ? ofTwo : two.advance(new Told(told, "web2 "));
      cluster.tick();
    }
    return List.of(ofOne.orElseThrow(), ofTwo.orElseThrow());
  }
}
