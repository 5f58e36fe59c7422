package dev.replicator.kernel;

import java.util.OptionalLong;

/**
 * One peer, for reports.
 *
 * @param lagMillis age of the oldest write of ours that it does not show; empty while it told
 *     nothing since this start
 */
public record PeerView(
    boolean connected,
    OptionalLong lagMillis,
    long behind,
    long pending,
    boolean merged,
    boolean rulesDiffer) {}
