package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.NodeId;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an engine tells of how far its disk shows what is to show. */
final class StandingTest extends TwoEngines {
  private RootReport.Standing standing() {
    return engine().report().standing();
  }

  @Test
  void aJournalThatMergedStaysSoThoughItsPeerIsReplaced() throws Exception {
    await(() -> standing().merged());
    NodeId replacement = EngineOnDisk.node(3);
    mesh.disconnect(here, there);
    engine().peersChanged(new TreeMap<>(Map.of(replacement, "new")));
    await(() -> engine().report().peers().containsKey(replacement));
    assertTrue(standing().merged());
  }

  @Test
  void aJournalThatMetNobodyHasNotMerged() throws Exception {
    start("alone", EngineOnDisk.node(4), here);
    FileEngine alone = engines.get(1);
    assertFalse(alone.report().standing().merged());
  }

  @Test
  void whatOthersWroteAndDoesNotShowHereIsToldByItsAge() throws Exception {
    assertEquals(0, standing().behindMillis());
    engine().pause().get();
    write("there", "f", "new");
    await(() -> standing().behindMillis() > 0);
    engine().resume().get();
    await(() -> read("here", "f").equals("new") && standing().behindMillis() == 0);
  }
}
