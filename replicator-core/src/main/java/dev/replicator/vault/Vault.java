package dev.replicator.vault;

import dev.replicator.model.Digest;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(Vault.class);
  private static final int SHARD_HEX = 2;
  private static final int DIGEST_HEX = 2 * Digest.LENGTH_BYTES;

  static final Pattern OBJECT = Pattern.compile("[0-9a-f]{64}\\.\\d{1,18}");

  /** What a tree copies here has another name until it is whole. */
  private static final String DRAFT = ".part";

  /** So long nobody writes to what is being copied at most. */
  private static final long DRAFT_MILLIS_MAX = 86_400_000;

  /** More than these go with another sweep. */
  static final int LEAVING_MAX = 65_536;

  /** What is smaller is not asked for its holes: there may be millions. */
  private static final long HOLES_MATTER_BYTES = 1 << 20;

  /** So long after its arrival an object may still turn out to be another content. */
  private static final long YOUNG_MILLIS = 60_000;

  /** So far arrivals of one moment may be ahead of the clock; beyond that it was set back. */
  private static final long CROWD_MILLIS_MAX = 1_000;

  private final Path directory;
  private final Path incoming;
  private final Clock clock;
  private final FileAttribute<?>[] privateDirectory;
  private final FileAttribute<?>[] privateFile;
  private final AtomicLong lastArrival = new AtomicLong();

  private final DiskUse use;

  /** Not a file system in memory, whose directories are not to be opened. */
  private final boolean isOnDisk;

  private final Filling filling = new Filling();
  private volatile Leaving leaving = Leaving.NOTHING;

  /** Writes the content of an object that is fetched. */
  public interface Writer {
    void write(SeekableByteChannel channel) throws IOException;
  }

  /**
   * What a sweep took away.
   *
   * @param more whether there still is too much: more went than one sweep takes, or has arrived
   */
  public record Swept(int removed, long removedBytes, boolean more) {}

  private record Stored(Path path, Digest digest, long arrivalMillis) {}

  /** Arrivals of what a sweep that has begun may take away, and whether that is all that goes. */
  private record Leaving(SortedMap<Digest, Long> arrivals, boolean all) {
    static final Leaving NOTHING = new Leaving(new TreeMap<>(), true);
  }

  private Vault(Path directory, Clock clock, DiskUse use) {
    this.directory = directory;
    this.incoming = directory.resolve("incoming");
    this.clock = clock;
    this.use =
        file -> {
          long length = Files.size(file);
          return length < HOLES_MATTER_BYTES ? length : use.bytes(file);
        };
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    this.isOnDisk = directory.getFileSystem().equals(FileSystems.getDefault());
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
  public static Vault open(Path directory, Clock clock, DiskUse use) throws IOException {
    Vault vault = new Vault(directory, clock, use);
    vault.createPrivate(directory);
    vault.createPrivate(vault.incoming);
    for (Path unfinished : Children.of(vault.incoming)) {
      Files.delete(unfinished);
    }
    return vault;
  }

  /** As {@link #open(Path, Clock, DiskUse)}, where nothing tells of holes. */
  public static Vault open(Path directory, Clock clock) throws IOException {
    return open(directory, clock, Files::size);
  }

  /** By which time things in it are old. */
  public KeptTime time() {
    return new KeptTime(directory.resolve("time"), incoming);
  }

  public boolean holds(Digest digest) throws IOException {
    return find(digest).isPresent();
  }

  /** Bytes of an object; empty when it is not here. */
  public Optional<Long> size(Digest digest) throws IOException {
    Optional<Stored> found = find(digest);
    return found.isEmpty() ? Optional.empty() : unlessGone(Files::size, found.get());
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

  /** What fills the vault, and how much of that it may have. */
  public Filling filling() {
    return filling;
  }

  /** The room of the disk that all of this is on. */
  public Tree.Space space() throws IOException {
    FileStore store = Files.getFileStore(directory);
    return new Tree.Space(store.getTotalSpace(), store.getUsableSpace());
  }

  /**
   * A free name for an object that arrives now; its directory is there. Who has moved it there says
   * {@link #arrived}. It counts from then on, whatever the clock said when its like arrived.
   */
  public Path place(Digest digest) throws IOException {
    Path shard = shard(digest);
    createIfMissing(directory.resolve(digest.toHex().substring(0, SHARD_HEX)));
    createIfMissing(shard);
    long arrival =
        Math.max(arrival(), find(digest).map(last -> last.arrivalMillis() + 1).orElse(0L));
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

  /** An object is under the name that {@link #place} gave. */
  public void arrived(Path place) {
    try {
      filling.arrived(use.bytes(place));
    } catch (IOException unknown) {
      // It is there, or an equal one that came after it: the next look counts it.
    }
  }

  /** Whether no sweep took what arrived at {@code place}. */
  public boolean isThere(Path place) {
    return Files.exists(place, LinkOption.NOFOLLOW_LINKS);
  }

  /** Stores what {@code writer} writes: whole and on the disk, or not at all. */
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
      take(unfinished, digest);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Has a draft in the vault, whole and synced, be the object of {@code digest}. */
  public void take(Path draft, Digest digest) throws IOException {
    Path place = place(digest);
    Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    syncShard(shard(digest));
    arrived(place);
  }

  public SeekableByteChannel openDraft(Path draft) throws IOException {
    return Files.newByteChannel(draft, StandardOpenOption.READ);
  }

  public void dropDraft(Path draft) throws IOException {
    Files.deleteIfExists(draft);
  }

  /** Nothing else syncs it where the vault is on another file system than the root. */
  private void syncShard(Path shard) throws IOException {
    if (isOnDisk) {
      try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.READ)) {
        channel.force(true);
      }
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

  /** As {@link #holds}, and no sweep is about to take it away. */
  public boolean keeps(Digest digest) throws IOException {
    return !leaving.arrivals().containsKey(digest) && holds(digest);
  }

  /**
   * Reads the whole directory. Of equal objects all but the last one go, but for those that came
   * just now: what they are is looked at once more.
   */
  public Holdings takeStock() throws IOException {
    Holdings holdings = new Holdings();
    filling.begin();
    for (Path outer : shards(directory)) {
      unlessDamaged(() -> {
        for (Path inner : shards(outer)) {
          unlessDamaged(() -> takeStock(Children.of(inner), holdings));
        }
      });
    }
    return holdings;
  }

  private void takeStock(List<Path> children, Holdings holdings) throws IOException {
    dropDrafts(children);
    List<Stored> objects = stored(children);
    objects.sort(Comparator.comparing(Stored::digest).thenComparingLong(Stored::arrivalMillis));
    for (int at = 0; at < objects.size(); at++) {
      Stored object = objects.get(at);
      if (at + 1 < objects.size() && object.digest().equals(objects.get(at + 1).digest())) {
        if (Math.abs(clock.wallMillis() - object.arrivalMillis()) > YOUNG_MILLIS) {
          Files.deleteIfExists(object.path());
        }
      } else {
        unlessGone(use, object)
            .ifPresent(bytes -> holdings.add(object.digest(), object.arrivalMillis(), bytes));
      }
    }
  }

  private interface Part {
    void look() throws IOException;
  }

  /** What a disk has damaged does not keep all else in the vault for ever. */
  private static void unlessDamaged(Part part) {
    try {
      part.look();
    } catch (IOException damaged) {
      LOG.warn("a part of the vault cannot be looked at: {}", damaged.toString());
    }
  }

  /**
   * Chooses what goes: what came before {@code now - retention}, and of what is left what is worth
   * least until it is not too much. Nothing of it goes that is needed, or arrived after {@code
   * holdings} were looked at. All of it stays until {@link #endSweep}; who needs one of them
   * meanwhile puts it anew.
   */
  public Set<Digest> beginSweep(Holdings holdings, Bounds bounds) throws IOException {
    BitSet going = Choice.going(holdings, bounds);
    filling.chosen(holdings, going, bounds);
    TreeMap<Digest, Long> chosen = new TreeMap<>();
    int index = going.nextSetBit(0);
    while (index >= 0 && chosen.size() < LEAVING_MAX) {
      index = name(holdings, going, index, chosen);
    }
    leaving = new Leaving(Collections.unmodifiableSortedMap(chosen), index < 0);
    return leaving.arrivals().keySet();
  }

  /** Finds the names of what goes from one shard; tells the first index behind it. */
  private int name(Holdings holdings, BitSet going, int from, Map<Digest, Long> chosen)
      throws IOException {
    Path shard = shard(Holdings.hex(holdings.beginning(from)));
    Map<Long, Set<Long>> arrivals = new HashMap<>();
    int index = from;
    while (index >= 0 && shard.equals(shard(Holdings.hex(holdings.beginning(index))))) {
      arrivals
          .computeIfAbsent(holdings.beginning(index), _ -> new HashSet<>())
          .add(holdings.arrivalMillis(index));
      index = going.nextSetBit(index + 1);
    }
    unlessDamaged(() -> {
      for (Stored stored : stored(shard)) {
        if (arrivals
            .getOrDefault(Holdings.beginning(stored.digest()), Set.of())
            .contains(stored.arrivalMillis())) {
          chosen.put(stored.digest(), stored.arrivalMillis());
        }
      }
    });
    return index;
  }

  /**
   * Removes what was chosen. What is {@code exempt} stays. Of what arrived since the choice nothing
   * goes.
   */
  public Swept endSweep(Predicate<Digest> exempt) throws IOException {
    Leaving ending = leaving;
    int removed = 0;
    long removedBytes = 0;
    try {
      for (Map.Entry<Digest, Long> chosen : ending.arrivals().entrySet()) {
        Digest digest = chosen.getKey();
        Stored object =
            new Stored(
                shard(digest).resolve(digest.toHex() + "." + chosen.getValue()),
                digest,
                chosen.getValue());
        Optional<Long> bytes = exempt.test(digest) ? Optional.empty() : remove(object);
        removed += bytes.isPresent() ? 1 : 0;
        removedBytes += bytes.map(Holdings::footprint).orElse(0L);
      }
    } finally {
      leaving = Leaving.NOTHING;
    }
    boolean over = filling.left(removed, removedBytes);
    return new Swept(removed, removedBytes, over || !ending.all());
  }

  /** Tells how many bytes went; empty where nothing did. */
  private Optional<Long> remove(Stored object) {
    try {
      Optional<Long> bytes = unlessGone(use, object);
      return bytes.isPresent() && Files.deleteIfExists(object.path()) ? bytes : Optional.empty();
    } catch (IOException damaged) {
      LOG.warn("{} stays in the vault: {}", object.path().getFileName(), damaged.toString());
      return Optional.empty();
    }
  }

  private Path shard(Digest digest) {
    return shard(digest.toHex());
  }

  private Path shard(String hex) {
    return directory
        .resolve(hex.substring(0, SHARD_HEX))
        .resolve(hex.substring(SHARD_HEX, 2 * SHARD_HEX));
  }

  private Optional<Stored> find(Digest digest) throws IOException {
    return stored(shard(digest)).stream()
        .filter(stored -> stored.digest().equals(digest))
        .max(Comparator.comparingLong(Stored::arrivalMillis));
  }

  /** What came by a copy that a crash cut off: nobody writes to it any more, or looks for it. */
  private void dropDrafts(List<Path> children) throws IOException {
    for (Path child : children) {
      if (String.valueOf(child.getFileName()).endsWith(DRAFT) && isOld(child)) {
        Files.deleteIfExists(child);
      }
    }
  }

  private boolean isOld(Path draft) throws IOException {
    try {
      long written = Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS).toMillis();
      return clock.wallMillis() - written > DRAFT_MILLIS_MAX;
    } catch (NoSuchFileException finished) {
      return false;
    }
  }

  /** In the order of their names. */
  private static List<Path> shards(Path above) throws IOException {
    return Children.of(above).stream()
        .filter(child -> String.valueOf(child.getFileName()).length() == SHARD_HEX)
        .sorted()
        .toList();
  }

  private static List<Stored> stored(Path shard) throws IOException {
    return stored(Children.of(shard));
  }

  private static List<Stored> stored(List<Path> children) {
    List<Stored> found = new ArrayList<>();
    for (Path child : children) {
      String name = String.valueOf(child.getFileName());
      if (OBJECT.matcher(name).matches()) {
        Digest digest = Digest.ofHex(name.substring(0, DIGEST_HEX));
        found.add(new Stored(child, digest, Long.parseLong(name.substring(DIGEST_HEX + 1))));
      }
    }
    return found;
  }

  /** Empty when another thread was faster and took it away. */
  private static Optional<Long> unlessGone(DiskUse use, Stored stored) throws IOException {
    try {
      return Optional.of(use.bytes(stored.path()));
    } catch (NoSuchFileException removed) {
      return Optional.empty();
    }
  }

  private void createIfMissing(Path created) throws IOException {
    if (!isDirectory(created)) {
      createPrivate(created);
    }
  }

  private void createPrivate(Path created) throws IOException {
    try {
      Files.createDirectory(created, privateDirectory);
    } catch (FileAlreadyExistsException there) {
      if (!isDirectory(created)) {
        throw there;
      }
    }
  }

  private static boolean isDirectory(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}
