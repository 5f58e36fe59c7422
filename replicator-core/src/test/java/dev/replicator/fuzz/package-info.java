/** Drives the fuzzer: coverage-guided runs in processes of their own, counted over all runs. */
@NullMarked
package dev.replicator.fuzz;

import org.jspecify.annotations.NullMarked;
