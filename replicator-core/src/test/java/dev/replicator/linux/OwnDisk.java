package dev.replicator.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** A small file system that nobody else uses, mounted for a test. */
final class OwnDisk implements AutoCloseable {
  private final Path place;
  private final Path image;
  private final Path root;

  private OwnDisk(Path place) {
    this.place = place;
    this.image = place.resolve("image");
    this.root = place.resolve("disk");
  }

  /** Has the test skipped, with the reason, where this cannot be. */
  static OwnDisk of(String type) throws IOException, InterruptedException {
    OwnDisk disk = new OwnDisk(Files.createTempDirectory("replicator-disk-"));
    Files.createDirectory(disk.root);
    boolean allowed = Mounts.mount("tmpfs", disk.image, disk.root);
    if (allowed && !type.equals("tmpfs")) {
      Mounts.unmount(disk.root);
    }
    boolean mounted =
        allowed && (type.equals("tmpfs") || Mounts.mount(type, disk.image, disk.root));
    if (!mounted) {
      disk.remove();
    }
    assumeTrue(allowed, "mounting needs root");
    assumeTrue(mounted, "this machine makes no " + type);
    return disk;
  }

  Path root() {
    return root;
  }

  /** A new directory on it. */
  Path directory() throws IOException {
    return Files.createTempDirectory(root, "test-");
  }

  /** Takes away what the file system did not write yet, and mounts it again. */
  void cutPower() throws IOException, InterruptedException {
    Path written = place.resolve("written");
    Files.copy(image, written);
    if (!Mounts.unmount(root)) {
      throw new IOException("cannot unmount " + root);
    }
    Files.move(written, image, StandardCopyOption.REPLACE_EXISTING);
    if (!Mounts.mountImage(image, root)) {
      throw new IOException("cannot mount what was written of " + root);
    }
  }

  private void remove() throws IOException {
    // An overlay's image is a directory of its layers.
    try (Stream<Path> all = Files.walk(place)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** Fails where something is still open on it. */
  @Override
  public void close() throws IOException {
    try {
      if (!Mounts.unmount(root)) {
        throw new IOException("cannot unmount " + root);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
    remove();
  }
}
