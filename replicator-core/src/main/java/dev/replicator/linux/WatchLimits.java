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
  private static final long INSTANCES_ADVISED_MIN = 512;
  private static final long QUEUED_EVENTS_ADVISED_MIN = 262_144;

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

  /**
   * @param limit instances of one user
   */
  static String noInstance(long limit) {
    return "no inotify instance is left: fs.inotify.max_user_instances is "
        + limit
        + ", or this process has too many files open; "
        + advice("fs.inotify.max_user_instances", Math.max(2 * limit, INSTANCES_ADVISED_MIN));
  }

  /**
   * @param limit watches of one user
   * @param directories that the root has at least
   */
  static String noWatch(long limit, long directories) {
    long advised = WATCHES_ADVISED_MIN;
    while (advised < 2 * directories) {
      advised *= 2;
    }
    return "fs.inotify.max_user_watches is "
        + limit
        + ", this root has at least "
        + directories
        + " directories: "
        + advice("fs.inotify.max_user_watches", advised);
  }

  /**
   * @param limit events that wait for one reader
   */
  static String overflowed(long limit) {
    return "more events came than fs.inotify.max_queued_events ("
        + limit
        + ") lets wait; where that happens often, "
        + advice("fs.inotify.max_queued_events", Math.max(2 * limit, QUEUED_EVENTS_ADVISED_MIN));
  }

  private static String advice(String setting, long value) {
    return "set " + setting + " = " + value + " in /etc/sysctl.d and run sysctl --system";
  }
}
