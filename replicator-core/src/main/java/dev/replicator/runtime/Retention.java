package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.RelativePath;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties the vault of what is old, or more than its share of the disk. Conflicts stay. */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final long FIRST_MILLIS = 60_000;
  private static final long PAUSE_MILLIS = 3_600_000;
  private static final int DISK_PARTS = 10;
  private static final int PAGE = 1_024;

  private final EngineParts parts;
  private final RootLoop loop;

  Retention(EngineParts parts, RootLoop loop) {
    this.parts = parts;
    this.loop = loop;
  }

  void schedule() {
    loop.later(FIRST_MILLIS, this::begin);
  }

  private void begin() {
    Set<Digest> exempt = new HashSet<>();
    loop.replica().conflicts().forEach(path -> addHidden(path, exempt));
    loop.replica().adoptedLosers().forEach(path -> addHidden(path, exempt));
    dropHistory();
    loop.effects().aside(() -> sweep(exempt));
    loop.later(PAUSE_MILLIS, this::begin);
  }

  private void addHidden(RelativePath path, Set<Digest> exempt) {
    parts
        .journal()
        .record(path)
        .ifPresent(stored -> {
          for (Element<Entry> element : stored.record().contents().elements()) {
            if (element.value() instanceof Entry.File file) {
              exempt.add(file.digest());
            }
          }
        });
  }

  private void dropHistory() {
    long before = parts.clock().wallMillis() - parts.retention().toMillis();
    List<JournalWrite> writes = new ArrayList<>();
    for (HistoryItem item : parts.journal().historyBefore(before, PAGE)) {
      writes.add(new JournalWrite.DropHistory(item));
    }
    if (!writes.isEmpty()) {
      parts.journal().append(writes);
    }
  }

  private void sweep(Set<Digest> exempt) {
    try {
      Vault.Swept swept =
          parts
              .vault()
              .sweep(
                  Instant.ofEpochMilli(parts.clock().wallMillis()),
                  parts.tree().totalBytes() / DISK_PARTS,
                  exempt::contains,
                  parts.retention());
      if (swept.removed() > 0) {
        LOG.info(
            "root {}: vault let go of {} versions, {} bytes are left",
            parts.name(),
            swept.removed(),
            swept.usedBytes());
      }
    } catch (IOException failure) {
      LOG.warn("root {}: cannot sweep the vault: {}", parts.name(), failure.toString());
    }
  }
}
