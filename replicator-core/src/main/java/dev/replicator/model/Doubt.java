package dev.replicator.model;

/**
 * What writes of a replica replaced and left standing: found on the disk while nobody could tell
 * whether the journal is an old one.
 *
 * @param replaced what goes once that is known to be none
 */
public record Doubt(ReplicaId writer, Knowledge replaced) {}
