/** The durable memory of a root, kept by RocksDB. */
@NullMarked
package dev.replicator.journal;

import org.jspecify.annotations.NullMarked;
