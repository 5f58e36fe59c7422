package dev.replicator.runtime;

import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.PeerLink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends messages; what is at hand of contents travels with the change that needs it. */
final class Outbox {
  private static final long QUEUED_BYTES_MAX = 2L * 1024 * 1024;

  /** Bulk that waits already: as much as keeps the way full, and not what somebody waits behind. */
  private static final long BULK_BYTES_MAX = 256L * 1024;

  private final PeerLink link;
  private static final int SENT_MAX = 64;

  private final ContentCache cache;

  /** To whom content goes with its change or ahead of it, and what went; the last of it only. */
  private final Map<NodeId, Sent> pushed = new ConcurrentHashMap<>();

  /** Contents that a peer was sent: each goes once, whoever of two threads comes first. */
  private static final class Sent {
    private final Set<Digest> contents = new HashSet<>();

    boolean add(Digest file) {
      if (contents.size() >= SENT_MAX) {
        contents.clear();
      }
      return contents.add(file);
    }

    boolean has(Digest file) {
      return contents.contains(file);
    }
  }

  Outbox(PeerLink link, ContentCache cache) {
    this.link = link;
    this.cache = cache;
  }

  void send(NodeId peer, Message message, boolean push) {
    if (push && message instanceof Message.Changes run) {
      Sent sent = pushed.computeIfAbsent(peer, _ -> new Sent());
      synchronized (sent) {
        link.send(
            peer,
            new Message.Changes(
                run.journal(),
                run.after(),
                run.through(),
                run.changes(),
                contents(peer, run, sent),
                run.endMark()));
      }
    } else {
      link.send(peer, message);
    }
  }

  /**
   * Sends the content of a change before it is journaled, to those who get such changes at once.
   * The change itself leaves when its append returned; once it has left, with its content, there is
   * nothing to send. Thread-safe.
   */
  void sendAhead(Digest file) {
    Optional<Message.InlineContent> content = cache.findWhole(file);
    if (content.isEmpty()) {
      return;
    }
    pushed.forEach((peer, sent) -> {
      synchronized (sent) {
        if (link.queuedBytes(peer, Message.Lane.CONTROL) == 0 && sent.add(file)) {
          link.send(peer, new Message.Ahead(content.get()));
        }
      }
    });
  }

  /**
   * Sends a chunk of a file that is still read to those of the same to whom content can go at once.
   * Thread-safe.
   */
  void sendAhead(long reading, RelativePath path, long offset, byte[] bytes, int length) {
    List<NodeId> free =
        pushed.keySet().stream()
            .filter(peer -> link.queuedBytes(peer, Message.Lane.BULK) < BULK_BYTES_MAX)
            .toList();
    if (!free.isEmpty()) {
      Bytes data = Bytes.of(Arrays.copyOf(bytes, length));
      Message ahead = new Message.ChunkAhead(reading, path, offset, data);
      free.forEach(peer -> link.send(peer, ahead));
    }
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

  /** A peer that is behind asks for what it lacks: pushing would only fill queues. */
  private List<Message.Content> contents(NodeId peer, Message.Changes run, Sent sent) {
    if (link.queuedBytes(peer, Message.Lane.CONTROL) > QUEUED_BYTES_MAX) {
      return List.of();
    }
    Map<Digest, Message.Content> contents = new LinkedHashMap<>();
    long bytes = 0;
    for (Change change : run.changes()) {
      if (change.record().visibleEntry() instanceof Entry.File file
          && !contents.containsKey(file.digest())
          && !sent.has(file.digest())) {
        Optional<Message.Content> content = cache.find(file.digest());
        if (content.isPresent()
            && bytes + ContentCache.weight(content.get()) <= Limits.BATCH_BYTES_MAX) {
          bytes += ContentCache.weight(content.get());
          contents.put(file.digest(), content.get());
          sent.add(file.digest());
        }
      }
    }
    return new ArrayList<>(contents.values());
  }
}
