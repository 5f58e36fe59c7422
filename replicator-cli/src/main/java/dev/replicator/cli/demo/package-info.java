/** Two real nodes on one machine, for looking at. */
@NullMarked
package dev.replicator.cli.demo;

import org.jspecify.annotations.NullMarked;
