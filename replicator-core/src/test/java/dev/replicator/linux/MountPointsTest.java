package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.RelativePath;
import dev.replicator.port.TreeUnderTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountPointsTest {
  private static final String TABLE =
      """
      22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
      30 22 0:30 / /srv/site rw - ext4 /dev/sdb1 rw
      31 30 0:31 / /srv/site/with\\040space rw - tmpfs none rw
      32 30 0:32 / /srv/site/cache rw - tmpfs none rw
      33 32 0:33 / /srv/site/cache/inner rw - tmpfs none rw
      34 32 0:34 / /srv/site/cache rw - tmpfs none rw
      35 22 0:35 / /srv/site2/other rw - tmpfs none rw
      36 30 8:1 /home /srv/site/caf\u00e9 rw - ext4 /dev/sda1 rw
      """;

  private static List<String> below(String directory) {
    return MountPoints.below(
            TreeUnderTest.bytes(directory), TABLE.getBytes(StandardCharsets.ISO_8859_1), List.of())
        .stream()
        .map(RelativePath::toString)
        .toList();
  }

  @Test
  void tellsTheOutermostOnesBelowADirectory() {
    List<RelativePath> told =
        MountPoints.below(
            TreeUnderTest.bytes("/srv/site"),
            TABLE.getBytes(StandardCharsets.ISO_8859_1),
            List.of(RelativePath.of("cache/subvolume"), RelativePath.of("subvolume")));

    assertEquals(
        List.of(
            RelativePath.of("cache"),
            TreeUnderTest.raw("caf\u00e9"),
            RelativePath.of("subvolume"),
            RelativePath.of("with space")),
        told);
  }

  @Test
  void tellsNoneBelowAnotherDirectoryOfAlikeName() {
    assertEquals(List.of("other"), below("/srv/site2"));
    assertEquals(List.of(), below("/srv/sit"));
  }

  @Test
  void tellsWhatIsMountedBelowTheRootOfAll() {
    assertEquals(List.of("srv/site", "srv/site2/other"), below("/"));
  }
}
