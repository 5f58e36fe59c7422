package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import dev.replicator.port.TreeUnderTest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every descriptor is closed, whatever happened. */
final class DescriptorLeakTest extends LinuxTreeFixture {
  private static final RelativePath FILE = RelativePath.of("f");
  private static final RelativePath LINK = RelativePath.of("l");
  private static final RelativePath DIRECTORY = RelativePath.of("d");

  private static long descriptors() throws IOException {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private void work() throws Exception {
    assertInstanceOf(
        Exchanged.Done.class, tree().exchange(FILE, fileIntent(Optional.empty(), "one")));
    tree().exchange(FILE, fileIntent(Optional.empty(), "not expected"));
    assertInstanceOf(
        Exchanged.Done.class,
        tree().exchange(FILE, fileIntent(Optional.of(materialised("f")), "two")));
    touch();
    user().hardLink(FILE, RelativePath.of("other"));
    touch();
    try (SeekableByteChannel channel = tree().read(FILE, found("f").stamp())) {
      TreeUnderTest.read(channel);
    }
    tree().exchange(LINK, stagedIntent(Optional.empty(), linkTarget("nowhere")));
    tree().exchange(DIRECTORY, bareIntent(Optional.empty(), directoryTarget(0755)));
    tree().list(RelativePath.ROOT);
    tree().settle(FILE, fileIntent(Optional.of(materialised("f")), "three"));
    fail();
    for (String name : List.of("f", "other", "l", "d")) {
      tree().exchange(RelativePath.of(name), removal(materialised(name)));
    }
    for (String name : tree().staged()) {
      tree().discard(name);
    }
    tree().sync(List.of());
    tree().identity();
    reopen();
  }

  private void touch() throws Exception {
    Materialised expected = materialised("f");
    Target target = new Target(expected.entry(), MTIME, attributes(EntryType.FILE, 0600));
    assertInstanceOf(
        Exchanged.Done.class, tree().exchange(FILE, bareIntent(Optional.of(expected), target)));
  }

  private void fail() throws Exception {
    assertThrows(TreeException.class, () -> tree().list(LINK));
    assertThrows(TreeException.class, () -> tree().read(LINK, found("f").stamp()));
    assertThrows(TreeException.class, () -> tree().read(FILE, found("l").stamp()));
    assertThrows(TreeException.class, () -> tree().stage(linkTarget("x".repeat(5_000))));
    Intent below = fileIntent(Optional.empty(), "x");
    assertInstanceOf(Exchanged.Failed.class, tree().exchange(RelativePath.of("l/f"), below));
    try (StagedFile unsealed = tree().stageFile()) {
      unsealed.channel().size();
    }
    Path missing = outside().resolve("missing");
    assertThrows(TreeException.class, () -> LinuxTree.open(missing, base().resolve("state")));
    Files.createSymbolicLink(root().resolve(".replicator"), outside());
    assertThrows(TreeException.class, () -> LinuxTree.open(root(), base().resolve("state")));
    Files.delete(root().resolve(".replicator"));
  }

  @Test
  void keepsNoDescriptorOfAnything() throws Exception {
    work();
    long before = descriptors();

    for (int round = 0; round < 20; round++) {
      work();
    }

    assertEquals(before, descriptors());
  }
}
