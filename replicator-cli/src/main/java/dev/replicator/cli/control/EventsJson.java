package dev.replicator.cli.control;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * Some of what happened, in its order.
 *
 * @param started which run of the daemon tells it: numbers are of one run
 * @param next after which number to ask for more
 * @param more whether there is more at once
 */
@Json
public record EventsJson(long started, long next, boolean more, List<EventJson> events) {}
