package dev.replicator.block;

/** What DRBD knows of the data of one backing disk. */
public enum DiskState implements Keyword {
  DISKLESS("Diskless"),
  ATTACHING("Attaching"),
  DETACHING("Detaching"),
  FAILED("Failed"),
  NEGOTIATING("Negotiating"),
  INCONSISTENT("Inconsistent"),
  OUTDATED("Outdated"),
  UNKNOWN("DUnknown"),
  CONSISTENT("Consistent"),
  UP_TO_DATE("UpToDate");

  private final String text;

  DiskState(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
