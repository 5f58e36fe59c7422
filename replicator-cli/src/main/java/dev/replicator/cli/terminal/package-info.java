/** How things look to the person at the terminal. */
@NullMarked
package dev.replicator.cli.terminal;

import org.jspecify.annotations.NullMarked;
