/** The entry point of the program. */
@NullMarked
package dev.replicator.cli;

import org.jspecify.annotations.NullMarked;
