package dev.replicator.kernel;

/**
 * What the clocks say as a step begins.
 *
 * @param wallMillis milliseconds since the epoch, as users and file systems tell the time; jumps
 *     either way when somebody sets the clock
 * @param steadyMillis what really went by since some moment before the first step: never goes back,
 *     and tells how long something waits
 */
public record Now(long wallMillis, long steadyMillis) {}
