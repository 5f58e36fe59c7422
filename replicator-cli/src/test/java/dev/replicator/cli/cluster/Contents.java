package dev.replicator.cli.cluster;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a hostile peer answers when it is asked for content; nothing of it has to be true. */
final class Contents {
  private final Map<Digest, Offer> offers = new ConcurrentHashMap<>();

  private record Offer(ChunkList list, Bytes data) {}

  /** Content as the engine reads it from a disk. */
  static ChunkedContent chunked(byte[] octets) {
    Chunker chunker = new Chunker();
    chunker.push(octets, 0, octets.length);
    return chunker.finish().orElseThrow();
  }

  static ChunkedContent chunked(String text) {
    return chunked(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A true one: who asks gets what the entry names. */
  Entry.File hold(String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    ChunkedContent content = chunked(octets);
    lie(content.file().digest(), content.chunks(), octets);
    return content.file();
  }

  /** Whoever asks for {@code file} gets this. */
  void lie(Digest file, ChunkList list, byte[] octets) {
    offers.put(file, new Offer(list, Bytes.copyOf(octets)));
  }

  Message answer(Message.ManifestWanted asked) {
    Offer offer = offers.get(asked.file());
    if (offer == null) {
      return new Message.ContentUnavailable(asked.request());
    }
    List<Chunk> chunks = offer.list().chunks();
    return new Message.Manifest(asked.request(), chunks.size(), 0, chunks);
  }

  Message answer(Message.ChunksWanted asked) {
    Offer offer = offers.get(asked.file());
    int index = asked.indexes().getFirst();
    if (offer == null || index >= offer.list().chunks().size()) {
      return new Message.ContentUnavailable(asked.request());
    }
    long from = offer.list().chunks().stream().limit(index).mapToLong(Chunk::length).sum();
    int length = (int) offer.list().chunks().get(index).length();
    byte[] octets = Arrays.copyOfRange(offer.data().toArray(), (int) from, (int) from + length);
    return new Message.ChunkData(asked.request(), index, Bytes.of(octets));
  }
}
