package dev.replicator.cli.control;

import dev.replicator.block.ArbiterReports;
import io.avaje.jsonb.Json;

/**
 * The arbiter of one resource, as this node's daemon knows it.
 *
 * @param reachable whether it answered the last question
 * @param text what it answered, or why it did not
 */
@Json
public record ArbiterJson(String resource, String arbiter, boolean reachable, String text) {
  static ArbiterJson of(ArbiterReports.Report report) {
    return new ArbiterJson(report.resource(), report.arbiter(), report.reachable(), report.text());
  }

  /** The same for people. */
  public String line() {
    return arbiter + (reachable ? ": " : " is not reachable: ") + text;
  }
}
