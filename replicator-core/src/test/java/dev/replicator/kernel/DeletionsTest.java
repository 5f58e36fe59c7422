package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.RelativePath;
import org.junit.jupiter.api.Test;

/** What is told of an absence, from the first look to its end. */
class DeletionsTest {
  private static final RelativePath PATH = RelativePath.of("dir/file");

  private final Deletions deletions = new Deletions();

  @Test
  void anAbsenceWaitsToBeJudgedIsHeldAndIsOverWhenThePathIsBack() {
    assertEquals(Absence.NONE, deletions.absence(PATH));
    deletions.unexplained(PATH, 0);
    assertEquals(Absence.TO_BE_JUDGED, deletions.absence(PATH));
    deletions.beginCheck(Deletions.EXPLANATION_MILLIS);
    deletions.judge(true, 1, Deletions.EXPLANATION_MILLIS);
    assertEquals(Absence.HELD, deletions.absence(PATH));
    deletions.present(PATH);
    assertEquals(Absence.NONE, deletions.absence(PATH));
  }

  @Test
  void anAbsenceThatAnEventExplainsWaitsToBeJudgedAsWell() {
    deletions.explained(PATH, 0);
    assertEquals(Absence.TO_BE_JUDGED, deletions.absence(PATH));
    deletions.beginCheck(Deletions.QUIET_MILLIS);
    deletions.judge(false, 1, Deletions.QUIET_MILLIS);
    assertEquals(Absence.NONE, deletions.absence(PATH));
  }
}
