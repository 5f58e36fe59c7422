package dev.replicator.model;

/**
 * An identity of this root that was given up, and how far it had come as far as this journal knows.
 *
 * @param counter of its last dot
 * @param nextNumber of its journal's next change
 * @param lost whether it is known that the journal had come further: what was found on the disk
 *     after it was adopted, and that peers remember more of it tells nothing new
 */
public record FormerLife(Identity identity, long counter, long nextNumber, boolean lost) {

  /** It is known that the journal had come further. */
  public FormerLife asLost() {
    return new FormerLife(identity, counter, nextNumber, true);
  }
}
