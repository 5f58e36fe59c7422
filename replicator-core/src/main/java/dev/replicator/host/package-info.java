/** The machine: its time and its other programs. */
@NullMarked
package dev.replicator.host;

import org.jspecify.annotations.NullMarked;
