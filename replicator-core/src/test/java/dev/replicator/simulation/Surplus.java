package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Versions that went to the history because their path had as many in conflict as are kept: no
 * record tells of them any more, and whoever took them out has their content.
 */
final class Surplus {
  private final TreeMap<RelativePath, Map<Digest, TreeSet<Integer>>> wentAt = new TreeMap<>();

  private final SimulatedCluster cluster;

  Surplus(SimulatedCluster cluster) {
    this.cluster = cluster;
    cluster.witness((node, what) -> {
      if (what instanceof Effect.Append append) {
        append
            .writes()
            .forEach(write -> {
              if (write instanceof JournalWrite.PutHistory(HistoryItem item)
                  && isFull(append, item)) {
                went(node, item);
              }
            });
      }
    });
  }

  private static boolean isFull(Effect.Append append, HistoryItem item) {
    return item.reason() == HistoryItem.Reason.LOST_CONFLICT
        && append.writes().stream()
            .anyMatch(write ->
                write instanceof JournalWrite.PutRecord record
                    && record.path().equals(item.path())
                    && record.state().record().contents().size() >= Limits.SIBLINGS_KEPT_MAX);
  }

  private void went(SimulatedNode node, HistoryItem item) {
    if (item.version().entry() instanceof Entry.File file) {
      wentAt
          .computeIfAbsent(item.path(), path -> new HashMap<>())
          .computeIfAbsent(file.digest(), version -> new TreeSet<>())
          .add(node.number);
    }
  }

  /** Whether {@code text} of {@code path} is in the vault of a node that let it go. */
  boolean has(RelativePath path, String text) {
    Digest digest = Thing.digest(text);
    return wentAt.getOrDefault(path, Map.of()).getOrDefault(digest, new TreeSet<>()).stream()
        .anyMatch(number -> cluster.node(number).disk.isKept(digest));
  }
}
