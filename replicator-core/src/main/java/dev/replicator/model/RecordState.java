package dev.replicator.model;

import java.util.Optional;

/**
 * A record as the journal keeps it.
 *
 * @param number its place in the journal's order of changes
 * @param sender the peer that sent exactly this record: it is not sent back there
 * @param group names the directory that arrived as a whole with this change, 0 for none
 * @param doubt what a write superseded that has to give it back if the journal is an old one
 */
public record RecordState(
    Record record, long number, Optional<NodeId> sender, long group, Optional<Doubt> doubt) {}
