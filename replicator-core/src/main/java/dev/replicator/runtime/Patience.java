package dev.replicator.runtime;

import java.util.Optional;

/**
 * With a peer that was asked for content, and let a while pass without an answer: it may be slow,
 * or limit what it sends, and have to answer other questions first. It is waited for as long as it
 * does, but not while it answers all others.
 *
 * @param asked how many answers it had given to anything when it was asked
 * @param seen how many when it was looked at last
 */
record Patience(long asked, long seen) {
  /** Many times what may be asked of a peer at once: a fair one has come to ours by then. */
  static final long ANSWERS_TO_OTHERS_MAX = 1_024;

  static Patience from(long given) {
    return new Patience(given, given);
  }

  /** What is left after a while in which the answer did not come; empty when it is over. */
  Optional<Patience> after(long given) {
    boolean silent = given == seen;
    boolean passedOver = given - asked > ANSWERS_TO_OTHERS_MAX;
    return silent || passedOver ? Optional.empty() : Optional.of(new Patience(asked, given));
  }
}
