package dev.replicator.vault;

import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Target;
import java.time.Instant;

/** Versions that left their paths. */
final class Versions {
  private static final Principal OWNER = new Principal("", 0);

  private Versions() {}

  static HistoryItem left(String path, long leftMillis, Digest content) {
    Entry file = new Entry.File(content, 4);
    return new HistoryItem(
        RelativePath.of(path),
        leftMillis,
        0,
        new Dot(new ReplicaId(1), Math.max(1, Math.abs(leftMillis))),
        new Target(file, Instant.EPOCH, new Attributes(file.type(), 0644, OWNER, OWNER)),
        HistoryItem.Reason.REPLACED);
  }
}
