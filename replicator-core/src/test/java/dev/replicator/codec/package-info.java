/** Proofs that the codec is total, bounded and gives back what it was given. */
@NullMarked
package dev.replicator.codec;

import org.jspecify.annotations.NullMarked;
