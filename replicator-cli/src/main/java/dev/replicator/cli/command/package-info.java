/** The commands of {@code replicator}: options in, text or JSON and an exit code out. */
@NullMarked
package dev.replicator.cli.command;

import org.jspecify.annotations.NullMarked;
