package dev.replicator.cli.control;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/**
 * One line about a running {@code wait}, the last one with {@code ended}.
 *
 * @param outcome "" while it runs; done, timed_out, peer_offline, not_live or no_peers
 * @param reason why not; of what is done, what may surprise: that nothing of that name is known
 * @param unread some of the paths that nobody could read, as while somebody writes to them without
 *     a pause: they are not covered
 */
@Json
public record WaitJson(
    boolean ended,
    String root,
    String outcome,
    String reason,
    Map<String, Peer> peers,
    List<String> unread) {
  /**
   * One peer's part.
   *
   * @param paused whether somebody paused the root there, as far as it told
   * @param shown it shows everything; with {@code --durable} it is done when that is on its stable
   *     storage, too
   */
  @Json
  public record Peer(
      boolean done, long millis, boolean connected, long pending, boolean paused, boolean shown) {}
}
