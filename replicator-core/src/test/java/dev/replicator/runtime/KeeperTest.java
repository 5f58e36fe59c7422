package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that leave staging while somebody may still write to them. */
final class KeeperTest {
  private static final RelativePath PATH = RelativePath.of("f");

  @TempDir private Path directory;
  private Optional<LinuxTree> tree = Optional.empty();
  private Optional<Vault> vault = Optional.empty();
  private Optional<Inspector> inspector = Optional.empty();
  private Optional<SecondLooks> secondLooks = Optional.empty();
  private Optional<Keeper> keeper = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "by system calls of Linux");
    Files.createDirectory(directory.resolve("root"));
    LinuxTree opened = LinuxTree.open(directory.resolve("root"), directory.resolve("state"));
    tree = Optional.of(opened);
    MachineClock clock = MachineClock.open();
    vault = Optional.of(Vault.open(directory.resolve("vault"), clock));
    inspector = Optional.of(new Inspector(opened, clock, new ContentCache(), 0));
    secondLooks = Optional.of(new SecondLooks(opened, vault.get()));
    keeper = Optional.of(new Keeper(opened, vault.get(), inspector.get(), secondLooks.get()));
    Files.writeString(file("f"), "old");
  }

  @AfterEach
  void close() {
    tree.ifPresent(LinuxTree::close);
  }

  private Path file(String name) {
    return directory.resolve("root").resolve(name);
  }

  private Keeper keeper() {
    return keeper.orElseThrow();
  }

  private Observation.Found seen(String name) {
    Inspector.Result result =
        inspector
            .orElseThrow()
            .inspect(RelativePath.of(name), Optional.empty(), true, false, Long.MAX_VALUE);
    return assertInstanceOf(
        Observation.Found.class,
        assertInstanceOf(Inspector.Result.Seen.class, result).observation());
  }

  private static Digest digest(Observation.Found found) {
    return ((Entry.File) found.actual().entry()).digest();
  }

  private Displaced removed(Observation.Found found) {
    Materialised was =
        new Materialised(
            found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE);
    Intent intent =
        new Intent(Optional.of(was), Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
    var removed =
        assertInstanceOf(Tree.Exchanged.Removed.class, tree.orElseThrow().exchange(PATH, intent));
    return new Displaced(removed.displaced(), PATH, was);
  }

  /** Where the vault has what {@code found} was. */
  private Path object(Observation.Found found) throws Exception {
    try (Stream<Path> all = Files.walk(directory.resolve("vault"))) {
      return all.filter(it -> it.getFileName().toString().startsWith(digest(found).toHex()))
          .findFirst()
          .orElseThrow();
    }
  }

  private String kept(Digest digest) throws Exception {
    try (var channel = vault.orElseThrow().open(digest)) {
      return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> staged() throws Exception {
    return tree.orElseThrow().staged();
  }

  @Test
  void keepsACopyOfWhatHasAnotherName() throws Exception {
    Files.createLink(file("other"), file("f"));
    Observation.Found old = seen("f");
    keeper().keep(removed(old));

    assertEquals("old", kept(digest(old)));
    Files.writeString(file("other"), "edited", StandardOpenOption.WRITE);
    assertEquals("old", kept(digest(old)));
    assertEquals(List.of(), staged());
    assertFalse(keeper().isWaiting());
  }

  /** Who found its name before that was taken has it only now: what he writes is to be told. */
  @Test
  void leavesWhatSomebodyHasOpenToWhoWaitsForHisClose() throws Exception {
    Observation.Found old = seen("f");
    Displaced displaced;
    try (FileChannel writer = FileChannel.open(file("f"), StandardOpenOption.WRITE)) {
      displaced = removed(old);
      assertFalse(keeper().isKept(displaced));
      assertFalse(keeper().isWaiting());
      assertEquals(3, writer.size());
    }

    assertTrue(keeper().isKept(displaced));
    assertEquals("old", kept(digest(old)));
  }

  /** After the last look at it: nothing is kept under the name of what it was. */
  @Test
  void keepsWhatWasWrittenByAnotherNameAsWhatItIs() throws Exception {
    Files.createLink(file("other"), file("f"));
    Observation.Found old = seen("f");
    Displaced displaced = removed(old);
    Files.writeString(file("other"), "edited", StandardOpenOption.WRITE);

    keeper().keep(displaced);

    assertEquals("edited", kept(digest(seen("other"))));
    assertFalse(vault.orElseThrow().holds(digest(old)));
    assertEquals(Set.of(digest(old)), keeper().unkept());
    assertEquals(List.of(), staged());
    keeper().keepAgain();
    assertEquals(Set.of(), keeper().unkept());
  }

  /** By then it has no other name any more, and looks as if it had never been written to. */
  @Test
  void readsAgainWhatHadAnotherNameWhenItCouldNotBeKept() throws Exception {
    Files.createLink(file("other"), file("f"));
    Observation.Found old = seen("f");
    Path inTheWay =
        Files.createFile(directory.resolve("vault").resolve(digest(old).toHex().substring(0, 2)));
    keeper().keep(removed(old));
    assertEquals(1, staged().size());
    Files.writeString(file("other"), "edited", StandardOpenOption.WRITE);
    Observation.Found edited = seen("other");
    Files.delete(file("other"));
    Files.delete(inTheWay);

    keeper().keepAgain();

    assertEquals("edited", kept(digest(edited)));
    assertFalse(vault.orElseThrow().holds(digest(old)));
    assertEquals(List.of(), staged());
  }

  @Test
  void rescuesNothingThatSomebodyWritesToUntilHeIsDone() throws Exception {
    Observation.Found old = seen("f");
    try (FileChannel writer = FileChannel.open(file("f"), StandardOpenOption.APPEND)) {
      Displaced displaced = removed(old);
      keeper().rescue(displaced.name());
      keeper().keepAgain();
      assertEquals(List.of(displaced.name()), staged());
      assertTrue(keeper().isWaiting());
      writer.write(ByteBuffer.wrap(new byte[] {'!'}));
    }

    keeper().keepAgain();

    assertEquals(List.of(), staged());
    assertFalse(keeper().isWaiting());
    Files.writeString(file("f"), "old!");
    assertEquals("old!", kept(digest(seen("f"))));
  }

  @Test
  void readsAgainWhatSomebodyOpenedBeforeItWasKept() throws Exception {
    Observation.Found old = seen("f");
    try (FileChannel writer = FileChannel.open(file("f"), StandardOpenOption.APPEND)) {
      keeper().keep(removed(old));
      assertEquals(Set.of(digest(old)), keeper().unkept());
      writer.write(ByteBuffer.wrap(new byte[] {'!'}));
    }

    keeper().keepAgain();

    Files.writeString(file("f"), "old!");
    assertEquals("old!", kept(digest(seen("f"))));
    assertFalse(vault.orElseThrow().holds(digest(old)));
    assertFalse(keeper().isWaiting());
  }

  /** Who was within {@code open(2)} when nobody had it open. */
  @Test
  void findsWhatIsWrittenToAFileThatTheVaultHasAlready() throws Exception {
    Observation.Found old = seen("f");
    Displaced displaced = removed(old);
    keeper().keep(displaced);
    SecondLooks looks = secondLooks.orElseThrow();
    assertEquals(List.of(), looks.look(false));
    try (FileChannel writer = FileChannel.open(object(old), StandardOpenOption.APPEND)) {
      assertEquals(List.of(), looks.look(true));
      writer.write(ByteBuffer.wrap(new byte[] {'!'}));
      assertEquals(List.of(), looks.look(true));
      assertTrue(looks.isWaiting());
    }

    SecondLooks.Written written = looks.look(true).getFirst();

    assertEquals(displaced, written.displaced());
    assertEquals("old!", kept(digest(written.found())));
    assertFalse(vault.orElseThrow().holds(digest(old)));
    assertFalse(looks.isWaiting());
  }

  @Test
  void looksAtWhatTheVaultHasOnceOnlyWhenNobodyWroteToIt() throws Exception {
    Observation.Found old = seen("f");
    keeper().keep(removed(old));
    SecondLooks looks = secondLooks.orElseThrow();

    assertEquals(List.of(), looks.look(true));

    assertFalse(looks.isWaiting());
    assertEquals("old", kept(digest(old)));
  }

  @Test
  void isNotSurprisedThatASweepTookWhatItWouldLookAt() throws Exception {
    Observation.Found old = seen("f");
    keeper().keep(removed(old));
    vault.orElseThrow().remove(digest(old));

    assertEquals(List.of(), secondLooks.orElseThrow().look(true));
    assertFalse(secondLooks.orElseThrow().isWaiting());
  }
}
