package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What is to be waited for.
 *
 * @param scope only what is at or below it
 * @param peersNeeded how many peers must have it; empty for all configured ones
 * @param timeout after which it completes with what was missing
 * @param durable whether it must be on stable storage, here and there, and not only be shown
 */
public record BarrierOrder(
    RelativePath scope, OptionalInt peersNeeded, Duration timeout, boolean durable) {}
