/** Proofs that a journal on disk keeps its contract and survives what happens to disks. */
@NullMarked
package dev.replicator.journal;

import org.jspecify.annotations.NullMarked;
