package dev.replicator.runtime;

/** How a root came to its end. */
public sealed interface RootEnd {
  /** It was asked to. */
  record Stopped() implements RootEnd {}

  /**
   * Its journal could not be read or written, or a fault of ours showed: it may be opened again,
   * and then settles what was under way.
   */
  record Failed(String reason) implements RootEnd {}

  /**
   * Something that must always hold does not, or what was written may be lost: to go on could do
   * damage, so somebody has to look.
   */
  record Broken(String reason) implements RootEnd {}
}
