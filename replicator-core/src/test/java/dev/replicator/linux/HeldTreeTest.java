package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.StagingArea.Displaced;
import dev.replicator.port.Tree.Child;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.Tree.Synced;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import dev.replicator.portable.PortableTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What only a tree by system calls does. */
final class HeldTreeTest extends LinuxTreeFixture {
  private static final Path OTHER_DISK = Path.of("/dev/shm");
  private static final int LEVELS = 40;

  /** Runs a shell in the root: an independent witness. */
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

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void readsTheNamesThatOthersWriteAndWritesNamesThatOthersRead() throws Exception {
    shell("for n in '\\377' 'caf\\303\\251' 'a\\nb'; do echo x > \"$(printf \"$n\")\"; done");
    assertEquals(
        List.of(
            TreeUnderTest.raw("a\nb"),
            TreeUnderTest.raw("caf\u00c3\u00a9"),
            TreeUnderTest.raw("\u00ff")),
        tree().list(RelativePath.ROOT).stream().map(Child::path).toList());

    RelativePath path = TreeUnderTest.raw("\u00fe\u00c3\u00a9");
    tree().exchange(path, fileIntent(Optional.empty(), "content"));
    assertEquals("content", shell("cat \"$(printf '\\376\\303\\251')\""));
  }

  @Test
  void givesTheStampsThatThePortableTreeGivesButForTheDevice() throws Exception {
    user().write(RelativePath.of("f"), "x");
    user().touch(RelativePath.of("f"), MTIME);
    user().makeDirectory(RelativePath.of("d"));
    user().link(RelativePath.of("l"), TreeUnderTest.bytes("a/b"));
    try (PortableTree portable = PortableTree.open(root(), base().resolve("other-state"))) {
      for (String name : List.of("", "f", "d", "l")) {
        RelativePath path = RelativePath.of(name);
        Look.Found found = assertInstanceOf(Look.Found.class, portable.look(path));
        Look.Found expected =
            new Look.Found(
                withoutDevice(found.stamp()), found.type(), found.linkTarget(), found.attributes());
        assertEquals(expected, tree().look(path));
      }
    }
  }

  private static Stamp withoutDevice(Stamp stamp) {
    return new Stamp(
        0,
        stamp.inode(),
        stamp.size(),
        stamp.mtimeNanos(),
        stamp.ctimeNanos(),
        stamp.mode(),
        stamp.uid(),
        stamp.gid(),
        stamp.links());
  }

  @Test
  void worksBelowPathsLongerThanTheKernelTakes() throws Exception {
    RelativePath directory = RelativePath.ROOT;
    for (int level = 0; level < LEVELS; level++) {
      directory = directory.child("d".repeat(250));
      assertInstanceOf(
          Exchanged.Done.class,
          tree().exchange(directory, bareIntent(Optional.empty(), directoryTarget(0755))));
    }
    RelativePath path = directory.child("f");
    var created =
        assertInstanceOf(
            Exchanged.Done.class, tree().exchange(path, fileIntent(Optional.empty(), "one")));
    assertTrue(path.length() > Scratch.PATH_BYTES_MAX);

    assertEquals(List.of(new Child(path, tree().look(path))), tree().list(directory));
    try (SeekableByteChannel channel = tree().read(path, created.stamp())) {
      assertEquals("one", TreeUnderTest.read(channel));
    }
    Materialised expected =
        new Materialised(
            created.stamp(), created.actual(), created.actual().attributes(), Knowledge.NONE);
    assertInstanceOf(
        Exchanged.Done.class, tree().exchange(path, fileIntent(Optional.of(expected), "two")));
    assertEquals(new Look.Gone(), tree().look(directory.child("none").child("none")));

    // No other tool here reaches so deep to take it away.
    shell("find . -depth -mindepth 1 -delete");
  }

  @Test
  void writesALinkTextWithIdleSlashesAndRefusesOneThatIsTooLong() throws Exception {
    Intent intent = stagedIntent(Optional.empty(), linkTarget("a//b/"));
    assertInstanceOf(Exchanged.Done.class, tree().exchange(RelativePath.of("l"), intent));
    assertEquals("a//b/\n", shell("readlink l"));

    TreeException tooLong =
        assertThrows(TreeException.class, () -> tree().stage(linkTarget("x".repeat(5_000))));

    assertEquals(Problem.Kind.NAME_TOO_LONG, tooLong.problem().kind());
    assertEquals(List.of(), tree().staged());
  }

  /** It leads nowhere outside, and still what is told of one path would be done at another. */
  @Test
  void followsNoLinkToADirectoryOfTheSameRoot() throws Exception {
    shell("mkdir d; echo x > d/f; ln -s d l");

    assertEquals(new Look.Gone(), tree().look(RelativePath.of("l/f")));
    assertInstanceOf(
        Exchanged.Failed.class,
        tree().exchange(RelativePath.of("l/new"), fileIntent(Optional.empty(), "text")));

    assertEquals("f\n", shell("ls d"));
  }

  @Test
  void stagesBesideTheStateWhereARenameReachesTheRoot() throws Exception {
    assertEquals(base().resolve("state"), tree().storage());
    assertEquals("rwx------", mode(tree().storage().resolve("staging")));
    try (var children = Files.list(root())) {
      assertEquals(List.of(), children.toList());
    }
  }

  @Test
  void triesARenameIntoItsOwnDirectoryWhereThereIsOne() throws Exception {
    Files.createDirectory(root().resolve(".replicator"));

    reopen();

    assertEquals("rwx------", mode(root().resolve(".replicator")));
    try (var children = Files.list(root().resolve(".replicator"))) {
      assertEquals(List.of(), children.toList());
    }
  }

  @Test
  void takesItsOwnDirectoryOverFromWhoeverMadeIt() throws Exception {
    assumeTrue(tree().capabilities().owners(), "only root may give files away");
    Path own = Files.createDirectory(root().resolve(".replicator"));
    try (Descriptor directory = PathCalls.openNamed(AdminPath.octets(own), PathCalls.LOCATE)) {
      PathCalls.changeOwner(directory.number(), 12_345, 12_345);

      reopen();

      assertEquals(DescriptorCalls.user(), PathCalls.status(directory.number()).stamp().uid());
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
    Path released = state.resolve("released");
    try (LinuxTree inside = LinuxTree.open(root(), state)) {
      assertEquals(root().resolve(".replicator"), inside.storage());
      assertEquals("rwx------", mode(inside.storage().resolve("staging")));
      assertEquals(List.of(), inside.list(RelativePath.ROOT));
      Intent intent = intent(Optional.empty(), linkTarget("y"), inside.stage(linkTarget("y")));
      assertInstanceOf(Exchanged.Done.class, inside.exchange(RelativePath.of("link"), intent));
      user().write(RelativePath.of("f"), "old");
      var removed =
          (Exchanged.Removed) inside.exchange(RelativePath.of("f"), removal(materialised("f")));
      inside.release(removed.displaced(), released);
      assertEquals("old", Files.readString(released));
      assertEquals(List.of(), inside.staged());
    } finally {
      Files.deleteIfExists(released);
      Files.delete(state.resolve("staging"));
      Files.delete(state);
    }
  }

  @Test
  void saysWhereAFileSystemKeepsNoExtendedAttributes() throws Exception {
    assertTrue(tree().capabilities().extendedAttributes());
    try (OwnDisk disk = OwnDisk.of("ramfs");
        LinuxTree bare = LinuxTree.open(disk.directory(), disk.directory())) {
      assertFalse(bare.capabilities().extendedAttributes());
      bare.mark(bare.identity().withMarker("mark").withEpoch(3));
      assertEquals("mark", bare.identity().marker());
    }
  }

  @Test
  void refusesALinkInThePlaceOfItsOwnDirectory() throws Exception {
    Files.createSymbolicLink(root().resolve(".replicator"), outside());

    assertThrows(TreeException.class, this::reopen);

    assertEquals("rwxr-xr-x", mode(outside()));
  }

  @Test
  void refusesARootThatIsMissing() throws Exception {
    Files.delete(root());

    assertThrows(TreeException.class, this::reopen);
  }

  @Test
  void finishesAReleaseThatACrashInterrupted() throws Exception {
    String name = stageFile("old", fileTarget("old")).name();
    Path destination = outside().resolve("released");
    Files.createLink(destination, staged(name));

    tree().release(name, destination);

    assertEquals("old", Files.readString(destination));
    assertEquals(List.of(), tree().staged());
  }

  /** Else the journal on it could not go on, and each try would fill it once more. */
  @Test
  void copiesNothingToADiskThatItWouldFill() throws Exception {
    String name = stageFile("x".repeat(2 * 1_024 * 1_024), fileTarget("x")).name();
    try (OwnDisk small = OwnDisk.of("tmpfs")) {
      assertTrue(Mounts.remount(small.root(), "size=1m"));
      Path destination = small.root().resolve("released");
      TreeException full =
          assertThrows(TreeException.class, () -> tree().release(name, destination));

      assertEquals(Problem.Kind.DISK_FULL, full.problem().kind());
      assertEquals(List.of(name), tree().staged());
      try (Stream<Path> there = Files.list(small.root())) {
        assertEquals(List.of(), there.toList());
      }
    }
  }

  @Test
  void releasesACopyOfAFileThatHasOtherNames() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "old");
    user().hardLink(path, RelativePath.of("other"));
    var done =
        (Exchanged.Done) tree().exchange(path, fileIntent(Optional.of(materialised("f")), "new"));
    Path destination = outside().resolve("released");

    Path copy = tree().release(done.displaced(), destination).orElseThrow();
    user().write(RelativePath.of("other"), "edited");

    assertEquals("new", user().read(path));
    assertFalse(Files.exists(destination));
    assertEquals(outside(), copy.getParent());
    assertEquals("old", Files.readString(copy));
    assertEquals(List.of(done.displaced()), tree().staged());
  }

  @Test
  void keepsHolesInWhatItStagesAndCopies() throws Exception {
    long size = 64L * 1_024 * 1_024;
    RelativePath path = RelativePath.of("f");
    try (var staged = tree().stageFile()) {
      staged.channel().position(size / 2).write(ByteBuffer.wrap(new byte[] {'x'}));
      Stamp stamp = staged.seal(size, MTIME, attributes(EntryType.FILE, 0600));
      Intent intent =
          new Intent(
              Optional.empty(), fileTarget("x"), Knowledge.NONE, Optional.of(stamp), staged.name());
      assertInstanceOf(Exchanged.Done.class, tree().exchange(path, intent));
    }
    user().hardLink(path, RelativePath.of("other"));
    Materialised expected = materialised("f");
    Intent touch =
        bareIntent(
            Optional.of(expected),
            new Target(expected.entry(), MTIME, attributes(EntryType.FILE, 0644)));
    assertInstanceOf(Exchanged.Done.class, tree().exchange(path, touch));

    assertEquals("1\n", shell("test $(du -k f | cut -f1) -lt 1024 && stat -c %h f"));
    assertEquals(size, found("f").stamp().size());
  }

  @Test
  void looksAtADirectoryThatNobodyMayRead() throws Exception {
    RelativePath path = RelativePath.of("d");
    user().makeDirectory(path);
    user().changeMode(path, 0);

    assertEquals(EntryType.DIRECTORY, found(path).type());
    assertEquals(0, found(path).attributes().mode());
  }

  @Test
  void crossesNoMountPointAndSaysWhereOneIs() throws Exception {
    RelativePath mount = RelativePath.of("d");
    user().makeDirectory(mount);
    user().write(RelativePath.of("d/f"), "below");
    user().makeDirectory(RelativePath.of("source"));
    user().write(RelativePath.of("source/f"), "mounted");
    Stamp any = found("d/f").stamp();
    boolean mounted =
        new ProcessBuilder("mount", "--bind", "source", "d")
                .directory(root().toFile())
                .start()
                .waitFor()
            == 0;
    assumeTrue(mounted, "only root may mount");
    try {
      RelativePath below = mount.child("f");
      assertEquals(new Look.Special("mount point"), tree().look(mount));
      assertTrue(
          tree()
              .list(RelativePath.ROOT)
              .contains(new Child(mount, new Look.Special("mount point"))));
      for (TreeException refused :
          List.of(
              assertThrows(TreeException.class, () -> tree().look(below)),
              assertThrows(TreeException.class, () -> tree().list(mount)),
              assertThrows(TreeException.class, () -> tree().read(below, any)))) {
        assertEquals(Problem.Kind.SPECIAL, refused.problem().kind());
      }
      assertInstanceOf(
          Exchanged.Failed.class,
          tree().exchange(mount.child("new"), fileIntent(Optional.empty(), "x")));
      assertEquals("mounted", user().read(RelativePath.of("source/f")));
    } finally {
      shell("umount d");
    }
  }

  @Test
  void putsADirectoryBackThatACrashLeftInStaging() throws Exception {
    RelativePath path = RelativePath.of("n");
    user().write(path, "old");
    Intent intent = fileIntent(Optional.of(materialised("n")), "new");
    user().remove(path);
    Files.move(staged(intent.stagedName()), root().resolve("n"));
    Files.createDirectory(staged(intent.stagedName()));
    Files.writeString(staged(intent.stagedName()).resolve("inner"), "theirs");

    assertEquals(new Settled.NotApplied(), reopen().settle(path, intent));

    assertEquals("theirs", user().read(path.child("inner")));
    assertEquals("new", readStaged(intent.stagedName()));
  }

  @Test
  void removesNothingWhileALeftoverOfTheSameRemovalWaits() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "content");
    Intent removal = bareIntent(Optional.of(materialised("f")), Target.ABSENT);
    Files.writeString(staged(Staging.asideName(path, removal)), "of an earlier life");

    Exchanged.Failed refused =
        assertInstanceOf(Exchanged.Failed.class, tree().exchange(path, removal));

    assertEquals(Problem.Kind.BUSY, refused.problem().kind());
    assertEquals("content", user().read(path));
  }

  @Test
  void staysOpenWhenItsThreadIsInterrupted() throws Exception {
    user().write(RelativePath.of("f"), "content");
    try (SeekableByteChannel channel = tree().read(RelativePath.of("f"), found("f").stamp())) {
      Thread.currentThread().interrupt();
      assertEquals("content", TreeUnderTest.read(channel));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void tellsWhoStillWritesToAFileThatWasDisplaced() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "old");
    Materialised expected = materialised("f");
    try (FileChannel writer = FileChannel.open(root().resolve("f"), StandardOpenOption.APPEND)) {
      var done =
          assertInstanceOf(
              Exchanged.Done.class,
              tree().exchange(path, fileIntent(Optional.of(expected), "new")));
      String name = done.displaced();
      assertEquals(new Displaced.BeingWritten(Optional.empty()), tree().displaced(name, expected));

      writer.write(ByteBuffer.wrap(new byte[] {'!'}));

      var during = assertInstanceOf(Displaced.BeingWritten.class, tree().displaced(name, expected));
      assertEquals(4, during.written().orElseThrow().stamp().size());
      writer.close();
      var after = assertInstanceOf(Displaced.Written.class, tree().displaced(name, expected));
      assertEquals(during.written().orElseThrow(), after.look());
      assertEquals("old!", readStaged(name));
    }
  }

  @Test
  void tellsThatNobodyCanWriteToAFileThatWasDisplaced() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "old");
    Materialised expected = materialised("f");
    try (FileChannel reader = FileChannel.open(root().resolve("f"), StandardOpenOption.READ)) {
      var removed = (Exchanged.Removed) tree().exchange(path, removal(expected));

      assertEquals(new Displaced.Untouched(), tree().displaced(removed.displaced(), expected));
      assertTrue(reader.isOpen());
    }
  }

  @Test
  void releasesNoFileThatIsBeingWritten() throws Exception {
    RelativePath path = RelativePath.of("f");
    user().write(path, "old");
    Path destination = outside().resolve("released");
    String name;
    try (FileChannel writer = FileChannel.open(root().resolve("f"), StandardOpenOption.APPEND)) {
      var removed = (Exchanged.Removed) tree().exchange(path, removal(materialised("f")));
      name = removed.displaced();
      assertTrue(tree().isStagedWritten(name));
      TreeException busy =
          assertThrows(TreeException.class, () -> tree().release(removed.displaced(), destination));
      assertEquals(Problem.Kind.BUSY, busy.problem().kind());
      writer.write(ByteBuffer.wrap(new byte[] {'!'}));
    }

    assertFalse(tree().isStagedWritten(name));
    assertEquals(Optional.empty(), tree().release(name, destination));
    assertEquals("old!", Files.readString(destination));
  }

  @Test
  void syncsWhenTheRootIsLost() throws Exception {
    tree().pin(tree().identity());
    user().replaceRoot();

    assertEquals(new Synced.Done(List.of()), tree().sync(List.of(RelativePath.of("f"))));
  }

  @Test
  void refusesEverythingOnceItIsClosed() throws Exception {
    try (LinuxTree other = LinuxTree.open(root(), base().resolve("other"))) {
      other.close();
      assertThrows(TreeException.class, () -> other.look(RelativePath.ROOT));
      assertInstanceOf(
          Exchanged.Failed.class,
          other.exchange(RelativePath.of("f"), fileIntent(Optional.empty(), "x")));
      assertInstanceOf(Synced.RootLost.class, other.sync(List.of()));
    }
  }
}
