package dev.replicator.cli.control;

import io.avaje.jsonb.Json;

/**
 * A peer as {@code peer list --json} prints it.
 *
 * @param address "" when it dials us
 * @param where the file that names it
 */
@Json
public record PeerJson(String name, String address, String key, String where) {}
