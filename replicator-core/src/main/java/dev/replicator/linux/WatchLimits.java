package dev.replicator.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system allows of inotify, and how an administrator allows more. */
final class WatchLimits {
  private static final Path SETTINGS = Path.of("/proc/sys/fs/inotify");
  private static final Path OF_NAMESPACE = Path.of("/proc/sys/user/max_inotify_watches");
  private static final long WATCHES_ADVISED_MIN = 1_048_576;

  private WatchLimits() {}

  /** Watches of one user, all processes together; 0 when it cannot be told. */
  static long watches() {
    long system = setting("max_user_watches");
    // A user namespace, as that of a container, may have a limit of its own.
    long namespace = read(OF_NAMESPACE);
    return namespace == 0 ? system : Math.min(system, namespace);
  }

  static long instances() {
    return setting("max_user_instances");
  }

  static long queuedEvents() {
    return setting("max_queued_events");
  }

  private static long setting(String name) {
    return read(SETTINGS.resolve(name));
  }

  private static long read(Path setting) {
    // In one read of enough bytes: the kernel gives only the first piece of a setting.
    try (BufferedReader file = Files.newBufferedReader(setting)) {
      return Long.parseLong(String.valueOf(file.readLine()).trim());
    } catch (IOException | NumberFormatException unknown) {
      return 0;
    }
  }

  static String noInstance() {
    long limit = instances();
    return "no inotify instance is left: fs.inotify.max_user_instances is "
        + limit
        + ", or this process has too many files open; set fs.inotify.max_user_instances = "
        + Math.max(2 * limit, 512)
        + " in /etc/sysctl.d and run sysctl --system";
  }

  /**
   * @param directories that the root has at least
   */
  static String noWatch(long directories) {
    long advised = WATCHES_ADVISED_MIN;
    while (advised < 2 * directories) {
      advised *= 2;
    }
    return "fs.inotify.max_user_watches is "
        + watches()
        + ", this root has at least "
        + directories
        + " directories: set fs.inotify.max_user_watches = "
        + advised
        + " in /etc/sysctl.d and run sysctl --system";
  }

  static String overflowed() {
    return "more events came than fs.inotify.max_queued_events (" + queuedEvents() + ") lets wait";
  }
}
