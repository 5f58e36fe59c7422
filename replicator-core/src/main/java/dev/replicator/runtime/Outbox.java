package dev.replicator.runtime;

import dev.replicator.model.Change;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends messages; what is at hand of contents travels with the change that needs it. */
final class Outbox {
  private static final long QUEUED_BYTES_MAX = 2L * 1024 * 1024;

  private final PeerLink link;
  private static final int AHEAD_MAX = 64;

  private final ContentCache cache;

  /** To whom content goes with its change, and what went ahead to them; some of it only. */
  private final Map<NodeId, Set<Digest>> pushed = new ConcurrentHashMap<>();

  Outbox(PeerLink link, ContentCache cache) {
    this.link = link;
    this.cache = cache;
  }

  void send(NodeId peer, Message message, boolean push) {
    if (push && message instanceof Message.Changes run && !run.changes().isEmpty()) {
      pushed.computeIfAbsent(peer, _ -> ConcurrentHashMap.newKeySet());
      link.send(
          peer,
          new Message.Changes(
              run.journal(),
              run.after(),
              run.through(),
              run.changes(),
              contents(peer, run),
              run.endMark()));
    } else {
      link.send(peer, message);
    }
  }

  /**
   * Sends the content of a change before it is journaled, to those who get such changes at once.
   * The change itself leaves when its append returned. Thread-safe.
   */
  void sendAhead(Digest file) {
    Optional<Message.InlineContent> content = cache.findWhole(file);
    if (content.isEmpty()) {
      return;
    }
    pushed.forEach((peer, ahead) -> {
      if (ahead.size() >= AHEAD_MAX) {
        ahead.clear();
      }
      if (link.queuedBytes(peer, Message.Lane.CONTROL) == 0 && ahead.add(file)) {
        link.send(peer, new Message.Ahead(content.get()));
      }
    });
  }

  /** What is new of a large file goes with its change. */
  void offer(Message.ContentDelta delta) {
    cache.put(delta);
  }

  /** A content that peers are likely to have: those who lack it ask. */
  void keepBack(Digest file) {
    cache.remove(file);
  }

  /** Whether there is anybody to send to. */
  boolean hasListeners() {
    return !pushed.isEmpty();
  }

  void disconnected(NodeId peer) {
    pushed.remove(peer);
  }

  private boolean wentAhead(NodeId peer, Digest file) {
    Set<Digest> ahead = pushed.get(peer);
    return ahead != null && ahead.contains(file);
  }

  /** A peer that is behind asks for what it lacks: pushing would only fill queues. */
  private List<Message.Content> contents(NodeId peer, Message.Changes run) {
    if (link.queuedBytes(peer, Message.Lane.CONTROL) > QUEUED_BYTES_MAX) {
      return List.of();
    }
    Map<Digest, Message.Content> contents = new LinkedHashMap<>();
    long bytes = 0;
    for (Change change : run.changes()) {
      if (change.record().visibleEntry() instanceof Entry.File file
          && !contents.containsKey(file.digest())
          && !wentAhead(peer, file.digest())) {
        Optional<Message.Content> content = cache.find(file.digest());
        if (content.isPresent()
            && bytes + ContentCache.weight(content.get()) <= Limits.BATCH_BYTES_MAX) {
          bytes += ContentCache.weight(content.get());
          contents.put(file.digest(), content.get());
        }
      }
    }
    return new ArrayList<>(contents.values());
  }
}
