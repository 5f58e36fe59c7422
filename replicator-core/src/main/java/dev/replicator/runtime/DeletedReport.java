package dev.replicator.runtime;

import java.util.List;

/**
 * What was deleted and is not there now, in the order of paths.
 *
 * @param complete false when there are more than were asked for
 */
public record DeletedReport(List<DeletedFile> files, boolean complete) {}
