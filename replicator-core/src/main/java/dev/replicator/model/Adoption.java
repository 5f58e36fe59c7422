package dev.replicator.model;

/**
 * What the first scan after a birth may believe of what it finds.
 *
 * @param beforeMillis what has no later ctime is adopted, milliseconds since the epoch
 * @param whole whether the index has lost nothing that it ever knew: what is not as it says was
 *     changed by somebody
 */
public record Adoption(long beforeMillis, boolean whole) {}
