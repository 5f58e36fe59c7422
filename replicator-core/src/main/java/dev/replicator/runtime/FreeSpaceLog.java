package dev.replicator.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the log say when what peers wrote waits for room on the disk, and when it goes on. */
final class FreeSpaceLog implements FreeSpace.Telling {
  private static final Logger LOG = LoggerFactory.getLogger(FreeSpaceLog.class);

  private final String root;

  FreeSpaceLog(String root) {
    this.root = root;
  }

  @Override
  public void paused(String figures) {
    LOG.warn(
        "root {}: the disk is full, what peers wrote waits: {}; it goes on once there is room",
        root,
        figures);
  }

  @Override
  public void goesOn(String figures) {
    LOG.info("root {}: there is room on the disk again, what waited is put: {}", root, figures);
  }
}
