package dev.replicator.linux;

import dev.replicator.port.TreeUser;
import dev.replicator.port.Watcher;
import dev.replicator.port.WatcherContract;
import dev.replicator.portable.NioUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract of both watchers on each file system that people have. */
@ParameterizedClass(name = "{0}, {1}")
@CsvSource({
  "ext4, INOTIFY",
  "ext4, FANOTIFY",
  "xfs, INOTIFY",
  "xfs, FANOTIFY",
  "btrfs, INOTIFY",
  "btrfs, FANOTIFY",
  "tmpfs, INOTIFY",
  "tmpfs, FANOTIFY"
})
final class FileSystemWatcherProof extends WatcherContract {
  private static Optional<OwnDisk> disk = Optional.empty();

  private final Path root;
  private final Watcher watcher;

  FileSystemWatcherProof(String type, WatchKind kind) throws IOException {
    root = Files.createDirectory(disk.orElseThrow().directory().resolve("root"));
    watcher = kind.over(root);
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

  @AfterEach
  void closeWatcher() {
    watcher.close();
  }

  @Override
  protected Watcher watcher() {
    return watcher;
  }

  @Override
  protected TreeUser user() {
    return new NioUser(root);
  }
}
