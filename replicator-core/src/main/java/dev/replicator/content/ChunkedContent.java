package dev.replicator.content;

import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;

/** What reading a file whole has told: the entry that names its content, and its chunks. */
public record ChunkedContent(Entry.File file, ChunkList chunks) {}
