package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ImpliedTest {
  private final Implied implied = new Implied(Implied.PATHS_MAX);

  private static RelativePath path(int number) {
    return RelativePath.of(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void onlyWhatWasAddedMayBeOne() {
    implied.add(path(1));
    assertTrue(implied.mayBe(path(1)));
    assertFalse(implied.mayBe(path(2)));
    implied.remove(path(1));
    assertFalse(implied.mayBe(path(1)));
  }

  @Test
  void everythingMayBeOneOnceThereAreTooManyToRemember() {
    for (int number = 0; number < Implied.PATHS_MAX; number++) {
      implied.add(path(number));
    }
    implied.add(path(0));
    assertFalse(implied.mayBe(path(Implied.PATHS_MAX)));
    implied.add(path(Implied.PATHS_MAX));
    assertTrue(implied.mayBe(path(0)));
    implied.remove(path(0));
    assertTrue(implied.mayBe(path(0)));
    assertTrue(implied.mayBe(path(Implied.PATHS_MAX + 1)));
  }
}
