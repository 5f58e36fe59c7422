package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeavingTest {
  private static final Digest CONTENT = Digest.of(new byte[32]);

  private final Leaving leaving = new Leaving();

  private static Intent removal() {
    Principal nobody = new Principal("", 1);
    Attributes attributes = new Attributes(EntryType.FILE, 0644, nobody, nobody);
    Target target = new Target(new Entry.File(CONTENT, 1), Instant.EPOCH, attributes);
    Stamp stamp = new Stamp(1, 1, 1, 1, 1, 1, 1, 1, 1);
    Materialised was = new Materialised(stamp, target, attributes, Knowledge.NONE);
    return new Intent(Optional.of(was), Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
  }

  @Test
  void knowsOfNothingThatDoesNotLeave() {
    assertEquals(Optional.empty(), leaving.over(CONTENT));
  }

  @Test
  void isOverWhenAllThatHadItLeft() {
    leaving.begin(removal());
    leaving.begin(removal());
    CompletableFuture<Void> over = leaving.over(CONTENT).orElseThrow();

    leaving.end(removal());
    assertFalse(over.isDone());

    leaving.end(removal());
    assertTrue(over.isDone());
    assertEquals(Optional.empty(), leaving.over(CONTENT));
  }
}
