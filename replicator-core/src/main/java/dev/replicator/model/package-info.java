/** What a node knows: the pure values of the replication model and the laws of merging them. */
@NullMarked
package dev.replicator.model;

import org.jspecify.annotations.NullMarked;
