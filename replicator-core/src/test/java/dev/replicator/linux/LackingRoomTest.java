package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Look;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Extended attributes on a disk without room for them. */
final class LackingRoomTest {
  private static final RelativePath DIRECTORY = RelativePath.of("d");
  private static final int INSIDE_NO_INODE_BYTES = 400;
  private static final int INSIDE_NO_BLOCK_BYTES = 20_000;

  private Optional<OwnDisk> disk = Optional.empty();
  private Optional<LinuxTree> tree = Optional.empty();
  private Path root = Path.of("");

  @BeforeEach
  void mount() throws Exception {
    OwnDisk mounted = OwnDisk.of("ext4");
    disk = Optional.of(mounted);
    root = mounted.directory();
    Files.createDirectory(root.resolve("d"));
    tree = Optional.of(LinuxTree.open(root, mounted.directory()));
  }

  @AfterEach
  void unmount() throws IOException {
    tree.ifPresent(LinuxTree::close);
    if (disk.isPresent()) {
      disk.get().close();
    }
  }

  private LinuxTree tree() {
    return tree.orElseThrow();
  }

  private Look.Found found() throws Exception {
    return assertInstanceOf(Look.Found.class, tree().look(DIRECTORY));
  }

  private void fill() throws IOException {
    byte[] bytes = new byte[4_096];
    try (OutputStream out = Files.newOutputStream(disk.orElseThrow().root().resolve("filler"))) {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException full) {
      assertEquals("No space left on device", full.getMessage());
    }
  }

  private Exchanged put(int bytes) throws Exception {
    Look.Found was = found();
    Target there = new Target(Entry.DIRECTORY, Instant.EPOCH, was.attributes());
    Materialised expected = new Materialised(was.stamp(), there, was.attributes(), Knowledge.NONE);
    Principal other = new Principal("", 34_567);
    SortedMap<String, Bytes> extended = new TreeMap<>();
    extended.put("user.x", Bytes.copyOf(new byte[bytes]));
    Attributes asked = new Attributes(EntryType.DIRECTORY, 0700, other, other, extended);
    Target target = new Target(Entry.DIRECTORY, Instant.EPOCH, asked);
    Intent intent = new Intent(Optional.of(expected), target, Knowledge.NONE, Optional.empty(), "");
    return tree().exchange(DIRECTORY, intent);
  }

  @Test
  void onAFullDiskTheyWaitAndNothingChanges() throws Exception {
    Attributes before = found().attributes();
    fill();

    var failed = assertInstanceOf(Exchanged.Failed.class, put(INSIDE_NO_INODE_BYTES));

    assertEquals(Problem.Kind.DISK_FULL, failed.problem().kind());
    assertEquals(before, found().attributes());

    Files.delete(disk.orElseThrow().root().resolve("filler"));
    assertInstanceOf(Exchanged.Done.class, put(INSIDE_NO_INODE_BYTES));
    assertEquals(0700, found().attributes().mode());
    assertEquals(1, found().attributes().extended().size());
  }

  /** Nothing would come of waiting. */
  @Test
  void whatAFileSystemNeverKeepsIsLeftOut() throws Exception {
    assertInstanceOf(Exchanged.Done.class, put(INSIDE_NO_BLOCK_BYTES));

    assertEquals(0700, found().attributes().mode());
    assertEquals(34_567, found().stamp().uid());
    assertEquals(0, found().attributes().extended().size());
  }
}
