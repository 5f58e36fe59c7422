/** What the daemon tells and takes over HTTP: JSON records, routes and the client's side. */
@NullMarked
package dev.replicator.cli.control;

import org.jspecify.annotations.NullMarked;
