package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not look like the output of a tool is told, never guessed at and never a crash. */
final class LyingToolTest {
  private static final long SEED = 6;
  private static final int GARBLED = 4_000;

  @Test
  void takesNoListOfEventsThatWasCutOff() throws Exception {
    String whole = Transcript.of("10-").of("web1", "drbdsetup events2 --now").getFirst().output();
    String cut = whole.substring(0, whole.indexOf("exists -"));
    assertThrows(UnreadableException.class, () -> EventBook.snapshot(cut, "r0"));
    assertThrows(UnreadableException.class, () -> EventBook.snapshot("", "r0"));
    assertThrows(
        UnreadableException.class,
        () -> EventBook.snapshot(whole.replace("UpToDate", "Splendid"), "r0"));
  }

  @Test
  void takesNoProcDrbdOfAnUnknownVersion() {
    assertThrows(UnreadableException.class, () -> ProcDrbd.parse(""));
    assertThrows(
        UnreadableException.class, () -> ProcDrbd.parse("version: 10.0.1 (api:3/proto:1-2)\n"));
  }

  @Test
  void knowsDrbdNine() throws Exception {
    String text =
        "version: 9.1.23 (api:2/proto:86-121)\nGIT-hash: a build by b\n"
            + "Transports (api:18): tcp (9.1.23)\n";
    assertEquals(Generation.NINE, ProcDrbd.parse(text).generation());
  }

  @Test
  void endsOnlyWithUnreadableForGarbledOutput() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> texts =
        Transcript.all().stream()
            .flatMap(transcript -> transcript.runs().stream())
            .filter(run ->
                run.command()
                    .matches(
                        "cat /proc/drbd|drbdsetup (events2|status).*|drbdadm (status|get-gi).*"))
            .map(Transcript.Run::output)
            .toList();
    int unreadable = 0;
    for (int i = 0; i < GARBLED; i++) {
      StringBuilder text = new StringBuilder(texts.get(random.nextInt(texts.size())));
      for (int edits = random.nextInt(1, 4); edits > 0 && !text.isEmpty(); edits--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.setCharAt(at, (char) random.nextInt(1, 128));
        } else {
          text.delete(at, Math.min(text.length(), at + random.nextInt(1, 40)));
        }
      }
      unreadable += unreadable(text.toString());
    }
    assertTrue(unreadable > 0, "seed " + SEED);
  }

  private static int unreadable(String text) {
    int unreadable = 0;
    List<Parser> parsers =
        List.of(
            () -> ProcDrbd.parse(text),
            () -> EventBook.snapshot(text, "r0"),
            () -> StatusText.parse(text, "r0"),
            () -> GenerationIds.parse(text),
            () -> MountTable.parse(text),
            () -> ClusterTree.parse(text, "."),
            () -> Content.parse(0, text),
            () -> KernelLog.cause(text, "r0", 0),
            () -> Meaning.parse(text, "r0"));
    for (Parser parser : parsers) {
      try {
        parser.parse();
      } catch (UnreadableException told) {
        unreadable++;
      }
    }
    return unreadable;
  }

  @ParameterizedTest
  @CsvSource({
    "02-, drbdadm up r0, NO_METADATA",
    "02-, drbdadm status, UNKNOWN_RESOURCE",
    "02-, drbdadm role r0, UNKNOWN_MINOR",
    "03-, drbdadm create-md r0, CANCELLED",
    "04-, drbdadm up r0, CONFIGURED",
    "04-, drbdadm create-md r0, CONFIGURED",
    "04-, drbdadm primary r0, NOT_UP_TO_DATE",
    "04-, drbdsetup wait-connect 0 --wfc-timeout=2 --degr-wfc-timeout=2 --outdated-wfc-timeout=1,"
        + " TIMED_OUT",
    "09-, drbdadm primary r0, MULTIPLE_PRIMARIES",
    "16-, drbdadm connect --discard-my-data r0, DISCARD_ON_PRIMARY",
    "16-, drbdadm disconnect r0, UNKNOWN_CONNECTION",
    "22-, drbdadm connect r0, ADDRESS_IN_USE",
    "30-, drbdadm up nosuch, UNKNOWN_RESOURCE",
    "53-, drbdadm secondary r0, HELD_OPEN",
    "53-, drbdadm down r0, HELD_OPEN",
    "53-, o2cb unregister-cluster fsync, CLUSTER_BUSY",
    "50-, o2cb register-cluster fsync, CLUSTER_OFFLINE",
    "51-, mkfs.ocfs2 -N 2 -x --cluster-stack=o2cb --cluster-name=fsync /dev/drbd0, MOUNTED",
    "52-, mount -t ocfs2 /dev/drbd0 /mnt/ocfs2, CLUSTER_OFFLINE",
    "90-, drbdadm -c drbd.conf up r0, NO_MODULE"
  })
  void tellsWhyAToolRefused(String name, String command, Refusal expected) throws Exception {
    String inFile = command.startsWith("mkfs") ? "53-" : name;
    Transcript.Run run =
        Transcript.of(inFile).runs().stream()
            .filter(one -> one.command().equals(command) && one.exitCode() != 0)
            .findFirst()
            .orElseThrow();
    assertEquals(Optional.of(expected), Refusal.of(run.exitCode(), run.output(), run.errors()));
  }

  @Test
  void doesNotTakeADoubtAboutMountsForAMount() {
    String errors =
        "mkfs.ocfs2 1.8.7\n"
            + "mkfs.ocfs2: No such file or directory while determining whether /dev/drbd0 is"
            + " mounted.\n";
    assertEquals(Optional.of(Refusal.MOUNTS_UNKNOWN), Refusal.of(1, "", errors));
  }

  @Test
  void knowsNoRefusalInAnExitCodeOfZero() {
    assertEquals(Optional.empty(), Refusal.of(0, "", "Parse error"));
  }

  /** One of the parsers. */
  private interface Parser {
    Object parse() throws UnreadableException;
  }
}
