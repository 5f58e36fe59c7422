package dev.replicator.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class EventRingTest {
  private static final int KEPT = 4;
  private static final int BYTES = 1_000;

  private final EventRing ring = new EventRing(KEPT, BYTES, () -> 1_000);

  private void tell(String root, String... details) {
    for (String detail : details) {
      ring.tell(Happening.of(root, Kind.STATE, detail));
    }
  }

  private static List<String> details(EventRing.Page page) {
    return page.entries().stream().map(entry -> entry.happening().detail()).toList();
  }

  @Test
  void numbersWhatHappensAndGivesItToEachReaderOnce() throws InterruptedException {
    tell("site", "a", "b");
    EventRing.Page first = ring.await(0, "", 0);
    tell("site", "c");
    EventRing.Page second = ring.await(first.next(), "", 0);

    assertEquals(List.of("a", "b"), details(first));
    assertEquals(List.of("c"), details(second));
    assertEquals(3, second.entries().getFirst().number());
    assertEquals(new EventRing.Page(0, List.of(), 3, false), ring.await(second.next(), "", 0));
  }

  @Test
  void keepsTheLastAndSaysHowManyASlowReaderMissed() throws InterruptedException {
    tell("site", "a");
    long read = ring.await(0, "", 0).next();
    tell("site", "b", "c", "d", "e", "f", "g");
    EventRing.Page page = ring.await(read, "", 0);

    assertEquals(2, page.dropped());
    assertEquals(List.of("d", "e", "f", "g"), details(page));
    assertEquals(0, ring.await(page.next(), "", 0).dropped());
  }

  @Test
  void keepsFewerWhenTheirNamesAreLong() throws InterruptedException {
    RelativePath path = RelativePath.of("n/".repeat(200) + "n");
    for (int i = 0; i < KEPT; i++) {
      ring.tell(new Happening("site", Kind.WRITTEN, Optional.empty(), Optional.of(path), "" + i));
    }
    assertEquals(List.of("2", "3"), details(ring.await(0, "", 0)));

    RelativePath longest = RelativePath.of("n/".repeat(2_000) + "n");
    ring.tell(new Happening("site", Kind.WRITTEN, Optional.empty(), Optional.of(longest), "4"));
    assertEquals(List.of("4"), details(ring.await(0, "", 0)));
  }

  @Test
  void cutsWordsThatAreTooMany() throws InterruptedException {
    tell("site", "x".repeat(Limits.EVENT_CHARACTERS_MAX + 1));

    String detail = details(ring.await(0, "", 0)).getFirst();
    assertEquals("x".repeat(Limits.EVENT_CHARACTERS_MAX) + "...", detail);
  }

  @Test
  void beginsBeforeTheLastOfARoot() throws InterruptedException {
    tell("site", "a", "b");
    tell("other", "c");
    tell("site", "d");

    assertEquals(List.of("c", "d"), details(ring.await(ring.before(2, ""), "", 0)));
    assertEquals(List.of("b", "d"), details(ring.await(ring.before(2, "site"), "site", 0)));
    assertEquals(List.of(), details(ring.await(ring.before(0, ""), "", 0)));
    tell("site", "e", "f", "g", "h", "i");
    assertEquals(0, ring.await(ring.before(100, ""), "", 0).dropped());
  }

  @Test
  void answersAPageAtATime() throws InterruptedException {
    EventRing large = new EventRing(Limits.EVENTS_KEPT_MAX, Limits.EVENTS_BYTES_MAX, () -> 1_000);
    for (int i = 0; i < Limits.EVENTS_ANSWERED_MAX + 1; i++) {
      large.tell(Happening.of("site", Kind.STATE, ""));
    }

    EventRing.Page first = large.await(0, "", 0);
    assertTrue(first.more());
    assertEquals(Limits.EVENTS_ANSWERED_MAX, first.entries().size());
    EventRing.Page second = large.await(first.next(), "", 0);
    assertFalse(second.more());
    assertEquals(1, second.entries().size());
  }

  @Test
  void waitsForWhatHappensToTheRootThatIsAskedFor() {
    CompletableFuture<List<String>> waiting = new CompletableFuture<>();
    Thread reader =
        Thread.ofVirtual()
            .start(() -> {
              try {
                waiting.complete(details(ring.await(0, "site", Long.MAX_VALUE / 1_000_000)));
              } catch (InterruptedException stopped) {
                waiting.completeExceptionally(stopped);
              }
            });
    tell("other", "a");
    tell("site", "b");

    assertEquals(List.of("b"), waiting.join());
    assertFalse(reader.isInterrupted());
  }
}
