package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatienceTest {
  @Test
  void endsWithAPeerThatAnswersNothing() {
    assertEquals(Optional.empty(), Patience.from(7).after(7));
  }

  @Test
  void lastsWhileThePeerAnswersOthers() {
    Patience patience = Patience.from(7).after(8).orElseThrow();

    assertTrue(patience.after(9).isPresent());
    assertEquals(Optional.empty(), patience.after(8));
  }

  @Test
  void endsWithAPeerThatAnswersAllOthers() {
    Patience patience = Patience.from(7);
    for (int given = 8; given <= 7 + Patience.ANSWERS_TO_OTHERS_MAX; given++) {
      patience = patience.after(given).orElseThrow();
    }

    assertEquals(Optional.empty(), patience.after(8 + Patience.ANSWERS_TO_OTHERS_MAX));
  }
}
