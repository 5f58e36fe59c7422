/** The daemon: puts configuration, roots, network and control together and ends them in order. */
@NullMarked
package dev.replicator.cli.daemon;

import org.jspecify.annotations.NullMarked;
