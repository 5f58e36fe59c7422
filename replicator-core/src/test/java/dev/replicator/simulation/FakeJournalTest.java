package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.JournalWrite;
import dev.replicator.port.Journal;
import dev.replicator.port.JournalContract;
import dev.replicator.port.JournalSnapshot;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FakeJournalTest extends JournalContract {
  @Override
  protected Journal openNew() {
    return new FakeJournal();
  }

  @Override
  protected Journal reopen(Journal journal) {
    return ((FakeJournal) journal).afterKill();
  }

  @Test
  void beginsAnewWhereItWasAbandoned() {
    FakeJournal journal = new FakeJournal();
    new Simulation(1).run(journal, 50);
    journal.abandon();
    assertEquals(JournalSnapshot.of(new FakeJournal()), JournalSnapshot.of(reopen(journal)));
  }

  @Test
  void losesNothingInAKill() {
    FakeJournal journal = new FakeJournal();
    new Simulation(1).run(journal, 50);
    JournalSnapshot before = JournalSnapshot.of(journal);
    FakeJournal next = journal.afterKill();
    assertEquals(before, JournalSnapshot.of(next));
    assertEquals(50, next.unsyncedAppends());
    assertThrows(RuntimeException.class, journal::root);
  }

  @Test
  void keepsWhatWasSyncedAndAPrefixOfTheRestInAPowerCut() {
    Set<Integer> kept = new HashSet<>();
    for (int seed = 0; seed < 60; seed++) {
      List<List<JournalWrite>> appends = new ArrayList<>();
      Simulation simulation = new Simulation(seed);
      FakeJournal journal = new FakeJournal();
      for (int index = 0; index < 10; index++) {
        appends.add(simulation.writes());
        journal.append(appends.getLast());
        if (index == 4) {
          journal.sync();
        }
      }
      JournalSnapshot after = JournalSnapshot.of(journal.afterPowerCut(new SplittableRandom(seed)));
      kept.add(prefixThatGives(after, appends));
    }
    assertEquals(Set.of(5, 6, 7, 8, 9, 10), kept);
  }

  private static int prefixThatGives(JournalSnapshot snapshot, List<List<JournalWrite>> appends) {
    FakeJournal journal = new FakeJournal();
    int longest = -1;
    for (int length = 0; length <= appends.size(); length++) {
      if (length > 0) {
        journal.append(appends.get(length - 1));
      }
      if (JournalSnapshot.of(journal).equals(snapshot)) {
        longest = length;
      }
    }
    assertTrue(longest >= 0, "not a prefix of what was appended");
    return longest;
  }

  @Test
  void isWholeAgainAfterTwoCrashes() {
    FakeJournal journal = new FakeJournal();
    Simulation simulation = new Simulation(3);
    simulation.run(journal, 20);
    journal.sync();
    JournalSnapshot synced = JournalSnapshot.of(journal);
    FakeJournal next = journal.afterKill().afterPowerCut(new SplittableRandom(1));
    assertEquals(synced, JournalSnapshot.of(next));
    simulation.run(next, 1);
    assertEquals(1, next.unsyncedAppends());
  }

  @Test
  void refusesWritesOnceBrokenDown() {
    FakeJournal journal = new FakeJournal();
    journal.breakDown();
    assertThrows(UncheckedIOException.class, () -> journal.append(List.of()));
    assertThrows(UncheckedIOException.class, journal::sync);
    assertTrue(journal.root().isEmpty());
  }
}
