package dev.replicator.model;

/**
 * An identity of this root that was given up, and how far it had come as far as this journal knows.
 *
 * @param counter of its last dot
 * @param nextNumber of its journal's next change
 */
public record FormerLife(Identity identity, long counter, long nextNumber) {}
