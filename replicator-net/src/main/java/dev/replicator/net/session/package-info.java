/** Connections between nodes: frames, lanes, keep-alive, and which of two connections stays. */
@NullMarked
package dev.replicator.net.session;

import org.jspecify.annotations.NullMarked;
