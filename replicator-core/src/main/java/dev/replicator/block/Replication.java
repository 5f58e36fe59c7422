package dev.replicator.block;

/** What two connected nodes do with their data. */
public enum Replication implements Keyword {
  OFF("Off"),
  ESTABLISHED("Established"),
  STARTING_SOURCE("StartingSyncS"),
  STARTING_TARGET("StartingSyncT"),
  BITMAP_SOURCE("WFBitMapS"),
  BITMAP_TARGET("WFBitMapT"),
  SYNC_UUID("WFSyncUUID"),
  SYNC_SOURCE("SyncSource"),
  SYNC_TARGET("SyncTarget"),
  VERIFY_SOURCE("VerifyS"),
  VERIFY_TARGET("VerifyT"),
  PAUSED_SOURCE("PausedSyncS"),
  PAUSED_TARGET("PausedSyncT"),
  AHEAD("Ahead"),
  BEHIND("Behind");

  private final String text;

  Replication(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }

  boolean verifies() {
    return this == VERIFY_SOURCE || this == VERIFY_TARGET;
  }

  boolean paused() {
    return this == PAUSED_SOURCE || this == PAUSED_TARGET;
  }
}
