package dev.replicator.model;

/**
 * What the arbiter of a pair answers.
 *
 * @param number of the last grant to either of the pair, 0 before the first
 * @param text for people
 */
public record FenceAnswer(Verdict verdict, long number, String text) {
  /** The answer in one word; anything but a grant keeps input and output frozen. */
  public enum Verdict {
    NOT_ABLE,
    GRANTED,
    REFUSED,
    NOTED
  }

  /** Nothing was decided. */
  public static FenceAnswer notAble(String text) {
    return new FenceAnswer(Verdict.NOT_ABLE, 0, text);
  }
}
