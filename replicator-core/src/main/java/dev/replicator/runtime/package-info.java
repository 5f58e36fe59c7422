/**
 * One mailbox and one thread for each root: runs what the kernel decides, reports what came of it.
 */
@NullMarked
package dev.replicator.runtime;

import org.jspecify.annotations.NullMarked;
