package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel was told, by the recorded words of drbdsetup, against what is configured now. */
final class KernelOptionsTest {
  private static final Secret PROOF = Agreement.of(Configs.lab(), Configs.SECRET);

  private static List<String> differences(String text, boolean connected)
      throws UnreadableException {
    return KernelOptions.differences(text, Configs.lab(), PROOF, connected);
  }

  @Test
  void findsNothingWhenDrbdCameUpByThisConfiguration() throws Exception {
    assertEquals(List.of(), differences(FakeCluster.SHOWN, true));
  }

  @Test
  void tellsThatFencingStandsInTheFilesOnly() throws Exception {
    String without = FakeCluster.SHOWN.replaceFirst(" *fencing +resource-and-stonith;\n", "");
    assertEquals(
        List.of("disk fencing: resource-and-stonith is meant, the kernel has dont-care"),
        differences(without, true));
  }

  @Test
  void tellsOfFencingThatIsOnlyInTheKernel() throws Exception {
    List<String> found =
        KernelOptions.differences(
            FakeCluster.SHOWN, Configs.with(new Fencing.Off(true)), PROOF, false);
    assertEquals(
        List.of("disk fencing: dont-care is meant, the kernel has resource-and-stonith"), found);
  }

  @Test
  void tellsEachOptionOfTheRecordedLabThatIsNotOursAndNoSecret() throws Exception {
    String recorded = Transcript.of("10-").last("web1", "drbdsetup show r0").output();
    assertEquals(
        List.of(
            "disk fencing: resource-and-stonith is meant, the kernel has dont-care",
            "net after-sb-1pri: disconnect is meant, the kernel has discard-secondary",
            "net ko-count: 3 is meant, the kernel has 7",
            "net shared-secret is another one"),
        differences(recorded, true));
  }

  @Test
  void leavesOutTheConnectionWhereThereIsNone() throws Exception {
    String parted = FakeCluster.SHOWN.replaceFirst("(?s)    net \\{.*?\n    }\n", "");
    assertEquals(List.of(), differences(parted, false));
  }

  @Test
  void refusesWhatDoesNotEndOrIsNoOption() {
    for (String text : List.of("resource r0 {\n", "}\n", "resource r0 {\n  what is this\n}\n")) {
      assertThrows(UnreadableException.class, () -> differences(text, true), text);
    }
  }
}
