package dev.replicator.block;

/** How a run ended. */
public sealed interface Ending {
  String text();

  record Reached(String text) implements Ending {}

  record NeedsPerson(String text) implements Ending {}

  record TimedOut(Waiting waiting, String state) implements Ending {
    @Override
    public String text() {
      return "waited in vain for " + waiting.text() + "; now: " + state;
    }
  }

  /** A tool refused, hung or lied. */
  record Failed(String text) implements Ending {}
}
