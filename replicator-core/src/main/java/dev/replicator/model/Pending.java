package dev.replicator.model;

/**
 * Why the visible state of a path is not yet on this disk.
 *
 * @param sinceMillis when it became pending, milliseconds since the epoch
 * @param nextTryMillis not tried again before
 * @param tries failed so far
 */
public record Pending(Problem problem, long sinceMillis, long nextTryMillis, int tries) {}
