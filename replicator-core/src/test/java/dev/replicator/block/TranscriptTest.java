package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Every parser against everything that was recorded of its tool. */
final class TranscriptTest {
  private static final String STATUS = "drbdsetup status --verbose --statistics";
  private static final String EVENTS = "drbdsetup events2 --now --statistics";

  @Test
  void readsAllTranscripts() throws IOException {
    assertEquals(48, Transcript.all().size());
    assertTrue(Transcript.all().stream().mapToLong(one -> one.runs().size()).sum() > 900);
  }

  @Test
  void readsEveryProcDrbd() throws Exception {
    int minors = 0;
    for (Transcript.Run run : runs("cat /proc/drbd"::equals)) {
      if (run.exitCode() == 0) {
        ProcDrbd proc = ProcDrbd.parse(run.output());
        assertEquals("8.4.11", proc.version());
        assertEquals(Generation.EIGHT, proc.generation());
        minors += proc.minors().size();
      }
    }
    assertTrue(minors >= 100, minors + " minors");
  }

  @Test
  void readsEveryListOfEvents() throws Exception {
    int states = 0;
    for (Transcript.Run run : runs(c -> c.startsWith("drbdsetup events2 --now"))) {
      if (run.exitCode() == 0) {
        states += EventBook.snapshot(run.output(), "r0").isPresent() ? 1 : 0;
      }
    }
    assertTrue(states >= 50, states + " states");
  }

  @Test
  void readsEveryStatus() throws Exception {
    int states = 0;
    for (Transcript.Run run :
        runs(c -> c.matches("drbdadm status( r0)?|drbdsetup status --verbose.*"))) {
      if (run.exitCode() == 0) {
        states += StatusText.parse(run.output(), "r0").isPresent() ? 1 : 0;
      }
    }
    assertTrue(states >= 90, states + " states");
  }

  @Test
  void readsEveryGeneration() throws Exception {
    int read = 0;
    for (Transcript.Run run : runs("drbdadm get-gi r0"::equals)) {
      if (run.exitCode() == 0) {
        GenerationIds.parse(run.output());
        read++;
      }
    }
    assertTrue(read >= 40, read + " generations");
  }

  @Test
  void hearsTheSameFromStatusAndEvents() throws Exception {
    int compared = 0;
    for (Transcript transcript : Transcript.all()) {
      for (String node : List.of("web1", "web2")) {
        List<Transcript.Run> statuses = transcript.of(node, STATUS);
        List<Transcript.Run> events = transcript.of(node, EVENTS);
        if (statuses.isEmpty() || events.isEmpty()) {
          continue;
        }
        Optional<Drbd> status = StatusText.parse(statuses.getFirst().output(), "r0");
        Optional<Drbd> event = EventBook.snapshot(events.getFirst().output(), "r0");
        assertEquals(
            event.map(TranscriptTest::withoutCounts),
            status.map(TranscriptTest::withoutCounts),
            transcript.name() + " " + node);
        compared++;
      }
    }
    assertTrue(compared >= 14, compared + " compared");
  }

  private static Drbd withoutCounts(Drbd state) {
    return state.withOutOfSync(0);
  }

  @Test
  void knowsTheStateOfEachTranscript() throws Exception {
    TreeMap<String, String> expected = new TreeMap<>();
    expected.put("04", "Connecting Secondary/Unknown Inconsistent/DUnknown");
    expected.put("05", "Connected Secondary/Secondary Inconsistent/Inconsistent");
    expected.put("06", "SyncSource Primary/Secondary UpToDate/Inconsistent");
    expected.put("08", "Connected Primary/Secondary UpToDate/UpToDate");
    expected.put("10", "Connected Primary/Primary UpToDate/UpToDate");
    expected.put("13", "Connecting Primary/Unknown UpToDate/DUnknown");
    expected.put("14", "StandAlone Primary/Unknown UpToDate/DUnknown");
    expected.put("15", "StandAlone Primary/Unknown UpToDate/DUnknown");
    expected.put("18", "Connected Primary/Primary UpToDate/Diskless");
    expected.put("32", "StandAlone Secondary/Unknown Inconsistent/DUnknown");
    for (String name : expected.keySet()) {
      Transcript.Run run = Transcript.of(name).of("web1", "drbdsetup events2 --now").getFirst();
      assertEquals(
          expected.get(name), EventBook.snapshot(run.output(), "r0").orElseThrow().text(), name);
    }
  }

  @Test
  void countsProgressFromWhatIsLeftAndNotFromThePercentage() throws Exception {
    List<Progress> seen = new ArrayList<>();
    for (Transcript.Run run : runs("cat /proc/drbd"::equals)) {
      if (run.exitCode() == 0) {
        ProcDrbd.parse(run.output()).minors().values().stream()
            .flatMap(minor -> minor.progress().stream())
            .forEach(seen::add);
      }
    }
    assertTrue(seen.contains(new Progress(false, 768, 4_096)));
    assertEquals(81, new Progress(false, 768, 4_096).percent());
    assertTrue(seen.contains(new Progress(true, 129_400, 131_032)));
  }

  @Test
  void seesOutOfSyncBlocksThatOnlyVerifyFound() throws Exception {
    Transcript corrupted = Transcript.of("12-");
    Drbd state =
        StatusText.parse(corrupted.of("web1", STATUS).getFirst().output(), "r0").orElseThrow();
    assertTrue(state.bothUpToDate());
    assertEquals(OptionalLong.of(12), state.outOfSyncKib());
  }

  @Test
  void seesThatFencingFreezesIo() throws Exception {
    Transcript.Run proc =
        Transcript.of("64-").of("web1", "cat /proc/drbd").stream()
            .filter(run -> run.output().contains(" s-----"))
            .findFirst()
            .orElseThrow();
    Transcript.Run events =
        Transcript.of("64-").of("web1", "drbdsetup events2 --now").stream()
            .filter(run -> run.output().contains("suspended:fencing"))
            .findFirst()
            .orElseThrow();
    assertTrue(ProcDrbd.parse(proc.output()).minor(0).orElseThrow().state().frozen());
    assertTrue(EventBook.snapshot(events.output(), "r0").orElseThrow().frozen());
  }

  @Test
  void followsTheStreamToWhereItEnded() throws Exception {
    EventBook book = new EventBook("r0");
    int splits = 0;
    List<String> states = new ArrayList<>();
    for (String line : Lines.of(Transcript.of("21-").runs().getFirst().output())) {
      EventLine event = EventLine.parse(line);
      splits += event.tellsSplitBrain() ? 1 : 0;
      book.take(event);
      book.state().map(Drbd::text).ifPresent(states::add);
    }
    assertEquals(2, splits);
    assertTrue(states.contains("VerifyS Primary/Primary UpToDate/UpToDate"));
    assertTrue(states.contains("StandAlone Primary/Unknown UpToDate/DUnknown"));
    assertTrue(states.contains("SyncSource Primary/Secondary UpToDate/Inconsistent"));
  }

  @Test
  void knowsASplitBrainByItsGenerations() throws Exception {
    assertTrue(split("14-"));
    assertTrue(split("15-"));
    assertTrue(split("38-"));
    assertFalse(split("10-"));
    assertFalse(split("08-"));
    assertFalse(split("05-"));
  }

  private static boolean split(String name) throws Exception {
    Transcript transcript = Transcript.of(name);
    GenerationIds one =
        GenerationIds.parse(transcript.of("web1", "drbdadm get-gi r0").getFirst().output());
    GenerationIds two =
        GenerationIds.parse(transcript.of("web2", "drbdadm get-gi r0").getFirst().output());
    return one.splitFrom(two);
  }

  @Test
  void knowsMetadataThatNeverHeldData() throws Exception {
    GenerationIds fresh =
        GenerationIds.parse(Transcript.of("04").last("web1", "drbdadm get-gi r0").output());
    GenerationIds split =
        GenerationIds.parse(Transcript.of("15").last("web1", "drbdadm get-gi r0").output());
    assertTrue(fresh.justCreated() && !fresh.aheadOfPeer());
    assertTrue(!split.justCreated() && split.aheadOfPeer());
  }

  @Test
  void findsTheCauseInTheLogOfTheKernel() throws Exception {
    assertEquals(KernelLog.Cause.SPLIT_BRAIN, cause("14-", "web1"));
    assertEquals(KernelLog.Cause.SPLIT_BRAIN, cause("15-", "web2"));
    assertEquals(KernelLog.Cause.WRONG_SECRET, firstCause("32-", "web1"));
    assertEquals(KernelLog.Cause.SECRET_MISSING, firstCause("33-", "web1"));
    assertEquals(KernelLog.Cause.SECRET_MISSING, firstCause("33-", "web2"));
    assertEquals(KernelLog.Cause.INCOMPATIBLE, firstCause("34-", "web1"));
    assertEquals(KernelLog.Cause.PORT_IN_USE, firstCause("35-", "web1"));
    assertEquals(KernelLog.Cause.NONE, cause("16-", "web1"));
    assertEquals(KernelLog.Cause.NONE, cause("13-", "web1"));
    assertEquals(KernelLog.Cause.NONE, cause("13-", "web2"));
  }

  private static KernelLog.Cause cause(String name, String node) throws Exception {
    return KernelLog.cause(Transcript.of(name).last(node, "dmesg (new lines)").output(), "r0", 0);
  }

  private static KernelLog.Cause firstCause(String name, String node) throws Exception {
    return KernelLog.cause(
        Transcript.of(name).of(node, "dmesg (new lines)").getFirst().output(), "r0", 0);
  }

  @Test
  void readsTheClusterOfConfigfs() throws Exception {
    String registered =
        runs(c -> c.startsWith("grep -r . /sys/kernel/config/cluster/fsync/heartbeat"))
            .getFirst()
            .output();
    ClusterTree beating = ClusterTree.parse(registered, "/sys/kernel/config/cluster/fsync");
    assertTrue(beating.beating());
    String whole =
        runs(c -> c.startsWith("cd /sys/kernel/config/cluster/fsync")).getFirst().output();
    String tree = whole.substring(0, whole.indexOf("\n\n"));
    ClusterTree cluster = ClusterTree.parse(tree, ".");
    assertEquals(1, cluster.localNodes());
    assertFalse(cluster.beating());
    assertEquals(Optional.empty(), cluster.difference(Configs.lab()));
    assertEquals(Optional.empty(), cluster.differing(Configs.fileSystem(31, 30_000)));
    assertEquals(
        Optional.of(ClusterTimeout.DEAD), cluster.differing(Configs.fileSystem(16, 30_000)));
    String stranger =
        runs(c -> c.startsWith("hostname other"))
            .getFirst()
            .output()
            .lines()
            .filter(line -> line.startsWith("/sys"))
            .reduce("", (text, line) -> text + line + "\n");
    assertEquals(0, ClusterTree.parse(stranger, "/sys/kernel/config/cluster/fsync").localNodes());
  }

  @Test
  void readsMounts() throws Exception {
    MountTable table =
        MountTable.parse(runs("cat /proc/mounts | grep ocfs2"::equals).getFirst().output());
    assertEquals("ocfs2", table.at("/mnt/ocfs2").orElseThrow().type());
    assertTrue(table.has("ocfs2_dlmfs"));
    assertTrue(table.of("/dev/drbd0").orElseThrow().options().contains("noatime"));
  }

  @Test
  void readsWhatBlkidFinds() throws Exception {
    Transcript.Run ocfs2 = runs("blkid /dev/drbd0"::equals).getFirst();
    assertEquals(new Content.Ocfs2("fsync"), Content.parse(0, ocfs2.output()));
    String drbd = Transcript.of("03-").last("web2", "wipefs /dev/vda; blkid /dev/vda").output();
    String line =
        drbd.lines().filter(text -> text.startsWith("/dev/vda:")).findFirst().orElseThrow();
    assertEquals(new Content.DrbdMetadata(), Content.parse(0, line));
    assertEquals(new Content.Blank(), Content.parse(2, ""));
    assertEquals(
        new Content.Other("a partition table (gpt)"),
        Content.parse(0, "/dev/vda: PTUUID=\"x\" PTTYPE=\"gpt\"\n"));
    assertThrows(UnreadableException.class, () -> Content.parse(0, ""));
    assertThrows(UnreadableException.class, () -> Content.parse(4, ""));
  }

  private static List<Transcript.Run> runs(Predicate<String> command) throws IOException {
    return Transcript.all().stream()
        .flatMap(transcript -> transcript.runs().stream())
        .filter(run -> command.test(run.command()))
        .toList();
  }
}
