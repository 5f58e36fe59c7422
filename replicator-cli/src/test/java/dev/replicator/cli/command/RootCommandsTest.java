package dev.replicator.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.cli.FakeRoot;
import dev.replicator.cli.daemon.Daemon;
import dev.replicator.cli.exit.Failure;
import dev.replicator.net.identity.KeyText;
import dev.replicator.runtime.BarrierReport;
import dev.replicator.runtime.CommandResult;
import dev.replicator.runtime.RootReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands for one root or all: what their exit codes say of roots that are not well. */
final class RootCommandsTest extends CommandScenario {
  @Test
  void waitEndsWithOneWhenThereAreNoPeers() throws Failure {
    try (Daemon _ = daemon()) {
      roots.root("site").barrier =
          new BarrierReport(BarrierReport.Outcome.DONE, new TreeMap<>(), List.of());
      assertEquals(1, with("wait"));
      String out = place.out();
      assertTrue(out.contains("site: no peers: nothing is on another machine"), out);
    }
  }

  @Test
  void resyncEndsWithOneWhileDeletionsAreHeld() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(0, with("resync"));
      roots.root("site").state = RootReport.State.HELD;
      roots.root("site").reason = "the root is empty";
      assertEquals(1, with("resync"));
      String out = place.out();
      assertTrue(out.contains("not equal, since it is held: the root is empty"), out);
      roots.root("site").state = RootReport.State.PAUSED;
      roots.root("site").standing = new RootReport.Standing(true, true, 0);
      assertEquals(1, with("resync", "--dry-run"));
    }
  }

  @Test
  void statusNamesPeersThatMergedAndDoNotShow() throws Failure {
    try (Daemon _ = daemon()) {
      FakeRoot root = roots.root("site");
      root.peers.put(FakeRoot.node("02"), FakeRoot.peer(true, OptionalLong.of(0)));
      String key = KeyText.print(FakeRoot.node("02"));
      String out = printed("status");
      assertTrue(out.contains("  1 path not shown on " + key + " yet, as far as it told:"), out);
    }
  }

  @Test
  void approvingWithForceIsTold() throws Failure {
    try (Daemon _ = daemon()) {
      assertEquals(0, with("approve", "site", "--force"));
      assertTrue(roots.root("site").asked.contains("approve with force"));
      assertFalse(roots.root("site").asked.contains("approve"));
    }
  }

  private void addRoot(String name) throws IOException {
    Path tree = Files.createDirectory(place.directory.resolve(name));
    place.writeConfig("[[root]]\nname = \"%s\"\npath = \"%s\"\n".formatted(name, tree));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume"})
  void allRootsAreAskedThoughOneRefuses(String command) throws Failure, IOException {
    addRoot("blog");
    try (Daemon _ = daemon()) {
      roots.root("blog").result = new CommandResult.Refused("not now");
      assertEquals(1, with(command));
      assertTrue(roots.root("site").asked.contains(command));
      String message = place.err();
      assertTrue(message.contains("blog: not now"), message);
      assertTrue(message.contains("site: done"), message);
    }
  }

  @Test
  void approvingAllIsDoneWhenOneHeldSomething() throws Failure, IOException {
    addRoot("blog");
    try (Daemon _ = daemon()) {
      roots.root("blog").result = new CommandResult.Refused("nothing is held");
      roots.root("site").state = RootReport.State.HELD;
      assertEquals("blog: nothing is held\nsite: done\n", printed("approve"));
      roots.root("blog").state = RootReport.State.HELD;
      assertEquals(1, with("approve"));
      roots.root("blog").state = RootReport.State.LIVE;
      roots.root("site").result = new CommandResult.Refused("nothing is held");
      roots.root("site").state = RootReport.State.LIVE;
      assertEquals(1, with("approve"));
    }
  }

  @Test
  void anotherDirectoryIsTakenForARootOnlyByItsNameWhenThereAreSeveral()
      throws Failure, IOException {
    addRoot("blog");
    try (Daemon _ = daemon()) {
      FakeRoot blog = roots.root("blog");
      blog.standing = new RootReport.Standing(true, true, 0);
      assertEquals(1, with("approve"));
      assertTrue(roots.root("site").asked.contains("approve"));
      assertFalse(blog.asked.contains("approve"));
      String message = place.err();
      assertTrue(message.contains("`replicator approve blog --config "), message);
      assertEquals(0, with("approve", "blog"));
      assertTrue(blog.asked.contains("approve"));
    }
  }
}
