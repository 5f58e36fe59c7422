package dev.replicator.portable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.Tree.Synced;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract on a real disk, and what only this tree does. */
final class PortableTreeTest extends NioTreeContract {
  private static final Path OTHER_DISK = Path.of("/dev/shm");

  @BeforeEach
  void openOnDisk(@TempDir Path directory) throws Exception {
    open(directory);
  }

  @Override
  public boolean stamps() {
    return true;
  }

  /** Runs a shell in the root: an independent witness of what names are. */
  private String shell(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(root().toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), output);
    return output;
  }

  @Test
  void readsTheNamesThatOthersWrite() throws Exception {
    shell("for n in '\\377' 'caf\\303\\251' 'a\\nb'; do echo x > \"$(printf \"$n\")\"; done");

    assertEquals(
        List.of(
            TreeUnderTest.raw("a\nb"),
            TreeUnderTest.raw("caf\u00c3\u00a9"),
            TreeUnderTest.raw("\u00ff")),
        tree().list(RelativePath.ROOT).stream().map(Child::path).toList());
  }

  @Test
  void writesNamesThatOthersRead() throws Exception {
    RelativePath path = TreeUnderTest.raw("caf\u00c3\u00a9\u00ff");
    tree().exchange(path, fileIntent(Optional.empty(), "content"));

    assertEquals("content", shell("cat \"$(printf 'caf\\303\\251\\377')\""));
  }

  @Test
  void readsALinkTextWithIdleSlashesAndRefusesToWriteOne() throws Exception {
    shell("ln -s a//b/ one; ln -s //x\"$(printf '\\377')\"//y/ two");

    assertEquals(TreeUnderTest.bytes("a//b/"), found("one").linkTarget());
    assertEquals(TreeUnderTest.bytes("//x\u00ff//y/"), found("two").linkTarget());
    TreeException refused = assertThrows(TreeException.class, () -> tree().stage(linkTarget("a/")));
    assertEquals(Problem.Kind.UNSUPPORTED, refused.problem().kind());
  }

  @Test
  void stagesBesideTheStateWhereARenameReachesTheRoot() throws Exception {
    assertEquals(root().resolveSibling("state"), tree().storage());
    assertPrivate(tree().storage().resolve("staging"));
    try (var children = Files.list(root())) {
      assertEquals(List.of(), children.toList());
    }
  }

  @Test
  void triesARenameIntoItsOwnDirectoryWhereThereIsOne() throws Exception {
    Files.createDirectory(root().resolve(".replicator"));

    reopen();

    assertPrivate(root().resolve(".replicator"));
    try (var children = Files.list(root().resolve(".replicator"))) {
      assertEquals(List.of(), children.toList());
    }
  }

  @Test
  void forgetsATryThatACrashCutShort() throws Exception {
    Files.createFile(root().resolve(".replicator"));

    reopen();

    assertFalse(Files.exists(root().resolve(".replicator")));
  }

  @Test
  void stagesInTheRootWhereARenameFromTheStateDoesNotReachIt() throws Exception {
    assumeTrue(Files.isWritable(OTHER_DISK), "no second file system here");
    FileStore other = Files.getFileStore(OTHER_DISK);
    assumeTrue(!other.equals(Files.getFileStore(root())), "no second file system here");
    Path state = Files.createTempDirectory(OTHER_DISK, "replicator-test");
    try (PortableTree inside = PortableTree.open(root(), state)) {
      assertEquals(root().resolve(".replicator"), inside.storage());
      assertPrivate(inside.storage().resolve("staging"));
      String name = inside.stage(linkTarget("x")).name();
      assertEquals(List.of(name), inside.staged());
      assertEquals(List.of(), inside.list(RelativePath.ROOT));
      Intent intent = stagedIntentOf(inside);
      assertInstanceOf(Exchanged.Done.class, inside.exchange(RelativePath.of("link"), intent));
    } finally {
      Files.delete(state.resolve("staging"));
      Files.delete(state);
    }
  }

  private Intent stagedIntentOf(PortableTree other) throws TreeException {
    return intent(Optional.empty(), linkTarget("y"), other.stage(linkTarget("y")));
  }

  private static void assertPrivate(Path directory) throws IOException {
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
  }

  @Test
  void refusesALinkInThePlaceOfItsOwnDirectory() throws Exception {
    Files.createSymbolicLink(root().resolve(".replicator"), outside());

    assertThrows(TreeException.class, this::reopen);
  }

  @Test
  void refusesARootThatIsMissing() throws Exception {
    Files.delete(root());

    assertThrows(TreeException.class, this::reopen);
  }

  @Test
  void saysAppliedWhenACrashLeftBothNamesOfANewFile() throws Exception {
    Intent intent = fileIntent(Optional.empty(), "new");
    Path staged = tree().storage().resolve("staging").resolve(intent.stagedName());
    Files.createLink(root().resolve("f"), staged);

    Settled settled = reopen().settle(RelativePath.of("f"), intent);

    assertInstanceOf(Settled.Applied.class, settled);
  }

  @Test
  void finishesAReleaseThatACrashInterrupted() throws Exception {
    String name = stageFile("old", fileTarget("old")).name();
    Path destination = outside().resolve("released");
    Files.createLink(destination, tree().storage().resolve("staging").resolve(name));

    tree().release(name, destination);

    assertEquals("old", Files.readString(destination));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  void keepsStagedFilesFromOthersUntilTheyAreSealed() throws Exception {
    try (var staged = tree().stageFile()) {
      Path file = tree().storage().resolve("staging").resolve(staged.name());
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  @Test
  void replacesAFileThatHasOtherNames() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "old");
    user().hardLink(path, RelativePath.of("other"));

    assertInstanceOf(
        Exchanged.Done.class,
        tree().exchange(path, fileIntent(Optional.of(materialised("f")), "new")));

    assertEquals("new", user().read(path));
    assertEquals("old", user().read(RelativePath.of("other")));
  }

  @Test
  void touchesNothingThatIsWrittenToRightAfterTheCheck() throws Exception {
    RelativePath path = RelativePath.of("f");
    for (boolean inPlace : List.of(true, false)) {
      user().write(path, "old");
      Intent intent = fileIntent(Optional.of(materialised("f")), "new");
      afterTheCheck(() -> {
        if (inPlace) {
          user().write(path, "theirs");
        } else {
          user().replace(path, "theirs");
        }
      });

      assertEquals(new Exchanged.Unexpected(), tree().exchange(path, intent));

      assertEquals("theirs", user().read(path));
      tree().discard(intent.stagedName());
      assertEquals(List.of(), tree().staged());
    }
  }

  @Test
  void leavesTheFileOfAnotherWhoCreatesItAtTheSameMoment() throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      for (int round = 0; round < 1_000; round++) {
        RelativePath path = RelativePath.of("f" + round);
        Path file = root().resolve(path.toString());
        Intent intent = fileIntent(Optional.empty(), "ours");
        Future<Boolean> created =
            other.submit(() -> {
              start.await();
              try {
                Files.createFile(file);
                return true;
              } catch (FileAlreadyExistsException late) {
                return false;
              }
            });
        start.await();

        Exchanged answer = tree().exchange(path, intent);

        assertNotEquals(created.get(), answer instanceof Exchanged.Done, answer::toString);
        tree().discard(intent.stagedName());
      }
    }
  }

  @Test
  void looksAtADirectoryThatNobodyMayRead() throws Exception {
    RelativePath path = RelativePath.of("d");
    user().makeDirectory(path);
    user().changeMode(path, 0);

    assertEquals(EntryType.DIRECTORY, found(path).type());
    assertEquals(0, found(path).attributes().mode());
  }

  /** A path whose directory exists, and that the system looks at no more. */
  private RelativePath tooLong() throws IOException {
    StringBuilder deep = new StringBuilder("d");
    user().makeDirectory(RelativePath.of("d"));
    for (int level = 0; level < 19; level++) {
      deep.append("/").append("x".repeat(200));
      user().makeDirectory(RelativePath.of(deep.toString()));
    }
    return RelativePath.of(deep + "/" + "y".repeat(255));
  }

  @Test
  void saysThatAPathIsTooLongForTheSystem() throws Exception {
    RelativePath path = tooLong();

    TreeException refused = assertThrows(TreeException.class, () -> tree().look(path));
    Exchanged answer = tree().exchange(path, fileIntent(Optional.empty(), "x"));

    assertEquals(Problem.Kind.NAME_TOO_LONG, refused.problem().kind());
    assertEquals(new Exchanged.Failed(Problem.of(Problem.Kind.NAME_TOO_LONG)), answer);
  }

  @Test
  void leavesOutOfASyncWhatItCannotLookAt() throws Exception {
    RelativePath unreachable = tooLong();
    user().write(RelativePath.of("f"), "x");

    assertEquals(
        new Synced.Done(List.of(unreachable)),
        tree().sync(List.of(unreachable, RelativePath.of("f"))));
  }

  @Test
  void blamesNoDiskForARootThatIsGone() throws Exception {
    user().write(RelativePath.of("f"), "x");
    tree().pin(tree().identity());
    Path away = root().resolveSibling("away");
    Files.move(root(), away);

    assertInstanceOf(Synced.RootLost.class, tree().sync(List.of(RelativePath.of("f"))));

    Files.move(away, root());
    assertEquals(new Synced.Done(List.of()), tree().sync(List.of(RelativePath.of("f"))));
  }
}
