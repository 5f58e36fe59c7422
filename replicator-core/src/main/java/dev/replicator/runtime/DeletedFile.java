package dev.replicator.runtime;

import dev.replicator.model.Dot;
import dev.replicator.model.RelativePath;

/**
 * A file that is gone, and the last version of it that was kept here.
 *
 * @param leftMillis when that left this node's disk, since the epoch
 * @param availableHere whether its content is on this node
 * @param last whether the deletion took it; else something took its place, and of what was deleted
 *     in the end nothing was kept here
 */
public record DeletedFile(
    RelativePath path,
    long leftMillis,
    Dot version,
    long bytes,
    boolean availableHere,
    boolean last) {}
