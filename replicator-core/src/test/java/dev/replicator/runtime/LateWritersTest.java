package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.journal.RocksJournal;
import dev.replicator.kernel.Outcome;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Target;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.vault.Vault;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Somebody writes on to a file that is no longer under its name. */
final class LateWritersTest extends TwoEngines {
  private void assertBothAreKept(String shown, String hidden) throws Exception {
    await(() -> read("here", "f").equals(shown) && read("there", "f").equals(shown));
    settle();
    for (FileEngine engine : engines) {
      await(() -> engine.report().conflicts() == 1);
      List<VersionReport> versions =
          engine.conflicts(ReplicatedRoot.ConflictKind.WRITTEN, 9).get().getFirst().versions();
      assertEquals(2, versions.size());
      assertTrue(versions.stream().allMatch(VersionReport::availableHere), versions::toString);
      Entry.File lost = (Entry.File) versions.getLast().entry();
      assertEquals(hidden.length(), lost.size());
    }
  }

  @Test
  void waitsForNobodyForLongAndLosesNothingThatComesLater() throws Exception {
    try (FileChannel writer = append("f")) {
      write("there", "f", "theirs");
      await(() -> read("here", "f").equals("theirs"));
      settle();
      assertTrue(isWatched(), () -> engine().report().notes().toString());

      write(writer, " and much later");
      settle();
      assertEquals("theirs", read("there", "f"));
    }

    assertBothAreKept("old and much later", "theirs");
    await(() -> !isWatched());
  }

  @Test
  void keepsTheReplacedVersionWhenHeWroteNothing() throws Exception {
    try (FileChannel writer = append("f")) {
      write("there", "f", "theirs");
      await(() -> read("here", "f").equals("theirs"));
      await(this::isWatched);
      assertEquals(3, writer.size());
    }

    await(() -> !isWatched());
    await(() -> !engine().history(PATH, 9).get().isEmpty());
    assertTrue(engine().history(PATH, 9).get().getFirst().availableHere());
    assertEquals(0, engine().report().conflicts());
  }

  @Test
  void bringsAFileBackThatWasDeletedWhileHeWrote() throws Exception {
    try (FileChannel writer = append("f")) {
      Files.delete(file("there", "f"));
      await(() -> read("here", "f").isEmpty());
      await(this::isWatched);
      write(writer, "!");
    }

    await(() -> read("here", "f").equals("old!") && read("there", "f").equals("old!"));
  }

  @Test
  void findsHimAgainAfterARestart() throws Exception {
    try (FileChannel writer = append("f")) {
      write("there", "f", "theirs");
      await(() -> read("here", "f").equals("theirs"));
      settle();
      stopHere();
      write(writer, " meanwhile");
      startHere();
      await(this::isWatched);
      write(writer, " and later");
    }

    assertBothAreKept("old meanwhile and later", "theirs");
  }

  @Test
  void findsHimAfterACrashBetweenTheExchangeAndItsEntry() throws Exception {
    stopHere();
    try (FileChannel writer = append("f")) {
      Intent intent = removalWithoutEnd();
      assertTrue(intent.expected().isPresent());
      startHere();
      await(this::isWatched);
      write(writer, " and later");
    }

    await(() -> read("here", "f").equals("old and later"));
    await(() -> read("there", "f").equals("old and later"));
  }

  private Intent removalWithoutEnd() throws Exception {
    Path state = directory.resolve("state-here");
    try (Journal journal = RocksJournal.open(state.resolve("journal"));
        LinuxTree tree = LinuxTree.open(directory.resolve("here"), state)) {
      Optional<Materialised> expected = journal.materialised(PATH);
      Intent intent = new Intent(expected, Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
      journal.append(List.of(new JournalWrite.PutIntent(PATH, intent)));
      assertInstanceOf(Tree.Exchanged.Removed.class, tree.exchange(PATH, intent));
      return intent;
    }
  }

  @Test
  void seesAWriteThatEndedJustAfterTheExchange() throws Exception {
    stopHere();
    Path state = directory.resolve("state-here");
    try (Journal journal = RocksJournal.open(state.resolve("journal"));
        LinuxTree tree = LinuxTree.open(directory.resolve("here"), state);
        FileChannel writer = append("f")) {
      Intent intent =
          new Intent(
              journal.materialised(PATH), Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
      Tree.Exchanged exchanged = tree.exchange(PATH, intent);
      write(writer, "!");
      writer.close();

      MachineClock clock = MachineClock.open();
      ContentCache cache = new ContentCache();
      Vault vault = Vault.open(tree.storage().resolve("vault"), clock);
      Inspector inspector = new Inspector(tree, clock, cache, 0);
      LocalContent content = new LocalContent(journal, tree, vault, cache, inspector);
      DiskWork work =
          new DiskWork(
              tree,
              vault,
              inspector,
              new Assembler(content, cache, new Transfer(mesh.link(here))),
              content,
              new EarlyStaging(tree));
      var overtaken =
          assertInstanceOf(Outcome.Overtaken.class, work.conclude(PATH, intent, exchanged));
      Entry.File file = (Entry.File) overtaken.displaced().actual().entry();
      assertEquals(4, file.size());
      assertFalse(vault.holds(file.digest()));
      work.journaled(overtaken.displaced());
      assertTrue(vault.holds(file.digest()));
    }
  }
}
