package dev.replicator.filter;

/** What is to be done with a path. */
public sealed interface Verdict {
  Verdict REPLICATE = new Replicate();

  record Replicate() implements Verdict {}

  /** Each node has its own, or none. */
  record Local(Rule rule) implements Verdict {}

  /** As {@link Local}, and the user has to know. */
  record Refuse(Rule rule, String reason) implements Verdict {}
}
