package dev.replicator.runtime;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Journal;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Content that is on this node: under its path, or in the vault. Thread-safe. */
final class LocalContent {
  private static final Logger LOG = LoggerFactory.getLogger(LocalContent.class);

  /** Of many equal files some may be written to just now, but hardly all. */
  private static final int PATHS_TRIED_MAX = 8;

  private final Journal journal;
  private final Tree tree;
  private final Vault vault;
  private final ContentCache cache;
  private final Inspector inspector;
  private final Leaving leaving = new Leaving();

  /** Of these the vault holds something else, and gets what it should hold; how often just now. */
  private final Map<Digest, Integer> distrusted = new ConcurrentHashMap<>();

  /**
   * Peers ask for every few chunks of a large file, and its list takes long to read and longer to
   * make. It may be large itself, and goes when there is no room.
   */
  private volatile SoftReference<Listed> last = new SoftReference<>(null);

  private record Listed(Digest file, ChunkList chunks) {}

  LocalContent(Journal journal, Tree tree, Vault vault, ContentCache cache, Inspector inspector) {
    this.journal = journal;
    this.tree = tree;
    this.vault = vault;
    this.cache = cache;
    this.inspector = inspector;
  }

  /** From the journal or the cache, else made of the content again when that is here. */
  Optional<ChunkList> chunks(Digest file) {
    return remembered(file)
        .or(() -> journal.chunks(file).map(list -> remember(file, list)))
        .or(() -> cache.findWhole(file).map(Message.InlineContent::chunks))
        .or(() -> made(file).map(list -> remember(file, list)));
  }

  private Optional<ChunkList> remembered(Digest file) {
    return Optional.ofNullable(last.get())
        .filter(listed -> listed.file().equals(file))
        .map(Listed::chunks);
  }

  private ChunkList remember(Digest file, ChunkList list) {
    if (list.chunks().size() > 1) {
      last = new SoftReference<>(new Listed(file, list));
    }
    return list;
  }

  private Optional<ChunkList> made(Digest file) {
    try {
      Optional<SeekableByteChannel> here = openAnywhere(file);
      if (here.isEmpty()) {
        return Optional.empty();
      }
      try (SeekableByteChannel channel = here.get()) {
        return inspector
            .chunk(channel, channel.size())
            .filter(content -> content.file().digest().equals(file))
            .map(ChunkedContent::chunks);
      }
    } catch (IOException failure) {
      LOG.debug("cannot make the chunk list of {}: {}", file, failure.toString());
      return Optional.empty();
    }
  }

  /**
   * Opens the content of {@code file}, first under {@code path}: what it reads is to be verified
   * chunk by chunk.
   */
  Optional<SeekableByteChannel> open(RelativePath path, Digest file) throws IOException {
    Optional<SeekableByteChannel> there = openAt(path, file);
    return there.isPresent() ? there : openAnywhere(file);
  }

  /**
   * Opens the content of {@code file} wherever it is: of two equal files, and of one that is moved,
   * the second need not come from a peer.
   */
  Optional<SeekableByteChannel> openAnywhere(Digest file) throws IOException {
    Optional<SeekableByteChannel> kept = openKept(file);
    if (kept.isPresent()) {
      return kept;
    }
    for (RelativePath path : journal.pathsOf(file, PATHS_TRIED_MAX)) {
      Optional<SeekableByteChannel> there = openAt(path, file);
      if (there.isPresent()) {
        return there;
      }
    }
    return Optional.empty();
  }

  /** Whether it is what the index says to be under {@code path}. */
  boolean isSaidToBeAt(RelativePath path, Digest file) {
    return saidAt(path, file).isPresent();
  }

  private Optional<Materialised> saidAt(RelativePath path, Digest file) {
    return journal.materialised(path).filter(m -> m.entry().content().equals(Optional.of(file)));
  }

  private Optional<SeekableByteChannel> openAt(RelativePath path, Digest file) {
    Optional<Materialised> here = saidAt(path, file);
    try {
      return here.isPresent() ? Optional.of(tree.read(path, here.get().stamp())) : Optional.empty();
    } catch (TreeException changed) {
      return Optional.empty();
    }
  }

  /**
   * Opens what is at {@code path} by now, which may begin with what is wanted: what somebody
   * appends to all the time is longer, and known as a longer one, when peers ask for it.
   */
  Optional<SeekableByteChannel> openContinued(RelativePath path) {
    Optional<Materialised> here = journal.materialised(path).filter(m -> m.file().isPresent());
    try {
      return here.isPresent()
          ? Optional.of(tree.readOn(path, here.get().stamp()))
          : Optional.empty();
    } catch (TreeException changed) {
      return Optional.empty();
    }
  }

  Optional<SeekableByteChannel> openKept(Digest file) {
    try {
      return !distrusted.containsKey(file) && vault.holds(file)
          ? Optional.of(vault.open(file))
          : Optional.empty();
    } catch (IOException unreadable) {
      LOG.warn("cannot open {} in the vault: {}", file, unreadable.toString());
      return Optional.empty();
    }
  }

  /**
   * What the vault has is damaged. It stays, for it may hold what is nowhere else; but it is
   * neither used nor enough while another is looked for.
   */
  void distrustKept(Digest file) {
    distrusted.merge(file, 1, Integer::sum);
  }

  /** It has another one, or there is none. */
  void trustKept(Digest file) {
    distrusted.computeIfPresent(file, (_, times) -> times == 1 ? null : times - 1);
  }

  /** Those that are on their way to the vault. */
  Leaving leaving() {
    return leaving;
  }

  /** Whether the vault has it just as it should be, which is read to its end. */
  boolean isWhole(Entry.File file) {
    try (SeekableByteChannel channel = vault.open(file.digest())) {
      return inspector
          .chunk(channel, file.size())
          .map(ChunkedContent::file)
          .equals(Optional.of(file));
    } catch (IOException unreadable) {
      LOG.warn("cannot read {} in the vault: {}", file.digest(), unreadable.toString());
      return false;
    }
  }

  boolean isKept(Digest file) throws IOException {
    return !distrusted.containsKey(file) && vault.keeps(file);
  }

  /** One chunk, or empty when the channel no longer holds it there. */
  static Optional<byte[]> read(SeekableByteChannel channel, long offset, Chunk.Data chunk)
      throws IOException {
    return bytes(channel, offset, chunk).filter(bytes -> isOf(chunk, bytes));
  }

  static boolean isOf(Chunk.Data chunk, byte[] bytes) {
    return Digests.of(bytes).equals(chunk.digest());
  }

  /** Whatever stands in the place of a chunk; empty when the channel ends before. */
  static Optional<byte[]> bytes(SeekableByteChannel channel, long offset, Chunk.Data chunk)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) chunk.length());
    channel.position(offset);
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // Until it is full or the file ends.
    }
    return buffer.hasRemaining() ? Optional.empty() : Optional.of(buffer.array());
  }
}
