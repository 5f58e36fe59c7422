package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** An administrator reads a setting, its value and what to do, and need not compute anything. */
class WatchAdviceTest {
  @Test
  void watchesAreEnoughForTwiceTheDirectories() {
    assertEquals(
        "fs.inotify.max_user_watches is 8192, this root has at least 600000 directories: set"
            + " fs.inotify.max_user_watches = 2097152 in /etc/sysctl.d and run sysctl --system",
        WatchLimits.noWatch(8_192, 600_000));
  }

  @Test
  void instancesAreDoubled() {
    assertEquals(
        "no inotify instance is left: fs.inotify.max_user_instances is 600, or this process has"
            + " too many files open; set fs.inotify.max_user_instances = 1200 in /etc/sysctl.d and"
            + " run sysctl --system",
        WatchLimits.noInstance(600));
  }

  @Test
  void queueIsLengthened() {
    assertEquals(
        "more events came than fs.inotify.max_queued_events (16384) lets wait; where that happens"
            + " often, set fs.inotify.max_queued_events = 262144 in /etc/sysctl.d and run sysctl"
            + " --system",
        WatchLimits.overflowed(16_384));
  }
}
