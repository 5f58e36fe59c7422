package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Versions that went to the history because their path had as many in conflict as are kept: no
 * record tells of them any more. Whoever took them out has their content, or he had not fetched it
 * yet; then a node has it whose history tells that it left there.
 */
final class Surplus {
  private final TreeMap<RelativePath, Map<Digest, TreeSet<Integer>>> told = new TreeMap<>();
  private final TreeMap<RelativePath, Set<Digest>> went = new TreeMap<>();

  private final SimulatedCluster cluster;

  Surplus(SimulatedCluster cluster) {
    this.cluster = cluster;
    cluster.witness((node, what) -> {
      if (what instanceof Effect.Append append) {
        append
            .writes()
            .forEach(write -> {
              if (write instanceof JournalWrite.PutHistory(HistoryItem item)
                  && item.version().entry() instanceof Entry.File file) {
                tells(node, item.path(), file.digest());
                if (isFull(append, item)) {
                  went.computeIfAbsent(item.path(), path -> new HashSet<>()).add(file.digest());
                }
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

  private void tells(SimulatedNode node, RelativePath path, Digest version) {
    told.computeIfAbsent(path, key -> new HashMap<>())
        .computeIfAbsent(version, key -> new TreeSet<>())
        .add(node.number);
  }

  /** Whether {@code text} of {@code path} went, and is in a vault beside a history that tells. */
  boolean has(RelativePath path, String text) {
    Digest digest = Thing.digest(text);
    return went.getOrDefault(path, Set.of()).contains(digest)
        && told.getOrDefault(path, Map.of()).getOrDefault(digest, new TreeSet<>()).stream()
            .anyMatch(number -> cluster.node(number).disk.isKept(digest));
  }
}
