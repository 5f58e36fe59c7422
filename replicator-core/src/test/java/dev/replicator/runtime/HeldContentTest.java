package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is said before more is deleted than vaults can hold. */
final class HeldContentTest {
  private static final long MEBIBYTE = 1_024 * 1_024;
  private static final Principal NOBODY = new Principal("", 0);
  private static final Stamp STAMP = new Stamp(1, 1, 0, 0, 0, 0, 0, 0, 0);

  private final Map<RelativePath, Materialised> known = new TreeMap<>();

  private void file(String path, String digest, long bytes) {
    put(path, new Entry.File(Digest.ofHex(digest.repeat(Digest.LENGTH_BYTES)), bytes));
  }

  private void put(String path, Entry entry) {
    Attributes attributes = new Attributes(entry.type(), 0, NOBODY, NOBODY);
    Target target = new Target(entry, Instant.EPOCH, attributes);
    known.put(
        RelativePath.of(path),
        new Materialised(STAMP, target, Target.NO_ATTRIBUTES, Knowledge.NONE));
  }

  private HeldContent held() {
    return HeldContent.of(known.keySet(), path -> Optional.ofNullable(known.get(path)));
  }

  @Test
  void filesCountAndEachContentOnce() {
    file("d/a", "aa", 5 * MEBIBYTE);
    file("d/b", "aa", 5 * MEBIBYTE);
    file("d/c", "cc", MEBIBYTE);
    put("d", Entry.DIRECTORY);
    assertEquals(new HeldContent(3, 6 * MEBIBYTE), held());
  }

  @Test
  void whatIsNotKnownCountsNothing() {
    assertEquals(
        new HeldContent(0, 0),
        HeldContent.of(List.of(RelativePath.of("a")), path -> Optional.empty()));
  }

  @Test
  void moreThanAVaultHoldsIsObjectedTo() {
    file("a", "aa", 5 * MEBIBYTE);
    assertEquals(
        Optional.of(
            "1 file with 5 MiB would be deleted on the peers, and a vault as the one here keeps at"
                + " most 4 MiB: the rest would be gone for good; --force deletes them all the"
                + " same"),
        held().objection(4 * MEBIBYTE));
  }

  @Test
  void whatAVaultHoldsIsNot() {
    file("a", "aa", 5 * MEBIBYTE);
    assertEquals(Optional.empty(), held().objection(5 * MEBIBYTE));
  }

  @Test
  void whatNobodyCanTellIsObjectedTo() {
    file("a", "aa", 5 * MEBIBYTE);
    assertEquals(
        Optional.of(
            "1 file with 5 MiB would be deleted on the peers, and the disk of the vault here does"
                + " not tell how much of it a vault keeps; --force deletes them all the same"),
        held().objection(HeldContent.UNKNOWN));
  }

  @Test
  void whatHasNoContentIsNeverObjectedTo() {
    put("d", Entry.DIRECTORY);
    assertEquals(Optional.empty(), held().objection(HeldContent.UNKNOWN));
  }
}
