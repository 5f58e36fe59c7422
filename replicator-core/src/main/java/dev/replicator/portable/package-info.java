/** The tree and its watcher on {@code java.nio.file}: for every platform, with what Java can do. */
@NullMarked
package dev.replicator.portable;

import org.jspecify.annotations.NullMarked;
