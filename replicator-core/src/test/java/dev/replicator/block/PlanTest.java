package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PlanTest {
  private static final long SEED = 6_006;
  private static final int DRAWN = 20_000;
  private static final BlockConfig CONFIG = Configs.lab();
  private static final Permits ALLOWED =
      new Permits(Set.of("/dev/vda"), Set.of(Rendering.CLUSTER_PATH));

  @Test
  void endsFromAnyStateAtTheGoalOrWithAPersonAndDestroysNothingUnasked() {
    SplittableRandom random = new SplittableRandom(SEED);
    Set<String> states = new TreeSet<>();
    for (int i = 0; i < DRAWN; i++) {
      Observation seen = Sights.any(random);
      String self = random.nextBoolean() ? "web1" : "web2";
      Permits permits = random.nextBoolean() ? Permits.NONE : ALLOWED;
      for (Goal goal : goals()) {
        Plan plan = Plan.of(CONFIG, self, goal, permits, seen);
        states.add(plan.from().name());
        check(plan, goal, self, permits, seen);
      }
    }
    assertEquals(44, states.size(), "states met: " + states);
  }

  @Test
  void endsFromEveryRecordedStateToo() throws Exception {
    int planned = 0;
    for (Transcript transcript : Transcript.all()) {
      for (String self : List.of("web1", "web2")) {
        for (Observation seen : recorded(transcript, self)) {
          for (Goal goal : goals()) {
            check(Plan.of(CONFIG, self, goal, Permits.NONE, seen), goal, self, Permits.NONE, seen);
            planned++;
          }
        }
      }
    }
    assertTrue(planned > 500, planned + " plans");
  }

  private static List<Goal> goals() {
    return List.of(
        new Goal.Up(),
        new Goal.Down(false),
        new Goal.Down(true),
        Goal.Verified.FRESH,
        new Goal.Resolved("web1"),
        new Goal.Resolved("web2"));
  }

  private static void check(Plan plan, Goal goal, String self, Permits permits, Observation seen) {
    String told = "seed " + SEED + ", " + goal + " on " + self + " from " + seen + ": " + plan;
    assertTrue(
        switch (plan.end()) {
          case Decision.Done _ -> true;
          case Decision.AskPerson(String question) ->
              !question.isBlank() && !question.contains("fault of ours");
          case Decision.Act _, Decision.Await _ -> false;
        },
        told);
    boolean permitted = permits.destroy().contains("/dev/vda");
    if (steps(plan).contains(new Step.MakeFileSystem(false)) && !permitted) {
      // Who did not begin the first sync does not know that nothing is on the device.
      assertTrue(
          seen.past() == Past.FIRST_SYNC || steps(plan).contains(new Step.BeginFirstSync()), told);
    }
    boolean begins = steps(plan).contains(new Step.BeginFirstSync());
    assertTrue(!begins || permitted || seen.past() != Past.SERVED, told);
    boolean creates = steps(plan).contains(new Step.CreateMetadata());
    assertTrue(!creates || permitted || seen.past() != Past.SERVED, told);
    for (Step step : steps(plan)) {
      boolean discards = step instanceof Step.ConnectDiscarding;
      assertTrue(
          !step.destructive() || (discards ? goal.equals(new Goal.Resolved(self)) : permitted),
          told);
    }
    checkStandAlone(plan, goal, seen, told);
  }

  /**
   * What would connect a side that stands alone is left to who resolves, but for what a failed
   * start left; and {@code adjust} is for nobody while the kernel has the resource.
   */
  private static void checkStandAlone(Plan plan, Goal goal, Observation seen, String told) {
    boolean loaded = !seen.module().equals(Seen.known(new Observation.Module.Absent()));
    List<Step> steps = steps(plan);
    if (loaded && seen.resource().isPresent() && steps.contains(new Step.Adjust())) {
      assertTrue(
          steps.indexOf(new Step.TakeDown()) >= 0
              && steps.indexOf(new Step.TakeDown()) < steps.indexOf(new Step.Adjust()),
          told);
    }
    boolean alone =
        seen.resource()
            .filter(drbd -> drbd.connection() == Connection.STAND_ALONE)
            .filter(drbd -> drbd.role() == Role.PRIMARY || drbd.disk() != DiskState.DISKLESS)
            .isPresent();
    if (loaded && alone && goal instanceof Goal.Up) {
      assertTrue(
          steps.stream()
              .noneMatch(step ->
                  step instanceof Step.Adjust
                      || step instanceof Step.Connect
                      || step instanceof Step.TakeDown),
          told);
    }
  }

  private static List<Step> steps(Plan plan) {
    return plan.decisions().stream()
        .flatMap(decision ->
            decision instanceof Decision.Act(Step step)
                ? Optional.of(step).stream()
                : Optional.<Step>empty().stream())
        .toList();
  }

  /** A state for each time that the node was looked at. */
  private static List<Observation> recorded(Transcript transcript, String node) throws Exception {
    List<Observation> states = new ArrayList<>();
    GenerationIds generation = Sights.USED;
    KernelLog.Cause cause = KernelLog.Cause.NONE;
    for (Transcript.Run run : transcript.runs()) {
      if (!run.node().equals(node) || run.exitCode() != 0) {
        continue;
      }
      switch (run.command()) {
        case "drbdadm get-gi r0" -> generation = GenerationIds.parse(run.output());
        case "dmesg (new lines)" -> cause = KernelLog.cause(run.output(), "r0", 0);
        case "cat /proc/drbd" -> {
          ProcDrbd proc = ProcDrbd.parse(run.output());
          if (proc.minor(0).isPresent()) {
            states.add(Sights.of(proc.minor(0).get().state(), generation, cause));
          }
        }
        default -> {}
      }
    }
    return states;
  }

  @Test
  void goesFromBlankDisksToDualPrimaryAndMounted() {
    assertEquals(
        List.of(
            "run: /usr/sbin/modprobe -- drbd",
            "write /etc/drbd.d/r0.res",
            "run: /usr/sbin/drbdadm create-md r0",
            "run: /usr/sbin/drbdadm adjust r0",
            "wait for the peer to connect",
            "run: /usr/sbin/drbdadm primary --force r0",
            "wait for the sync",
            "run: /usr/sbin/modprobe -- ocfs2_stack_o2cb",
            "run: /usr/bin/mount --mkdir -t configfs configfs /sys/kernel/config",
            "run: /usr/bin/mount --mkdir -t ocfs2_dlmfs ocfs2_dlmfs /dlm",
            "run: /usr/sbin/o2cb register-cluster fsync",
            "run: /usr/sbin/mkfs.ocfs2 -b 4K -C 4K -N 2 -L fsync --cluster-stack=o2cb"
                + " --cluster-name=fsync /dev/drbd0",
            "run: /usr/bin/mount -t ocfs2 -o noatime /dev/drbd0 /mnt/ocfs2",
            "then: served here; the peer is in step and not primary"),
        plan("web1", new Goal.Up(), blank()).lines(CONFIG, "web1").stream()
            .map(line -> line.replace("run: write", "write"))
            .toList());
  }

  @Test
  void leavesFirstSyncAndFileSystemToTheFirstNode() {
    List<String> lines = plan("web2", new Goal.Up(), blank()).lines(CONFIG, "web2");
    assertTrue(lines.contains("wait for the first node to begin the first sync"));
    assertTrue(lines.contains("wait for the first node to make the file system"));
    assertFalse(lines.stream().anyMatch(line -> line.contains("--force")));
  }

  private static Observation blank() {
    return new Observation(
        Seen.known(new Observation.Module.Absent()),
        Seen.known(new Observation.Files(List.of("/etc/drbd.d/r0.res"), List.of(), List.of())),
        Seen.known(Optional.empty()),
        Optional.empty(),
        Seen.known(new Observation.Backing(true, false, new Content.Blank(), List.of())),
        new Seen.Skipped<>(),
        KernelLog.Cause.NONE,
        Seen.known(new Observation.Stack(false, false, false, Optional.empty())),
        new Seen.Skipped<>(),
        Seen.known(new Observation.Mounted.Nowhere()),
        Past.UNKNOWN,
        "",
        List.of());
  }

  @Test
  void tellsASplitBrainAndHealsItOnlyForTheNamedVictim() throws Exception {
    Observation split =
        Sights.of(
            EventBook.snapshot(
                    Transcript.of("15-").last("web2", "drbdsetup events2 --now").output(), "r0")
                .orElseThrow(),
            Sights.USED,
            KernelLog.Cause.SPLIT_BRAIN);
    Plan up = plan("web2", new Goal.Up(), split);
    assertInstanceOf(Assessment.SplitBrain.class, up.from());
    assertEquals(1, up.decisions().size());
    assertEquals(
        List.of(
            "run: /usr/bin/umount /mnt/ocfs2",
            "run: /usr/sbin/drbdadm secondary r0",
            "run, losing data: /usr/sbin/drbdadm connect --discard-my-data r0",
            "wait for the peer to connect",
            "run: /usr/sbin/drbdadm primary r0",
            "run: /usr/bin/mount -t ocfs2 -o noatime /dev/drbd0 /mnt/ocfs2",
            "then: healthy"),
        plan("web2", new Goal.Resolved("web2"), split).lines(CONFIG, "web2"));
    assertEquals(
        "run: /usr/sbin/drbdadm connect r0",
        plan("web1", new Goal.Resolved("web2"), split).lines(CONFIG, "web1").getFirst());
  }

  @Test
  void goesDownInTheOrderThatLeavesNoSplitBrain() {
    Observation healthy = Sights.of(Sights.healthy(), Sights.USED, KernelLog.Cause.NONE);
    assertEquals(
        List.of(
            "run: /usr/bin/umount /mnt/ocfs2",
            "run: /usr/sbin/drbdadm secondary r0",
            "wait for the peer to become secondary: run `replicator block down` there",
            "run: /usr/sbin/drbdsetup down r0",
            "then: DRBD is down"),
        plan("web1", new Goal.Down(false), healthy).lines(CONFIG, "web1"));
  }

  @Test
  void asksBeforeItTakesADiskThatIsNotBlank() {
    Observation ext4 = occupied(List.of());
    assertInstanceOf(Assessment.DiskOccupied.class, plan("web1", new Goal.Up(), ext4).from());
    assertInstanceOf(Decision.AskPerson.class, plan("web1", new Goal.Up(), ext4).end());
    Plan allowed = Plan.of(CONFIG, "web1", new Goal.Up(), ALLOWED, ext4);
    assertTrue(steps(allowed).contains(new Step.EraseSignatures()));
    assertTrue(steps(allowed).contains(new Step.CreateMetadata()));
  }

  @Test
  void neverTouchesADiskInUseWhateverWasAllowed() {
    Plan plan =
        Plan.of(CONFIG, "web1", new Goal.Up(), ALLOWED, occupied(List.of("mounted at /srv")));
    assertInstanceOf(Assessment.DiskInUse.class, plan.from());
    assertEquals(List.of(), steps(plan));
  }

  private static Observation occupied(List<String> users) {
    Observation blank = blank();
    return new Observation(
        Seen.known(new Observation.Module.Loaded("8.4.11", Generation.EIGHT)),
        Seen.known(new Observation.Files(List.of(), List.of(), List.of())),
        blank.drbd(),
        blank.progress(),
        Seen.known(new Observation.Backing(true, false, new Content.Other("ext4"), users)),
        blank.generation(),
        blank.cause(),
        blank.stack(),
        blank.content(),
        blank.mounted(),
        blank.past(),
        blank.lastVerify(),
        blank.kernelDiffers());
  }

  @Test
  void verifiesOnceAndTellsWhatDiffers() {
    Observation healthy = Sights.of(Sights.healthy(), Sights.USED, KernelLog.Cause.NONE);
    assertEquals(
        List.of(
            "run: /usr/sbin/drbdadm verify r0",
            "wait for the verify",
            "then: both disks hold the same"),
        plan("web1", Goal.Verified.FRESH, healthy).lines(CONFIG, "web1"));
    Observation differing =
        Sights.of(Sights.healthy().withOutOfSync(12), Sights.USED, KernelLog.Cause.NONE);
    Plan found = plan("web1", new Goal.Verified(true, ""), differing);
    assertEquals(new Assessment.OutOfSync(12), found.from());
    assertInstanceOf(Decision.AskPerson.class, found.end());
  }

  @Test
  void healsWhatVerifyFoundByDisconnectingTheVictim() {
    Observation differing =
        Sights.of(Sights.healthy().withOutOfSync(12), Sights.USED, KernelLog.Cause.NONE);
    assertEquals(
        List.of(
            "run: /usr/bin/umount /mnt/ocfs2",
            "run: /usr/sbin/drbdadm secondary r0",
            "run: /usr/sbin/drbdadm disconnect r0",
            "run, losing data: /usr/sbin/drbdadm connect --discard-my-data r0"),
        plan("web2", new Goal.Resolved("web2"), differing).lines(CONFIG, "web2").subList(0, 4));
  }

  private static Plan plan(String self, Goal goal, Observation seen) {
    return Plan.of(CONFIG, self, goal, Permits.NONE, seen);
  }
}
