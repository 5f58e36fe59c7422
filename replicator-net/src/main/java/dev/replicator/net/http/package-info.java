/** The address of the daemon for people and scripts: HTTP on a Unix socket, TCP where asked. */
@NullMarked
package dev.replicator.net.http;

import org.jspecify.annotations.NullMarked;
