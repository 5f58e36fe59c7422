package dev.replicator.net.session;

/**
 * One frame, out of its envelope.
 *
 * @param root of a message: the place of its root in what the sender has named; otherwise 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(FrameType type, int root, byte[] body) {}
