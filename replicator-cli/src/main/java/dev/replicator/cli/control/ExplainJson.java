package dev.replicator.cli.control;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything known of one path.
 *
 * @param filter why it is not replicated, "" when it is
 * @param known whether anybody ever wrote it as far as this node knows
 * @param visible what every node shows once all changes have arrived
 * @param wanted what this disk should hold, with its metadata
 * @param disk what the disk said just now
 * @param pending why the disk does not show it yet
 * @param deletion why it is gone here and not deleted on peers, "" when that is not so
 * @param peers by name: whether it shows what this node shows
 */
@Json
public record ExplainJson(
    String root,
    String path,
    String filter,
    boolean known,
    String visible,
    List<String> versions,
    String wanted,
    String disk,
    Optional<String> pending,
    String deletion,
    Map<String, String> peers,
    @Json.Unmapped Map<String, Object> more) {
  public ExplainJson {
    pending = Nulls.absent(pending);
  }
}
