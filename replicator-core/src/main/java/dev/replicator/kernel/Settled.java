package dev.replicator.kernel;

import dev.replicator.model.Intent;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;

/** How an apply that was under way at a crash really ended. */
public sealed interface Settled {
  RelativePath path();

  Intent intent();

  /** What was staged stands under its name. */
  record Applied(RelativePath path, Intent intent, Stamp stamp, Target actual) implements Settled {}

  /**
   * What was staged stands under its name, and what it displaced was not what was expected: a local
   * write that waits in staging, or is in the vault by now.
   */
  record Overtaken(
      RelativePath path, Intent intent, Stamp stamp, Target actual, Observation.Found displaced)
      implements Settled {}

  /** What was staged stands under its name; somebody writes on to what it displaced. */
  record StillWritten(
      RelativePath path, Intent intent, Stamp stamp, Target actual, String displaced)
      implements Settled {}

  /**
   * What was staged stands under its name; what it displaced is too large to be read now. {@link
   * Event.Exchanged} follows, as of an exchange that goes on.
   */
  record Underway(RelativePath path, Intent intent) implements Settled {}

  /** The path is as it was before. */
  record NotApplied(RelativePath path, Intent intent) implements Settled {}

  /** Neither: somebody else wrote. */
  record Unclear(RelativePath path, Intent intent) implements Settled {}
}
