/** Rules that hold for the whole source tree. */
@NullMarked
package dev.replicator;

import org.jspecify.annotations.NullMarked;
