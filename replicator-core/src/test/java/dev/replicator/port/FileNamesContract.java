package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Census;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.FileKey;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.simulation.Values;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a journal tells of files by what they are, not by where. */
abstract class FileNamesContract {
  private static final RelativePath A = RelativePath.of("a");
  private static final RelativePath B = RelativePath.of("a/b");
  private static final RelativePath C = RelativePath.of("c");
  private static final RelativePath D = RelativePath.of("d");
  private static final FileKey FIVE = new FileKey(1, 5);
  private static final FileKey SIX = new FileKey(1, 6);

  private final Values values = new Values(new SplittableRandom(42));
  private final Entry file = new Entry.File(Digest.of(new byte[32]), 1);

  abstract Journal journal();

  private void materialise(RelativePath path, Entry entry, FileKey at, int mode, int links) {
    Target target =
        entry.isPresent()
            ? new Target(entry, values.instant(), values.attributes(entry.type()))
            : Target.ABSENT;
    Stamp stamp = new Stamp(at.device(), at.inode(), 3, 4, 5, mode, 6, 7, links);
    journal()
        .append(
            List.of(
                new JournalWrite.PutMaterialised(
                    path, new Materialised(stamp, target, target.attributes(), Knowledge.NONE))));
  }

  private void materialise(RelativePath path, Entry entry, FileKey at) {
    materialise(path, entry, at, 0100644, 2);
  }

  @Test
  void countsFilesWithOtherNamesAndWithSetIdBits() {
    materialise(A, file, FIVE, 0100644, 2);
    materialise(B, file, FIVE, 0104755, 1);
    materialise(C, Entry.DIRECTORY, FIVE, 0042755, 2);
    assertEquals(new Census(3, 1, 1), journal().census());
    materialise(A, file, FIVE, 0100644, 1);
    materialise(B, file, FIVE, 0102755, 3);
    assertEquals(new Census(3, 1, 1), journal().census());
    journal().append(List.of(new JournalWrite.DropMaterialised(B)));
    assertEquals(new Census(2, 0, 0), journal().census());
  }

  @Test
  void tellsTheNamesOfAFile() {
    materialise(B, file, FIVE);
    materialise(A, file, FIVE);
    materialise(C, file, SIX);
    materialise(D, Entry.DIRECTORY, FIVE);

    assertEquals(List.of(A, B), journal().namesOf(FIVE, 9));
    assertEquals(List.of(A), journal().namesOf(FIVE, 1));
    assertEquals(List.of(C), journal().namesOf(SIX, 9));
    assertEquals(List.of(), journal().namesOf(new FileKey(2, 6), 9));
  }

  @Test
  void tellsWhereAContentIs() {
    Digest first = values.digest();
    Digest second = values.digest();
    materialise(B, new Entry.File(first, 1), FIVE);
    materialise(A, new Entry.File(first, 1), SIX);
    materialise(C, new Entry.File(second, 1), SIX);
    assertEquals(List.of(A, B), journal().pathsOf(first, 9));
    assertEquals(List.of(A), journal().pathsOf(first, 1));
    assertEquals(List.of(C), journal().pathsOf(second, 9));

    materialise(A, new Entry.File(second, 1), SIX);
    materialise(C, Entry.DIRECTORY, SIX);
    assertEquals(List.of(B), journal().pathsOf(first, 9));
    assertEquals(List.of(A), journal().pathsOf(second, 9));
    journal().append(List.of(new JournalWrite.DropMaterialised(B)));
    assertEquals(List.of(), journal().pathsOf(first, 9));
  }

  @Test
  void forgetsTheNamesThatAFileLost() {
    materialise(A, file, FIVE);
    materialise(B, file, FIVE);
    materialise(C, file, SIX);

    materialise(A, file, SIX);
    assertEquals(List.of(B), journal().namesOf(FIVE, 9));
    assertEquals(List.of(A, C), journal().namesOf(SIX, 9));
    materialise(B, Entry.ABSENT, FIVE);
    materialise(C, Entry.DIRECTORY, SIX);
    assertEquals(List.of(), journal().namesOf(FIVE, 9));
    journal().append(List.of(new JournalWrite.DropMaterialised(A)));
    assertEquals(List.of(), journal().namesOf(SIX, 9));
  }
}
