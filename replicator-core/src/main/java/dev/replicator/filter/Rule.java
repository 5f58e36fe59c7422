package dev.replicator.filter;

/**
 * One rule as it was written.
 *
 * @param origin where: the name of a preset or of a key of the configuration
 * @param position its line, or its place in the list, from 1
 * @param reason why, for the user; empty when none was given
 */
public record Rule(String origin, int position, Action action, String pattern, String reason) {
  @Override
  public String toString() {
    return action.word() + " " + pattern + " (" + origin + ":" + position + ")";
  }
}
