/** How commands and the daemon end. */
@NullMarked
package dev.replicator.cli.exit;

import org.jspecify.annotations.NullMarked;
