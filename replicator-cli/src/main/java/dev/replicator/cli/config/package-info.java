/** The administrator's configuration and the peers learned since: TOML in, typed records out. */
@NullMarked
package dev.replicator.cli.config;

import org.jspecify.annotations.NullMarked;
