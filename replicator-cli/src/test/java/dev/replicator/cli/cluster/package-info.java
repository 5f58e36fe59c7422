/** Real daemons as processes on loopback, driven as their administrator and users drive them. */
@NullMarked
package dev.replicator.cli.cluster;

import org.jspecify.annotations.NullMarked;
