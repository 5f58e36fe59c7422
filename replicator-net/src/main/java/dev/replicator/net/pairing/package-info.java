/** How two nodes come to trust each other: invitations and the exchange that uses them up. */
@NullMarked
package dev.replicator.net.pairing;

import org.jspecify.annotations.NullMarked;
