package dev.replicator.cli.control;

import io.avaje.jsonb.Json;

/**
 * The answer to a command that changes something.
 *
 * @param done false when it was refused and nothing was changed
 */
@Json
public record MessageJson(boolean done, String text) {}
