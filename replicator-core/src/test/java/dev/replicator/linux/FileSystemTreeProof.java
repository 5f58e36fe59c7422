package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.port.Tree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of a tree on each file system that people have. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs"})
final class FileSystemTreeProof extends LinuxTreeContract {
  private static Optional<OwnDisk> disk = Optional.empty();

  private final String type;

  FileSystemTreeProof(String type) {
    this.type = type;
  }

  @BeforeParameterizedClassInvocation
  static void mount(String type) throws Exception {
    disk = Optional.of(OwnDisk.of(type));
  }

  @AfterParameterizedClassInvocation
  static void unmount() throws IOException {
    if (disk.isPresent()) {
      disk.get().close();
      disk = Optional.empty();
    }
  }

  @BeforeEach
  void open() throws Exception {
    openAt(disk.orElseThrow().directory());
  }

  @Test
  void saysWhatThisFileSystemCannot() throws IOException {
    boolean attributes = keepsAttributes(disk.orElseThrow().root());

    var all = new Tree.Capabilities(true, true, true, attributes, true);
    assertEquals(all, tree().capabilities(), type);
  }

  private static boolean keepsAttributes(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "attributes", "");
    try {
      Files.setAttribute(file, "user:one", ByteBuffer.wrap(new byte[] {1}));
      return true;
    } catch (IOException none) {
      return false;
    }
  }
}
