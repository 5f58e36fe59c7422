package dev.replicator.runtime;

import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Event;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.port.PeerLink;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what peers ask about content, as fast as they take it. */
final class ContentServer {
  private static final Logger LOG = LoggerFactory.getLogger(ContentServer.class);
  private static final int REQUESTS_MAX = 1_024;

  private final PeerLink link;
  private final LocalContent content;
  private final Executor threads;
  private final Consumer<Event> root;
  private final Map<NodeId, Semaphore> open = new ConcurrentHashMap<>();

  ContentServer(PeerLink link, LocalContent content, Executor threads, Consumer<Event> root) {
    this.link = link;
    this.content = content;
    this.threads = threads;
    this.root = root;
  }

  void manifestWanted(NodeId peer, Message.ManifestWanted wanted) {
    serve(peer, wanted.request(), () -> manifest(peer, wanted));
  }

  void chunksWanted(NodeId peer, Message.ChunksWanted wanted) {
    serve(peer, wanted.request(), () -> chunks(peer, wanted));
  }

  /** Every question is answered, whatever happens: the peer waits for it. */
  private void serve(NodeId peer, long request, Runnable answer) {
    Semaphore places = open.computeIfAbsent(peer, ignored -> new Semaphore(REQUESTS_MAX));
    if (!places.tryAcquire()) {
      link.disconnect(peer, "asks for too much content at once");
      return;
    }
    threads.execute(() -> {
      try {
        answer.run();
      } catch (RuntimeException broken) {
        LOG.error("cannot answer peer {}", peer, broken);
        link.send(peer, new Message.ContentUnavailable(request));
      } finally {
        places.release();
      }
    });
  }

  private void manifest(NodeId peer, Message.ManifestWanted wanted) {
    Optional<ChunkList> list = content.chunks(wanted.file());
    if (list.isEmpty() || wanted.from() > list.get().chunks().size()) {
      link.send(peer, new Message.ContentUnavailable(wanted.request()));
      return;
    }
    List<Chunk> all = list.get().chunks();
    int to = Math.min(wanted.from() + Limits.MANIFEST_CHUNKS_MAX, all.size());
    link.send(
        peer,
        new Message.Manifest(
            wanted.request(), all.size(), wanted.from(), all.subList(wanted.from(), to)));
  }

  private void chunks(NodeId peer, Message.ChunksWanted wanted) {
    try {
      Optional<ChunkList> list = content.chunks(wanted.file());
      Optional<SeekableByteChannel> opened = list.isEmpty() ? Optional.empty() : open(wanted);
      boolean sent = false;
      if (opened.isPresent()) {
        try (SeekableByteChannel channel = opened.get()) {
          sent = sendChunks(peer, wanted, list.orElseThrow(), channel);
        }
      }
      if (!sent) {
        lookAgain(wanted);
        link.send(peer, new Message.ContentUnavailable(wanted.request()));
      }
    } catch (IOException failure) {
      LOG.warn(
          "cannot read content of {} for peer {}: {}", wanted.path(), peer, failure.toString());
      link.send(peer, new Message.ContentUnavailable(wanted.request()));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<SeekableByteChannel> open(Message.ChunksWanted wanted) throws IOException {
    Optional<SeekableByteChannel> whole = content.open(wanted.path(), wanted.file());
    return whole.isPresent() ? whole : content.openContinued(wanted.path());
  }

  /**
   * What the index says to be here cannot be read as what it was. No event tells of some changes of
   * a file, such as that another name of it went elsewhere, so the peer would ask for ever.
   */
  private void lookAgain(Message.ChunksWanted wanted) {
    if (content.isSaidToBeAt(wanted.path(), wanted.file())) {
      root.accept(new Event.Suspected(wanted.path(), Cause.SCAN, false));
    }
  }

  /** Whether all were there. */
  private boolean sendChunks(
      NodeId peer, Message.ChunksWanted wanted, ChunkList list, SeekableByteChannel channel)
      throws IOException, InterruptedException {
    long[] offsets = offsets(list);
    for (int index : wanted.indexes()) {
      boolean known =
          index >= 0 && index < offsets.length && list.chunks().get(index) instanceof Chunk.Data;
      Optional<byte[]> bytes =
          known
              ? LocalContent.read(channel, offsets[index], (Chunk.Data) list.chunks().get(index))
              : Optional.empty();
      if (bytes.isEmpty()) {
        return false;
      }
      link.sendInTurn(peer, new Message.ChunkData(wanted.request(), index, Bytes.of(bytes.get())));
    }
    return true;
  }

  private static long[] offsets(ChunkList list) {
    long[] offsets = new long[list.chunks().size()];
    long offset = 0;
    for (int index = 0; index < offsets.length; index++) {
      offsets[index] = offset;
      offset += list.chunks().get(index).length();
    }
    return offsets;
  }
}
