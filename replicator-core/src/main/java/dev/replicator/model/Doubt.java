package dev.replicator.model;

/**
 * What a record was before the first write of a replica that may turn out to be none of its time:
 * found on the disk while nobody could tell whether the journal is an old one.
 *
 * @param writer of the write
 */
public record Doubt(ReplicaId writer, Record before) {}
