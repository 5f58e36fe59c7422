package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.journal.RocksJournal;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Initial;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.simulation.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a start finds in staging after the process ended in the middle of its work. */
class RecoveryTest {
  private static final Path OTHER_DISK = Path.of("/dev/shm");
  private static final RelativePath TOP = RelativePath.of("x");

  @TempDir Path directory;

  /**
   * @param mounted whether the root is there at the start, or the empty directory below it
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clearsADirectoryThatHadGotSomeOfItsMembers(boolean mounted) throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "only there are groups");
    EngineOnDisk disk = EngineOnDisk.at(directory, "here").linux();
    Path state = directory.resolve("state-here");
    try (LinuxTree tree = LinuxTree.open(directory.resolve("here"), state);
        RocksJournal journal = RocksJournal.open(state.resolve("journal"))) {
      Intent top = staged(tree.stage(target(tree, Entry.DIRECTORY)), target(tree, Entry.DIRECTORY));
      Intent gathered = stagedFile(tree, "gathered");
      Intent waiting = stagedFile(tree, "waiting");
      journal.append(
          List.of(
              new JournalWrite.PutIntent(TOP, top),
              new JournalWrite.PutIntent(TOP.child("a"), gathered),
              new JournalWrite.PutIntent(TOP.child("b"), waiting)));
      Path staging = tree.storage().resolve("staging");
      Files.move(
          staging.resolve(gathered.stagedName()), staging.resolve(top.stagedName()).resolve("a"));
    }
    if (!mounted) {
      putAnotherDirectoryThere();
    }

    startAndStop(disk);

    assertFalse(Files.exists(directory.resolve("here/x")));
    try (Stream<Path> left = Files.list(state.resolve("staging"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  /** What is not there may be there once the file system is mounted: that is no removal. */
  @Test
  void keepsARemovalOpenWhileTheRootIsNotThere() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "by the numbers of inodes");
    EngineOnDisk disk = EngineOnDisk.at(directory, "here").linux();
    Path state = directory.resolve("state-here");
    Values values = new Values(new SplittableRandom(1));
    Intent removal =
        new Intent(Optional.empty(), Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
    try (LinuxTree tree = LinuxTree.open(directory.resolve("here"), state);
        RocksJournal journal = RocksJournal.open(state.resolve("journal"))) {
      RootState root = RootState.fresh(values.identity(), "before", Initial.UNION, values.digest());
      journal.append(
          List.of(
              new JournalWrite.PutRoot(root.withRootIdentity(tree.identity())),
              new JournalWrite.PutIntent(TOP, removal)));
    }
    putAnotherDirectoryThere();

    startAndStop(disk);

    try (RocksJournal journal = RocksJournal.open(state.resolve("journal"))) {
      assertEquals(Set.of(TOP), journal.intents().keySet());
    }
  }

  /** It was never exchanged: no old content of anybody, though the state was on another disk. */
  @Test
  void settlesAnIntentWhoseFileWaitsWhereStagingWasBefore() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "only there it moves");
    assumeTrue(Files.isDirectory(OTHER_DISK), "no other disk here");
    EngineOnDisk disk = EngineOnDisk.at(directory, "here").linux();
    Path state = directory.resolve("state-here");
    Path before = directory.resolve("here/.replicator/staging");
    Path far = Files.createTempDirectory(OTHER_DISK, "replicator-recovery-");
    try (LinuxTree tree = LinuxTree.open(directory.resolve("here"), far);
        RocksJournal journal = RocksJournal.open(state.resolve("journal"))) {
      Intent waiting = stagedFile(tree, "waiting");
      journal.append(List.of(new JournalWrite.PutIntent(TOP, waiting)));
      assertTrue(Files.exists(before.resolve(waiting.stagedName())));
    } finally {
      Files.delete(far.resolve("staging"));
      Files.delete(far);
    }

    startAndStop(disk);

    for (Path staging : List.of(before, state.resolve("staging"))) {
      try (Stream<Path> left = Files.list(staging)) {
        assertEquals(List.of(), left.toList());
      }
    }
    try (Stream<Path> kept = Files.walk(state.resolve("vault"))) {
      assertEquals(
          List.of(), kept.filter(Files::isRegularFile).filter(RecoveryTest::isObject).toList());
    }
  }

  /** As where a file system is not mounted yet. */
  private void putAnotherDirectoryThere() throws IOException {
    Files.move(directory.resolve("here"), directory.resolve("elsewhere"));
    Files.createDirectory(directory.resolve("here"));
  }

  private static boolean isObject(Path file) {
    return file.getFileName().toString().length() > 2 * Digest.LENGTH_BYTES;
  }

  private static void startAndStop(EngineOnDisk disk) throws Exception {
    LocalMesh mesh = new LocalMesh();
    FileEngine engine =
        disk.open(EngineOnDisk.node(1), EngineOnDisk.node(2), mesh.link(EngineOnDisk.node(1)));
    engine.start();
    engine.report();
    engine.stop();
    mesh.close();
  }

  private static Target target(Tree tree, Entry entry) throws Exception {
    Attributes root = ((Tree.Look.Found) tree.look(RelativePath.ROOT)).attributes();
    int mode = entry.type() == EntryType.DIRECTORY ? 0755 : 0644;
    return new Target(
        entry, Instant.EPOCH, new Attributes(entry.type(), mode, root.owner(), root.group()));
  }

  private static Intent staged(Tree.Staged staged, Target target) {
    return new Intent(
        Optional.empty(), target, Knowledge.NONE, Optional.of(staged.stamp()), staged.name());
  }

  private static Intent stagedFile(Tree tree, String text) throws Exception {
    Entry.File file = new Entry.File(Digest.of(new byte[32]), text.length());
    Target target = target(tree, file);
    try (Tree.StagedFile staged = tree.stageFile()) {
      staged.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      var stamp = staged.seal(text.length(), target.mtime(), target.attributes());
      return staged(new Tree.Staged(staged.name(), stamp), target);
    }
  }
}
