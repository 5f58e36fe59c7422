package dev.replicator.block;

/** What a node may do with the device. */
public enum Role implements Keyword {
  PRIMARY("Primary"),
  SECONDARY("Secondary"),
  UNKNOWN("Unknown");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  @Override
  public String text() {
    return text;
  }
}
