package dev.replicator.model;

/** The pair that is born together: a new replica id always comes with a new journal id. */
public record Identity(ReplicaId replica, JournalId journal) {}
