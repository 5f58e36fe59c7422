/**
 * The deterministic simulator: disk, watcher, network and clock of a whole cluster in one thread.
 */
@NullMarked
package dev.replicator.simulation;

import org.jspecify.annotations.NullMarked;
