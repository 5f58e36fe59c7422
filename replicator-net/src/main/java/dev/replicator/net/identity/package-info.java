/** Who a node is and whom it trusts: keys, pins and the TLS that follows from them. */
@NullMarked
package dev.replicator.net.identity;

import org.jspecify.annotations.NullMarked;
