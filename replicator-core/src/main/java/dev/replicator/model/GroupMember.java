package dev.replicator.model;

/** One path of a directory that is put as a whole, and what was staged for it. */
public record GroupMember(RelativePath path, Intent intent) {}
