package dev.replicator.runtime;

import dev.replicator.content.AssemblyPlan;
import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.PeerLink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks peers for content: chunk lists and chunks, under a window for each peer. The asking methods
 * block and are called from virtual threads; answers come from network threads.
 */
final class Transfer {
  private static final long ANSWER_SECONDS_MAX = 20;
  private static final int CHUNKS_OUTSTANDING_MAX = 64;

  private final PeerLink link;
  private final AtomicLong lastRequest = new AtomicLong();
  private final Map<Long, Request> requests = new ConcurrentHashMap<>();
  private final Map<NodeId, Semaphore> windows = new ConcurrentHashMap<>();
  private final Map<NodeId, AtomicLong> answersGiven = new ConcurrentHashMap<>();

  /**
   * A question, and the answers that came so far.
   *
   * @param given answers to anything that its peer has given
   */
  private record Request(NodeId peer, BlockingQueue<Message> answers, AtomicLong given) {}

  /** Takes a chunk whose digest was verified. */
  interface ChunkSink {
    void accept(AssemblyPlan.MissingChunk chunk, byte[] data) throws IOException;
  }

  Transfer(PeerLink link) {
    this.link = link;
  }

  /** Takes an answer. From network threads. */
  void answered(NodeId peer, long request, Message answer) {
    given(peer).incrementAndGet();
    Request waiting = requests.get(request);
    if (waiting != null && waiting.peer().equals(peer)) {
      waiting.answers().add(answer);
    }
  }

  /** Fails everything asked of a peer that left. */
  void disconnected(NodeId peer) {
    requests.forEach((number, request) -> {
      if (request.peer().equals(peer)) {
        request.answers().add(new Message.ContentUnavailable(number));
      }
    });
  }

  /** The verified chunk list of {@code file}. */
  ChunkList manifest(NodeId peer, RelativePath path, Digest file)
      throws FetchException, InterruptedException {
    List<Chunk> chunks = new ArrayList<>();
    int total;
    do {
      long number = lastRequest.incrementAndGet();
      Request request = begin(number, peer);
      try {
        link.send(peer, new Message.ManifestWanted(number, path, file, chunks.size()));
        if (!(next(request) instanceof Message.Manifest part) || part.from() != chunks.size()) {
          throw new FetchException("peer " + peer + " does not hold it");
        }
        total = part.total();
        chunks.addAll(part.chunks());
        if (part.chunks().isEmpty() && chunks.size() < total) {
          throw new FetchException("peer " + peer + " sent an empty part of a chunk list");
        }
      } finally {
        requests.remove(number);
      }
    } while (chunks.size() < total);
    ChunkList list = new ChunkList(chunks);
    if (!Digests.of(list).equals(file)) {
      throw new FetchException("peer " + peer + " sent a chunk list of another file");
    }
    return list;
  }

  /**
   * Fetches {@code missing} from one peer; what was accepted before a failure need not be again.
   */
  void chunks(
      NodeId peer,
      RelativePath path,
      Digest file,
      List<AssemblyPlan.MissingChunk> missing,
      ChunkSink sink)
      throws FetchException, IOException, InterruptedException {
    Semaphore window =
        windows.computeIfAbsent(peer, ignored -> new Semaphore(CHUNKS_OUTSTANDING_MAX));
    for (int from = 0; from < missing.size(); from += Limits.CHUNK_REQUESTS_MAX) {
      int to = Math.min(from + Limits.CHUNK_REQUESTS_MAX, missing.size());
      List<AssemblyPlan.MissingChunk> batch = missing.subList(from, to);
      window.acquire(batch.size());
      try {
        batch(peer, path, file, batch, sink);
      } finally {
        window.release(batch.size());
      }
    }
  }

  private void batch(
      NodeId peer,
      RelativePath path,
      Digest file,
      List<AssemblyPlan.MissingChunk> batch,
      ChunkSink sink)
      throws FetchException, IOException, InterruptedException {
    Map<Integer, AssemblyPlan.MissingChunk> open = new HashMap<>();
    batch.forEach(chunk -> open.put(chunk.index(), chunk));
    long number = lastRequest.incrementAndGet();
    Request request = begin(number, peer);
    try {
      List<Integer> indexes = batch.stream().map(AssemblyPlan.MissingChunk::index).toList();
      link.send(peer, new Message.ChunksWanted(number, path, file, indexes));
      while (!open.isEmpty()) {
        if (!(next(request) instanceof Message.ChunkData data)) {
          throw new FetchException("peer " + peer + " does not hold it any more");
        }
        AssemblyPlan.MissingChunk wanted = open.remove(data.index());
        byte[] bytes = data.data().toArray();
        if (wanted == null || !Digests.of(bytes).equals(wanted.chunk().digest())) {
          throw new FetchException("peer " + peer + " sent a chunk that was not asked for");
        }
        sink.accept(wanted, bytes);
      }
    } finally {
      requests.remove(number);
    }
  }

  private Request begin(long number, NodeId peer) {
    Request request = new Request(peer, new LinkedBlockingQueue<>(), given(peer));
    requests.put(number, request);
    return request;
  }

  private AtomicLong given(NodeId peer) {
    return answersGiven.computeIfAbsent(peer, _ -> new AtomicLong());
  }

  private static Message next(Request request) throws FetchException, InterruptedException {
    Patience patience = Patience.from(request.given().get());
    while (true) {
      Message answer = request.answers().poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
      if (answer != null) {
        return answer;
      }
      Optional<Patience> left = patience.after(request.given().get());
      if (left.isEmpty()) {
        throw new FetchException("peer " + request.peer() + " does not answer");
      }
      patience = left.get();
    }
  }
}
