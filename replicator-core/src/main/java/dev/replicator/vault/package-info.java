/** Content that left its path, by digest. */
@NullMarked
package dev.replicator.vault;

import org.jspecify.annotations.NullMarked;
