/** What a file's content is made of, and how one content is made from another. */
@NullMarked
package dev.replicator.content;

import org.jspecify.annotations.NullMarked;
