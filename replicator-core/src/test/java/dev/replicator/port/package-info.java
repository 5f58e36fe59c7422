/** Contracts of the ports: one suite each, run against the real thing and the fake. */
@NullMarked
package dev.replicator.port;

import org.jspecify.annotations.NullMarked;
