package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.replicator.model.RelativePath;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of a root whose deletions are held, and which peers changed meanwhile. */
final class HeldReportTest extends TwoEngines {
  private static final RelativePath DELETED_THERE = RelativePath.of("a");
  private static final RelativePath LEFT_THERE = RelativePath.of("f");

  private void holdAll() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      write("here", name, "text");
      await(() -> read("there", name).equals("text"));
    }
    for (String name : List.of("a", "b", "c", "f")) {
      Files.delete(file("here", name));
    }
    await(() -> engine().report().held() == 4);
  }

  private void deleteThere() throws Exception {
    Files.delete(file("there", "a"));
    await(() -> engine().report().pendingPaths().containsKey(DELETED_THERE));
  }

  @Test
  void whatPeersHaveIsSaidToBeKeptByThem() throws Exception {
    holdAll();
    Explanation told = engine().explain(LEFT_THERE).get();
    assertEquals(
        "held: peers that have it keep it until `replicator approve`, which deletes it there, or"
            + " until it is back here",
        told.deletion());
    assertEquals(List.of("has it"), List.copyOf(told.peers().values()));
  }

  @Test
  void whatAPeerThatIsAwayHasIsNotSaidForCertain() throws Exception {
    await(() -> engine().explain(LEFT_THERE).get().peers().containsValue("has it"));
    mesh.disconnect(here, there);
    await(() ->
        engine()
            .explain(LEFT_THERE)
            .get()
            .peers()
            .containsValue("had it when it told last, not connected"));
  }

  @Test
  void whatAPeerDeletedMeanwhileIsNotSaidToStayThere() throws Exception {
    holdAll();
    deleteThere();
    await(() ->
        engine().explain(DELETED_THERE).get().peers().containsValue("has nothing there either"));
    Explanation told = engine().explain(DELETED_THERE).get();
    assertEquals(
        "held here, and deleted by a peer already: `replicator approve` changes nothing there, and"
            + " what comes back here is deleted here, too",
        told.deletion());
    assertEquals("held until approved", told.pending().orElseThrow().problem().toString());
    assertEquals(0, told.pending().orElseThrow().nextTryMillis());
    assertEquals(
        List.of("held until approved"),
        engine().report().pendingPaths().values().stream()
            .map(pending -> pending.problem().toString())
            .toList());
  }

  @Test
  void whatAPeerDeletedIsSettledByAnApproval() throws Exception {
    holdAll();
    Files.move(file("there", "a"), file("there", "moved"));
    await(() -> engine().report().pendingPaths().containsKey(DELETED_THERE));
    engine().approve(false).get();
    await(() -> engine().report().pending() == 0 && engine().report().held() == 0);
    assertFalse(Files.exists(file("here", "a")));
    assertEquals("text", read("here", "moved"));
  }
}
