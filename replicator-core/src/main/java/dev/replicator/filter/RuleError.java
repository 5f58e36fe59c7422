package dev.replicator.filter;

/** Why a rule cannot be used. */
public record RuleError(String origin, int position, String pattern, String reason) {
  @Override
  public String toString() {
    return origin + ":" + position + ": " + pattern + ": " + reason;
  }
}
