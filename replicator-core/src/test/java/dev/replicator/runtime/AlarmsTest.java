package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.NodeId;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.simulation.FakeJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an administrator is to see, and how long. */
final class AlarmsTest {
  private static final NodeId PEER = EngineOnDisk.node(2);
  private static final NodeId STRANGER = EngineOnDisk.node(3);
  private static final int MANY = 25;

  private final List<Happening> told = new ArrayList<>();
  private final PeerNames names = new PeerNames(new TreeMap<>(Map.of(PEER, "web2")));
  private final Chronicler chronicler =
      new Chronicler("site", new RecentIndex(new FakeJournal()), names, told::add);
  private final Alarms alarms = new Alarms("site", names, chronicler);

  private void raise(String text) {
    alarms.raise(text, true, "");
  }

  @Test
  void peersHaveTheirNames() {
    raise("peer " + PEER + " uses our replica id");
    raise("peer " + STRANGER + " does, too");

    assertEquals(
        List.of("peer web2 uses our replica id", "peer " + STRANGER + " does, too"),
        alarms.notes());
    assertEquals(alarms.notes(), told.stream().map(Happening::detail).toList());
  }

  @Test
  void aPeerThatIsCalledOtherwiseSinceHasItsNewName() {
    raise("peer " + PEER + " uses our replica id");
    names.change(new TreeMap<>(Map.of(PEER, "db2")));

    assertEquals(List.of("peer db2 uses our replica id"), alarms.notes());
  }

  @Test
  void whatReportsShowWhileItLastsIsToldAndNotKept() {
    alarms.raise("peer " + PEER + " came back with an old journal", false, "");

    assertEquals(List.of(), alarms.notes());
    assertEquals("peer web2 came back with an old journal", told.getFirst().detail());
  }

  @Test
  void whatTheStateOfTheRootTellsIsNeitherToldNorKept() {
    alarms.raise("the root is empty", true, "the root is empty");

    assertEquals(List.of(), alarms.notes());
    assertEquals(List.of(), told);
  }

  @Test
  void theLastOfThemAreKept() {
    for (int number = 0; number < MANY; number++) {
      raise("alarm " + number);
    }
    raise("alarm 10");

    assertEquals("alarm 10", alarms.notes().getLast());
    assertEquals("alarm 5", alarms.notes().getFirst());
    assertEquals(20, alarms.notes().size());
  }
}
