package dev.replicator.block;

/** What comes next. */
public sealed interface Decision {
  record Act(Step step) implements Decision {}

  record Await(Waiting what) implements Decision {}

  /** The goal is reached. */
  record Done(String text) implements Decision {}

  /** A person has to decide, or to put something right; says what. */
  record AskPerson(String question) implements Decision {}
}
