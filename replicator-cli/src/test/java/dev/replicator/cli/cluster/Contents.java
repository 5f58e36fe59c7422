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
import java.util.stream.Stream;

/** What a hostile peer answers when it is asked for content; nothing of it has to be true. */
final class Contents {
  private final Map<Digest, Answers> all = new ConcurrentHashMap<>();

  /** To questions about one file: none, one or many. */
  interface Answers {
    Stream<Message> lists(Message.ManifestWanted asked);

    Stream<Message> chunks(Message.ChunksWanted asked);
  }

  /** A list, and bytes that may be others. */
  private record Offer(ChunkList list, Bytes data) implements Answers {
    @Override
    public Stream<Message> lists(Message.ManifestWanted asked) {
      List<Chunk> chunks = list.chunks();
      return Stream.of(new Message.Manifest(asked.request(), chunks.size(), 0, chunks));
    }

    @Override
    public Stream<Message> chunks(Message.ChunksWanted asked) {
      return asked.indexes().stream().map(index -> chunk(asked.request(), index));
    }

    private Message chunk(long request, int index) {
      if (index >= list.chunks().size()) {
        return new Message.ContentUnavailable(request);
      }
      int from = (int) list.chunks().stream().limit(index).mapToLong(Chunk::length).sum();
      int to = from + (int) list.chunks().get(index).length();
      byte[] octets = Arrays.copyOfRange(data.toArray(), from, to);
      return new Message.ChunkData(request, index, Bytes.of(octets));
    }
  }

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
    all.put(file, new Offer(list, Bytes.copyOf(octets)));
  }

  void answer(Digest file, Answers answers) {
    all.put(file, answers);
  }

  Stream<Message> answers(Message.ManifestWanted asked) {
    Answers answers = all.get(asked.file());
    return answers == null
        ? Stream.of(new Message.ContentUnavailable(asked.request()))
        : answers.lists(asked);
  }

  Stream<Message> answers(Message.ChunksWanted asked) {
    Answers answers = all.get(asked.file());
    return answers == null
        ? Stream.of(new Message.ContentUnavailable(asked.request()))
        : answers.chunks(asked);
  }
}
