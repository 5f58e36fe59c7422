package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody writes on to a file that is no longer under its name. */
final class LateWriterTest {
  private static final RelativePath PATH = RelativePath.of("f");

  @TempDir private Path directory;
  private Optional<LinuxTree> opened = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "only Linux tells who writes");
    Path root = Files.createDirectory(directory.resolve("root"));
    Files.writeString(file(), "old");
    opened = Optional.of(LinuxTree.open(root, directory.resolve("state")));
  }

  @AfterEach
  void close() {
    opened.ifPresent(LinuxTree::close);
  }

  private Path file() {
    return directory.resolve("root").resolve("f");
  }

  private LinuxTree tree() {
    return opened.orElseThrow();
  }

  private Intent removal() throws Exception {
    Tree.Look.Found found = assertInstanceOf(Tree.Look.Found.class, tree().look(PATH));
    Entry entry = new Entry.File(Digest.of(new byte[32]), found.stamp().size());
    Target actual =
        new Target(entry, Inspector.instant(found.stamp().mtimeNanos()), found.attributes());
    Materialised expected =
        new Materialised(found.stamp(), actual, found.attributes(), Knowledge.NONE);
    return new Intent(Optional.of(expected), Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
  }

  @Test
  void makesWhatComesUntilHisCloseALocalWrite() throws Exception {
    try (FileChannel writer = FileChannel.open(file(), StandardOpenOption.APPEND)) {
      Intent intent = removal();
      Tree.Exchanged removed = tree().exchange(PATH, intent);
      LateWriter late = LateWriter.of(tree(), intent, removed).orElseThrow();
      writer.write(ByteBuffer.wrap(new byte[] {'!'}));
      writer.close();

      var overtaken = assertInstanceOf(Tree.Exchanged.Overtaken.class, late.await());

      assertEquals(4, overtaken.displacedLook().stamp().size());
      assertEquals(Target.ABSENT, overtaken.actual());
    }
  }

  @Test
  void changesNothingWhenHeWroteNothing() throws Exception {
    try (FileChannel writer = FileChannel.open(file(), StandardOpenOption.APPEND)) {
      Intent intent = removal();
      Tree.Exchanged removed = tree().exchange(PATH, intent);
      LateWriter late = LateWriter.of(tree(), intent, removed).orElseThrow();
      writer.close();

      assertSame(removed, late.await());
    }
  }

  @Test
  void isNobodyWhoOnlyReads() throws Exception {
    try (FileChannel reader = FileChannel.open(file(), StandardOpenOption.READ)) {
      Intent intent = removal();
      Tree.Exchanged removed = tree().exchange(PATH, intent);

      assertEquals(Optional.empty(), LateWriter.of(tree(), intent, removed));
      assertEquals(3, reader.size());
    }
  }
}
