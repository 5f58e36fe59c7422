package dev.replicator.runtime;

import dev.replicator.model.Dot;
import dev.replicator.model.Entry;

/**
 * One version of a path.
 *
 * @param writtenAtMillis by the writer's clock
 * @param availableHere whether its content is on this node
 * @param reason why it does not show, "" when it does
 */
public record VersionReport(
    Dot dot,
    long writtenAtMillis,
    Entry entry,
    boolean visible,
    boolean adopted,
    boolean availableHere,
    String reason) {}
