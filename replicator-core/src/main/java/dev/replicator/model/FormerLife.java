package dev.replicator.model;

/**
 * An identity of this root that was given up, and how far it had come as far as this journal knows.
 *
 * @param counter of its last dot
 * @param nextNumber of its journal's next change
 */
public record FormerLife(Identity identity, long counter, long nextNumber, End end) {
  /** What is known of the journal's end. */
  public enum End {
    /** It is where this journal says, for all that is known. */
    CLAIMED,

    /**
     * The power failed, and took what was not synced. That peers remember more of it tells nothing
     * new; that they know of a journal which came after it does.
     */
    CUT_OFF,

    /** A peer remembered more. */
    CONTRADICTED
  }

  public FormerLife withEnd(End now) {
    return new FormerLife(identity, counter, nextNumber, now);
  }
}
