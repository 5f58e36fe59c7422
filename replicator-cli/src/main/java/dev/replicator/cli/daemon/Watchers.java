package dev.replicator.cli.daemon;

import dev.replicator.linux.LinuxWatcher;
import dev.replicator.port.Clock;
import dev.replicator.port.Watcher;
import dev.replicator.portable.PortableWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Chooses the watcher of a root: that of Linux where this is Linux, else the portable one. {@code
 * -Dreplicator.watcher=portable} or {@code linux} asks for one of them.
 */
final class Watchers {
  private static final String CHOICE = "replicator.watcher";

  private Watchers() {}

  static Supplier<Watcher> of(Path root, Clock clock) throws IOException {
    String choice = System.getProperty(CHOICE, LinuxWatcher.isSupported() ? "linux" : "portable");
    return switch (choice) {
      case "linux" -> () -> new LinuxWatcher(root, clock);
      case "portable" -> () -> new PortableWatcher(root);
      default -> throw new IOException(CHOICE + " is linux or portable, not " + choice);
    };
  }
}
