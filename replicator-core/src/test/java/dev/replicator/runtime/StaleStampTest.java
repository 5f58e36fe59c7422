package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A file that changed in a way of which no event tells. */
class StaleStampTest extends TwoEngines {
  @Test
  void isLookedAtAgainWhenAPeerWantsItsContent() throws Exception {
    byte[] content = new byte[3_000_000];
    new Random(9).nextBytes(content);
    Path outside = Files.write(directory.resolve("outside"), content);
    mesh.disconnect(here, there);
    long before = engine().report().census().present();
    Files.createLink(file("here", "linked"), outside);
    await(() -> engine().report().census().present() == before + 1);

    Files.delete(outside);
    mesh.connect(here, there);
    settle();

    assertEquals(-1, Files.mismatch(file("here", "linked"), file("there", "linked")));
  }
}
