package dev.replicator.model;

/** A position in one journal. Number 0 stands before the first change. */
public record Sequence(JournalId journal, long number) {
  public Sequence {
    if (number < 0) {
      throw new IllegalArgumentException("sequence number " + number);
    }
  }
}
