package dev.replicator.model;

import java.util.List;
import java.util.Optional;

/**
 * A record as the journal keeps it.
 *
 * @param number its place in the journal's order of changes
 * @param sender the peer that sent exactly this record: it is not sent back there
 * @param group names the directory that arrived as a whole with this change, 0 for none
 * @param doubts what writes are to supersede unless the journal was an old one when they came: one
 *     of each writer, in the order of their lives
 */
public record RecordState(
    Record record, long number, Optional<NodeId> sender, long group, List<Doubt> doubts) {
  public RecordState {
    doubts = List.copyOf(doubts);
    if (doubts.size() > Limits.DOUBTS_MAX) {
      throw new IllegalArgumentException(doubts.size() + " doubts of one path");
    }
  }
}
