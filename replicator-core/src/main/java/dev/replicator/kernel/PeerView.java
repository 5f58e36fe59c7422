package dev.replicator.kernel;

import java.util.OptionalLong;

/**
 * One peer, for reports.
 *
 * @param lagMillis age of the oldest write of ours that it does not show; empty while it told
 *     nothing since this start, or was never met
 * @param merged whether both told each other everything, once
 * @param toldAll whether it told everything it has in this session, which is merged here
 * @param comparing whether everything is compared with it, for its journal or ours may be an old
 *     one
 * @param paused whether somebody paused the root there, as far as it told
 */
public record PeerView(
    boolean connected,
    OptionalLong lagMillis,
    long behind,
    long pending,
    boolean merged,
    boolean toldAll,
    boolean rulesDiffer,
    boolean comparing,
    boolean paused) {}
