package dev.replicator.runtime;

import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.Record;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything known of one path.
 *
 * @param filter why it is not replicated, "" when it is
 * @param deletion why it is gone here and not deleted on peers, in words; "" when that is not so
 * @param wanted what the disk should hold, with its metadata, in words
 * @param disk what a look at the disk said just now, in words
 * @param peers by peer: whether it shows what this node shows, in words
 */
public record Explanation(
    String filter,
    Optional<Record> record,
    Optional<Materialised> materialised,
    Optional<Pending> pending,
    String deletion,
    String wanted,
    String disk,
    SortedMap<NodeId, String> peers) {
  /** What {@code disk} says where nothing is. */
  public static final String ABSENT = "absent";
}
