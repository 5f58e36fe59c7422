/** Measures running nodes from outside: lag, and the trees that it is measured on. */
@NullMarked
package dev.replicator.bench;

import org.jspecify.annotations.NullMarked;
