/**
 * The tree, the watcher and the service notification of Linux by system calls on raw names and held
 * descriptors: the only native code.
 */
@NullMarked
package dev.replicator.linux;

import org.jspecify.annotations.NullMarked;
