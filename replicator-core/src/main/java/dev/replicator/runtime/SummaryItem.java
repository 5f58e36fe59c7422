package dev.replicator.runtime;

import dev.replicator.model.Entry;
import dev.replicator.model.RelativePath;

/** What one path holds on this disk. */
public record SummaryItem(RelativePath path, Entry entry) {}
