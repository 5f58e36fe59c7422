/** Measures replicator beside the programs that do its work today, in one run on one disk. */
@NullMarked
package dev.replicator.bench.compare;

import org.jspecify.annotations.NullMarked;
