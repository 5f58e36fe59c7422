/** Model values as bytes and back: bounded, total, the only reader of the generated classes. */
@NullMarked
package dev.replicator.codec;

import org.jspecify.annotations.NullMarked;
