/** Which paths of a root are replicated: ordered include and exclude rules, and presets of them. */
@NullMarked
package dev.replicator.filter;

import org.jspecify.annotations.NullMarked;
