package dev.replicator.vault;

import dev.replicator.model.Digest;
import dev.replicator.port.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Content that left its path, by the digest of the file.
 *
 * <p>An object is {@code ab/cd/<digest>.<arrival in milliseconds>}: its mtime is the content's own.
 * A second arrival is a second object until the next sweep; the newer counts. An object may be a
 * second name of an inode that somebody still writes to, or that others could read before: the
 * directory keeps it private, and who reads it verifies its chunks.
 *
 * <p>Safe for use by several threads, of which one sweeps.
 */
public final class Vault {
  private static final int SHARD_HEX = 2;

  /** More than these go with a later sweep. */
  private static final int LEAVING_MAX = 65_536;

  /** So far arrivals of one moment may be ahead of the clock; beyond that it was set back. */
  private static final long CROWD_MILLIS_MAX = 1_000;

  private static final Leaving NOTHING = new Leaving(0, 0, 0, Set.of());

  private final Path directory;
  private final Path incoming;
  private final Clock clock;
  private final FileAttribute<?>[] privateDirectory;
  private final FileAttribute<?>[] privateFile;
  private final AtomicLong lastArrival = new AtomicLong();
  private volatile Leaving leaving = NOTHING;

  /** Writes the content of an object that is fetched. */
  public interface Writer {
    void write(SeekableByteChannel channel) throws IOException;
  }

  /** What a sweep took away, and the bytes that are left. */
  public record Swept(int removed, long removedBytes, long usedBytes) {}

  private record Stored(Path path, Digest digest, long arrivalMillis, long size) {}

  /** What a sweep that has begun may take away. */
  private record Leaving(
      long arrivalMillisMax, long expiredMillis, long bytesMax, Set<Digest> digests) {}

  private Vault(Path directory, Clock clock) {
    this.directory = directory;
    this.incoming = directory.resolve("incoming");
    this.clock = clock;
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    this.privateDirectory = attributes(posix, "rwx------");
    this.privateFile = attributes(posix, "rw-------");
  }

  private static FileAttribute<?>[] attributes(boolean posix, String permissions) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /**
   * Opens the vault in {@code directory}, and removes what was being written when it last ended.
   */
  public static Vault open(Path directory, Clock clock) throws IOException {
    Vault vault = new Vault(directory, clock);
    vault.createPrivate(directory);
    vault.createPrivate(vault.incoming);
    for (Path unfinished : children(vault.incoming)) {
      Files.delete(unfinished);
    }
    return vault;
  }

  public boolean holds(Digest digest) throws IOException {
    return find(digest).isPresent();
  }

  /** Bytes of an object; empty when it is not here. */
  public Optional<Long> size(Digest digest) throws IOException {
    return find(digest).map(Stored::size);
  }

  /**
   * Opens an object for reading.
   *
   * @throws NoSuchFileException when it is not here
   */
  public SeekableByteChannel open(Digest digest) throws IOException {
    Optional<Stored> stored = find(digest);
    if (stored.isEmpty()) {
      throw new NoSuchFileException(digest.toHex());
    }
    return Files.newByteChannel(
        stored.get().path(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** A free name for an object that arrives now; its directory is there. */
  public Path place(Digest digest) throws IOException {
    Path shard = shard(digest);
    createPrivate(directory.resolve(digest.toHex().substring(0, SHARD_HEX)));
    createPrivate(shard);
    long arrival = arrival();
    Path free = shard.resolve(digest.toHex() + "." + arrival);
    while (Files.exists(free, LinkOption.NOFOLLOW_LINKS)) {
      arrival++;
      free = shard.resolve(digest.toHex() + "." + arrival);
    }
    return free;
  }

  /** Another one each time: two equal contents may arrive within one millisecond. */
  private long arrival() {
    long now = clock.wallMillis();
    return lastArrival.updateAndGet(
        last -> now <= last && last - now < CROWD_MILLIS_MAX ? last + 1 : now);
  }

  /** Stores what {@code writer} writes: whole, or not at all. */
  public void put(Digest digest, Writer writer) throws IOException {
    Path unfinished = incoming.resolve(UUID.randomUUID().toString());
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    try {
      try (SeekableByteChannel channel = Files.newByteChannel(unfinished, options, privateFile)) {
        writer.write(channel);
        if (channel instanceof FileChannel file) {
          file.force(true);
        }
      }
      Files.move(unfinished, place(digest), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Removes every object of this digest; nothing happens when there is none. */
  public void remove(Digest digest) throws IOException {
    for (Stored stored : stored(shard(digest))) {
      if (stored.digest().equals(digest)) {
        Files.deleteIfExists(stored.path());
      }
    }
  }

  /** Bytes of all objects. Reads the whole directory. */
  public long usedBytes() throws IOException {
    return stored().stream().mapToLong(Stored::size).sum();
  }

  /** As {@link #holds}, and no sweep is about to take it away. */
  public boolean keeps(Digest digest) throws IOException {
    return !leaving.digests().contains(digest) && holds(digest);
  }

  /**
   * Chooses what may go: what came before {@code now - retention}, then the oldest until at most
   * {@code bytesMax} are left. All of it stays until {@link #endSweep}; who needs one of them
   * meanwhile puts it anew.
   */
  public Set<Digest> beginSweep(Instant now, long bytesMax, Duration retention) throws IOException {
    List<Stored> all = stored();
    long arrivalMax = all.stream().mapToLong(Stored::arrivalMillis).max().orElse(0);
    Leaving chosen =
        new Leaving(arrivalMax, now.minus(retention).toEpochMilli(), bytesMax, new TreeSet<>());
    List<Stored> due = excess(all, chosen, digest -> false);
    due.reversed().stream()
        .map(Stored::digest)
        .takeWhile(digest -> chosen.digests().size() < LEAVING_MAX)
        .forEach(chosen.digests()::add);
    leaving = chosen;
    return Set.copyOf(chosen.digests());
  }

  /**
   * Removes what was chosen. What is {@code exempt} stays and does not count. Of what arrived since
   * the choice nothing goes.
   */
  public Swept endSweep(Predicate<Digest> exempt) throws IOException {
    Leaving chosen = leaving;
    List<Stored> all = stored();
    long left = all.stream().mapToLong(Stored::size).sum();
    long removedBytes = 0;
    int removed = 0;
    for (Stored stored : excess(all, chosen, exempt)) {
      if (stored.arrivalMillis() <= chosen.arrivalMillisMax()
          && chosen.digests().contains(stored.digest())) {
        Files.deleteIfExists(stored.path());
        removed++;
        removedBytes += stored.size();
      }
    }
    leaving = NOTHING;
    return new Swept(removed, removedBytes, left - removedBytes);
  }

  /** What goes, the youngest first. */
  private static List<Stored> excess(List<Stored> all, Leaving limits, Predicate<Digest> exempt) {
    all.sort(Comparator.comparingLong(Stored::arrivalMillis).reversed());
    List<Stored> excess = new ArrayList<>();
    Set<Digest> newer = new TreeSet<>();
    long counted = 0;
    boolean full = false;
    for (Stored stored : all) {
      boolean duplicate = !newer.add(stored.digest());
      boolean kept = !duplicate && exempt.test(stored.digest());
      if (!kept && !duplicate) {
        full = full || counted + stored.size() > limits.bytesMax();
        kept = !full && stored.arrivalMillis() >= limits.expiredMillis();
        counted += kept ? stored.size() : 0;
      }
      if (!kept) {
        excess.add(stored);
      }
    }
    return excess;
  }

  private Path shard(Digest digest) {
    String hex = digest.toHex();
    return directory
        .resolve(hex.substring(0, SHARD_HEX))
        .resolve(hex.substring(SHARD_HEX, 2 * SHARD_HEX));
  }

  private Optional<Stored> find(Digest digest) throws IOException {
    return stored(shard(digest)).stream()
        .filter(stored -> stored.digest().equals(digest))
        .max(Comparator.comparingLong(Stored::arrivalMillis));
  }

  private List<Stored> stored() throws IOException {
    List<Stored> all = new ArrayList<>();
    for (Path outer : children(directory)) {
      if (String.valueOf(outer.getFileName()).length() == SHARD_HEX) {
        for (Path inner : children(outer)) {
          all.addAll(stored(inner));
        }
      }
    }
    return all;
  }

  private static List<Stored> stored(Path shard) throws IOException {
    List<Stored> found = new ArrayList<>();
    for (Path child : children(shard)) {
      String name = String.valueOf(child.getFileName());
      if (name.matches("[0-9a-f]{64}\\.\\d{1,18}")) {
        Digest digest = Digest.ofHex(name.substring(0, 64));
        try {
          found.add(
              new Stored(child, digest, Long.parseLong(name.substring(65)), Files.size(child)));
        } catch (NoSuchFileException removed) {
          // Another thread was faster.
        }
      }
    }
    return found;
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (DirectoryIteratorException failure) {
      throw new IOException(failure.getMessage(), failure);
    }
    return children;
  }

  private void createPrivate(Path created) throws IOException {
    try {
      Files.createDirectory(created, privateDirectory);
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(created, LinkOption.NOFOLLOW_LINKS)) {
        throw there;
      }
    }
  }
}
