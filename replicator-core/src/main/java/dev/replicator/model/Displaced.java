package dev.replicator.model;

/**
 * A file that an exchange took from its path while somebody had it open for writing. What he has
 * written when he closes it is a local write over {@code was}.
 *
 * @param name under which it waits in the staging directory
 * @param was what was known of it when it left
 */
public record Displaced(String name, RelativePath path, Materialised was) {}
