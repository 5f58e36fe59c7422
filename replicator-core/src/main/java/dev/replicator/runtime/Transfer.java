package dev.replicator.runtime;

import dev.replicator.content.AssemblyPlan;
import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.PeerLink;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks peers for content: chunk lists and chunks, under a window for each peer. The asking methods
 * block and are called from virtual threads; answers come from network threads.
 */
final class Transfer {
  private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);
  private static final long ANSWER_SECONDS_MAX = 20;
  private static final int CHUNKS_OUTSTANDING_MAX = 64;

  private final PeerLink link;
  private final AtomicLong lastRequest = new AtomicLong();
  private final Map<Long, Request> requests = new ConcurrentHashMap<>();
  private final Map<NodeId, Semaphore> windows = new ConcurrentHashMap<>();
  private final Map<NodeId, AtomicLong> answersGiven = new ConcurrentHashMap<>();

  /**
   * A question, and the answers that came so far; there is room for those that it asks for.
   *
   * @param given answers to anything that its peer has given
   */
  private record Request(NodeId peer, BlockingQueue<Message> answers, AtomicLong given) {
    /** More than was asked for is of no use, whatever it is. */
    void take(Message answer) {
      if (!answers.offer(answer)) {
        LOG.debug("peer {} gives more answers than it was asked for", peer);
      }
    }
  }

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
      waiting.take(answer);
    }
  }

  /** Fails everything asked of a peer that left. */
  void disconnected(NodeId peer) {
    requests.forEach((number, request) -> {
      if (request.peer().equals(peer)) {
        request.take(new Message.ContentUnavailable(number));
      }
    });
  }

  /** More than a file of that size has: none but a last chunk, or one before a hole, is smaller. */
  private static long chunksMax(long size) {
    return 2 * (size / Limits.CHUNK_BYTES_MIN + 1);
  }

  /** The verified chunk list of {@code file}. */
  ChunkList manifest(NodeId peer, RelativePath path, Entry.File file)
      throws FetchException, InterruptedException {
    List<Chunk> chunks = new ArrayList<>();
    int total;
    do {
      long number = lastRequest.incrementAndGet();
      Request request = begin(number, peer, 1);
      try {
        ask(peer, new Message.ManifestWanted(number, path, file.digest(), chunks.size()));
        if (!(next(request) instanceof Message.Manifest part) || part.from() != chunks.size()) {
          throw new FetchException("peer " + peer + " does not hold it");
        }
        total = part.total();
        if (total > chunksMax(file.size())) {
          throw new FetchException("peer " + peer + " has more chunks than a file of that size");
        }
        chunks.addAll(part.chunks());
        if (part.chunks().isEmpty() && chunks.size() < total) {
          throw new FetchException("peer " + peer + " sent an empty part of a chunk list");
        }
      } finally {
        requests.remove(number);
      }
    } while (chunks.size() < total);
    ChunkList list = new ChunkList(chunks);
    if (!Digests.of(list).equals(file.digest())) {
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
    ArrayDeque<Batch> asked = new ArrayDeque<>();
    try {
      for (int from = 0; from < missing.size(); from += Limits.CHUNK_REQUESTS_MAX) {
        int to = Math.min(from + Limits.CHUNK_REQUESTS_MAX, missing.size());
        List<AssemblyPlan.MissingChunk> wanted = missing.subList(from, to);
        // These are on their way while the ones before come in, as far as the window lets them.
        while (!asked.isEmpty() && !window.tryAcquire(wanted.size())) {
          takeFirst(asked, window, sink);
        }
        if (asked.isEmpty()) {
          window.acquire(wanted.size());
        }
        asked.add(begin(peer, wanted));
        ask(asked.getLast(), path, file);
      }
      while (!asked.isEmpty()) {
        takeFirst(asked, window, sink);
      }
    } finally {
      for (Batch batch : asked) {
        end(batch, window);
      }
    }
  }

  /** Chunks that were asked for together. */
  private record Batch(
      long number, Request request, Map<Integer, AssemblyPlan.MissingChunk> open, int size) {}

  private Batch begin(NodeId peer, List<AssemblyPlan.MissingChunk> wanted) {
    Map<Integer, AssemblyPlan.MissingChunk> open = new TreeMap<>();
    wanted.forEach(chunk -> open.put(chunk.index(), chunk));
    long number = lastRequest.incrementAndGet();
    return new Batch(number, begin(number, peer, wanted.size()), open, wanted.size());
  }

  private void ask(Batch batch, RelativePath path, Digest file) throws FetchException {
    List<Integer> indexes = List.copyOf(batch.open.keySet());
    ask(batch.request.peer(), new Message.ChunksWanted(batch.number, path, file, indexes));
  }

  /** After the request was begun: a session that ends from then on fails it. */
  private void ask(NodeId peer, Message question) throws FetchException {
    if (!link.ask(peer, question)) {
      throw new FetchException("peer " + peer + " is not connected");
    }
  }

  private void end(Batch batch, Semaphore window) {
    requests.remove(batch.number);
    window.release(batch.size);
  }

  private void takeFirst(ArrayDeque<Batch> asked, Semaphore window, ChunkSink sink)
      throws FetchException, IOException, InterruptedException {
    take(asked.getFirst(), sink);
    end(asked.removeFirst(), window);
  }

  private void take(Batch batch, ChunkSink sink)
      throws FetchException, IOException, InterruptedException {
    NodeId peer = batch.request.peer();
    while (!batch.open.isEmpty()) {
      if (!(next(batch.request) instanceof Message.ChunkData data)) {
        throw new FetchException("peer " + peer + " does not hold it any more");
      }
      AssemblyPlan.MissingChunk wanted = batch.open.remove(data.index());
      byte[] bytes = data.data().sharedArray();
      if (wanted == null || !Digests.of(bytes).equals(wanted.chunk().digest())) {
        throw new FetchException("peer " + peer + " sent a chunk that was not asked for");
      }
      sink.accept(wanted, bytes);
    }
  }

  private Request begin(long number, NodeId peer, int answers) {
    // One more for the end of its session.
    Request request = new Request(peer, new ArrayBlockingQueue<>(answers + 1), given(peer));
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
