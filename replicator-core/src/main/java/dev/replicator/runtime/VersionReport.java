package dev.replicator.runtime;

import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.NodeId;
import java.util.Optional;

/**
 * One version of a path.
 *
 * @param writer whose write it is, where that is known now
 * @param writtenAtMillis by the writer's clock
 * @param availableHere whether its content is on this node
 * @param reason why it does not show, "" when it does
 */
public record VersionReport(
    Dot dot,
    Optional<NodeId> writer,
    long writtenAtMillis,
    Entry entry,
    boolean visible,
    boolean adopted,
    boolean availableHere,
    String reason) {}
