package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PathsTest {
  private final Paths paths = new Paths(Bounds.ORDINARY);

  private void suspect(String path, Cause cause, boolean reread) {
    paths.suspect(RelativePath.of(path), new Paths.Suspicion(cause, reread));
  }

  private List<String> order() {
    List<String> order = new ArrayList<>();
    Optional<Map.Entry<RelativePath, Paths.Suspicion>> next = paths.nextSuspect();
    while (next.isPresent()) {
      order.add(next.get().getKey() + " " + next.get().getValue().cause());
      next = paths.nextSuspect();
    }
    return order;
  }

  @Test
  void looksAtWhatSomebodyChangesBeforeWhatAScanFound() {
    suspect("found-1", Cause.SCAN, false);
    suspect("found-2", Cause.SCAN, false);
    suspect("changed", Cause.WATCH, false);
    suspect("asked", Cause.CHECK, false);

    assertEquals(4, paths.backlog());
    assertEquals(List.of("changed WATCH", "asked CHECK", "found-1 SCAN", "found-2 SCAN"), order());
    assertTrue(paths.isIdle());
  }

  @Test
  void looksOnceAtAPathThatBothNamed() {
    suspect("both", Cause.SCAN, true);
    suspect("found", Cause.SCAN, false);
    suspect("both", Cause.WATCH, false);
    suspect("both", Cause.SCAN, false);

    assertEquals(2, paths.backlog());
    Map.Entry<RelativePath, Paths.Suspicion> first = paths.nextSuspect().orElseThrow();
    assertEquals("both", first.getKey().toString());
    assertTrue(first.getValue().reread(), "the scan did not believe it");
    assertEquals(List.of("found SCAN"), order());
  }

  /** Each look that ends finds the same paths changed anew: the hints never run out. */
  @Test
  void scanEndsThoughPathsChangeFasterThanLooksEnd() {
    int found = 50;
    for (int i = 0; i < found; i++) {
      suspect("found-" + i, Cause.SCAN, false);
    }
    int looks = 0;
    while (paths.scanBacklog() > 0 && looks < 10_000) {
      suspect("busy-1", Cause.WATCH, false);
      suspect("busy-2", Cause.WATCH, false);
      paths.nextSuspect();
      looks++;
    }

    assertEquals(0, paths.scanBacklog(), "everything that the scan found was looked at");
    assertEquals(found * Paths.SCAN_SHARE, looks, "and hints got all the other looks");
  }

  @Test
  void hintsWaitForOneLookOfAScanAtMost() {
    for (int i = 0; i < 3 * Paths.SCAN_SHARE; i++) {
      suspect("found-" + i, Cause.SCAN, false);
      suspect("changed-" + i, Cause.WATCH, false);
    }
    List<String> order = order().subList(0, 2 * Paths.SCAN_SHARE);

    assertEquals(2, order.stream().filter(look -> look.endsWith("SCAN")).count());
    assertTrue(order.get(Paths.SCAN_SHARE - 1).endsWith("SCAN"));
  }

  @Test
  void fewSmallFilesArePutAtOnceAndLooksBesideThem() {
    for (int i = 0; i < Limits.SMALL_PUTS_IN_FLIGHT_MAX; i++) {
      assertTrue(paths.hasRoomToPut());
      paths.begin(RelativePath.of("small-" + i), Paths.Busy.STAGING);
    }
    assertFalse(paths.hasRoomToPut());
    assertTrue(paths.hasRoomToLook());

    paths.end(RelativePath.of("small-0"));
    assertTrue(paths.hasRoomToPut());
    paths.begin(RelativePath.of("small-0"), Paths.Busy.EXCHANGING);
    assertFalse(paths.hasRoomToPut(), "what is exchanged is still being put");
  }

  @Test
  void largeFilesThatAreOnTheirWayLeaveRoomForSmallOnes() {
    for (int i = 0; i < Limits.PATHS_IN_FLIGHT_MAX - 1; i++) {
      paths.begin(RelativePath.of("large-" + i), Paths.Busy.STAGING_LARGE);
    }
    assertTrue(paths.hasRoomToPut());

    paths.begin(RelativePath.of("large"), Paths.Busy.STAGING_LARGE);
    assertFalse(paths.hasRoomToPut());
  }

  @Test
  void fewLooksRunAtOnceAndSmallFilesArePutBesideThem() {
    Paths.Suspicion changed = new Paths.Suspicion(Cause.WATCH, false);
    for (int i = 0; i < Limits.LOOKS_IN_FLIGHT_MAX; i++) {
      assertTrue(paths.hasRoomToLook());
      paths.beginInspecting(RelativePath.of("changed-" + i), changed);
    }
    assertFalse(paths.hasRoomToLook());
    assertTrue(paths.hasRoomToPut());

    paths.end(RelativePath.of("changed-0"));
    assertTrue(paths.hasRoomToLook());
  }
}
