/** The edges of the engine: what it asks of a disk, a watcher, a network and a machine. */
@NullMarked
package dev.replicator.port;

import org.jspecify.annotations.NullMarked;
