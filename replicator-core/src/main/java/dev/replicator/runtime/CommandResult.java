package dev.replicator.runtime;

/** How a command ended. */
public sealed interface CommandResult {
  record Done(String text) implements CommandResult {}

  /** Nothing was changed; says why. */
  record Refused(String reason) implements CommandResult {}
}
