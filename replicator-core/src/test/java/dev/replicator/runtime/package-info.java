/** Roots on real disks and journals, with peers in the same process. */
@NullMarked
package dev.replicator.runtime;

import org.jspecify.annotations.NullMarked;
