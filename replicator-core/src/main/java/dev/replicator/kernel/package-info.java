/** The whole protocol of one root as one deterministic object. */
@NullMarked
package dev.replicator.kernel;

import org.jspecify.annotations.NullMarked;
