/**
 * The DRBD and OCFS2 mode: what is observed is assessed, and a plan is made of it, in pure code; a
 * runner executes one step, looks again and plans anew.
 */
@NullMarked
package dev.replicator.block;

import org.jspecify.annotations.NullMarked;
