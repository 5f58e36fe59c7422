package dev.replicator.block;

/** Which DRBD: their configuration, metadata and tools differ. */
public enum Generation {
  EIGHT("8.4"),
  /** Rendered and dry-run only. */
  NINE("9");

  private final String text;

  Generation(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
