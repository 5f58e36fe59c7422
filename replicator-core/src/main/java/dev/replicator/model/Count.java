package dev.replicator.model;

/** How many there are of something, in words for people. */
public final class Count {
  private Count() {}

  /** "1 path", "2 paths": for words to which the plural adds an s. */
  public static String of(long count, String one) {
    return of(count, one, one + "s");
  }

  /** The same where more than the end of the word changes, as a verb behind it. */
  public static String of(long count, String one, String many) {
    return count + " " + (count == 1 ? one : many);
  }
}
