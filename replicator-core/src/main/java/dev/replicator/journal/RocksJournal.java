package dev.replicator.journal;

import dev.replicator.codec.CodecException;
import dev.replicator.codec.JournalCodec;
import dev.replicator.codec.RangeDigest;
import dev.replicator.model.Census;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.FileKey;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Intent;
import dev.replicator.model.Invariant;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.RecordRange;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.model.Trace;
import dev.replicator.port.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.rocksdb.RocksDBException;

/** A journal in a directory of its own, kept by RocksDB. */
public final class RocksJournal implements Journal {
  private static final byte SEPARATOR = '/';
  private static final byte[] ROOT_KEY = new byte[0];

  /** What a stored value means. */
  private interface Decoder<T> {
    T decode(byte[] value) throws CodecException;
  }

  private final Path directory;
  private final Store store;
  private final AtomicBoolean appending = new AtomicBoolean();
  private volatile Counts counts;

  private RocksJournal(Path directory, Store store, Counts counts) {
    this.directory = directory;
    this.store = store;
    this.counts = counts;
  }

  /**
   * Opens the journal in {@code directory}, a new one when there is none; its directory is then
   * readable by its owner alone.
   *
   * @throws JournalLockedException when it is open already
   * @throws JournalCorruptException when what it holds cannot be trusted
   * @throws JournalFormatException when a newer or older release wrote it, or something else
   */
  public static RocksJournal open(Path directory) throws IOException {
    Store store = new Opening(directory).open();
    boolean opened = false;
    try {
      RocksJournal journal = new RocksJournal(directory, store, readCounts(store, directory));
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        store.close();
      }
    }
  }

  private static Counts readCounts(Store store, Path directory) throws IOException {
    long lastNumber =
        store.read(view -> {
          try (Store.Cursor cursor = view.cursor(Family.CHANGES)) {
            cursor.seekToLast();
            return cursor.valid() ? Keys.number(cursor.key()) : 0;
          }
        });
    byte[] stored = store.get(Family.META, Counts.KEY).orElseGet(Counts.NONE::encode);
    if (!Counts.isValid(stored)) {
      throw new JournalCorruptException(directory, "its counts are unreadable");
    }
    return Counts.decode(stored, lastNumber);
  }

  @Override
  public void append(List<JournalWrite> writes) {
    boolean alone = appending.compareAndSet(false, true);
    Invariant.check(alone, "one thread appends to a journal");
    try (Append append = new Append(store, counts)) {
      writes.forEach(append::add);
      counts = append.commit();
    } finally {
      appending.set(false);
    }
  }

  @Override
  public void sync() {
    store.sync();
  }

  @Override
  public void abandon() {
    try {
      Opening.abandon(directory);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public Optional<RootState> root() {
    return get(Family.ROOT, ROOT_KEY, JournalCodec::rootState);
  }

  @Override
  public Optional<RecordState> record(RelativePath path) {
    return get(Family.RECORDS, path.toArray(), JournalCodec::recordState);
  }

  @Override
  public SortedMap<RelativePath, RecordState> recordsAfter(RelativePath after, int limit) {
    return after(Family.RECORDS, Keys.behind(after), limit, JournalCodec::recordState);
  }

  @Override
  public RecordRange rangeAfter(RelativePath after, Optional<RelativePath> through, int limit) {
    Optional<byte[]> end = through.map(RelativePath::toArray);
    return store.walk(
        Family.RECORDS,
        cursor -> {
          RangeDigest digest = new RangeDigest();
          byte[] last = after.toArray();
          int paths = 0;
          for (cursor.seek(Keys.behind(after)); paths < limit && cursor.valid(); cursor.next()) {
            byte[] key = cursor.key();
            if (end.isPresent() && Arrays.compareUnsigned(key, end.get()) > 0) {
              break;
            }
            add(digest, key, cursor.value());
            last = key;
            paths++;
          }
          return new RecordRange(RelativePath.of(last), paths, digest.end());
        });
  }

  private void add(RangeDigest digest, byte[] path, byte[] state) {
    try {
      digest.add(path, state);
    } catch (CodecException e) {
      throw store.failure("holds an unreadable value", e);
    }
  }

  @Override
  public List<Map.Entry<RelativePath, RecordState>> changesAfter(long number, int limit) {
    if (number == Long.MAX_VALUE) {
      return List.of();
    }
    return store.read(view -> {
      List<Map.Entry<RelativePath, RecordState>> changes = new ArrayList<>();
      try (Store.Cursor cursor = view.cursor(Family.CHANGES)) {
        cursor.seek(Keys.number(Math.max(0, number) + 1));
        while (changes.size() < limit && cursor.valid()) {
          byte[] path = cursor.value();
          Optional<byte[]> record = view.get(Family.RECORDS, path);
          Invariant.check(record.isPresent(), "every change has its record");
          changes.add(
              Map.entry(RelativePath.of(path), decode(record.get(), JournalCodec::recordState)));
          cursor.next();
        }
      }
      return changes;
    });
  }

  @Override
  public Optional<Materialised> materialised(RelativePath path) {
    return get(Family.MATERIALISED, path.toArray(), JournalCodec::materialised);
  }

  @Override
  public SortedMap<RelativePath, Materialised> materialisedAfter(RelativePath after, int limit) {
    return after(Family.MATERIALISED, Keys.behind(after), limit, JournalCodec::materialised);
  }

  /*
   * What was dropped stays in the database for a while, as marks that a cursor passes one by one:
   * behind a directory of which thousands of files were deleted a single step took milliseconds.
   * The cursor knows where to end, and passes none.
   */
  @Override
  public SortedMap<RelativePath, Materialised> materialisedBelow(
      RelativePath directory, RelativePath after, int limit) {
    if (directory.isRoot()) {
      return materialisedAfter(after, limit);
    }
    return store.walkUntil(
        Family.MATERIALISED,
        append(directory.toArray(), (byte) (SEPARATOR + 1)),
        cursor -> read(cursor, Keys.behind(after), limit, JournalCodec::materialised));
  }

  /*
   * Keys are paths, so what lies below a child stands behind it, but not always at once: "a",
   * "a-b", "a/x". Whatever is met below a child is passed over in one leap to the first key that is
   * not below it. That is at most one leap for each child that is a directory, and needs no index.
   */
  @Override
  public SortedMap<RelativePath, Trace> tracesIn(
      RelativePath directory, RelativePath after, int limit) {
    byte[] prefix = directory.isRoot() ? ROOT_KEY : append(directory.toArray(), SEPARATOR);
    boolean first = after.equals(directory) && !directory.isRoot();
    return store.walk(
        Family.MATERIALISED,
        cursor -> {
          TreeMap<RelativePath, Trace> children = new TreeMap<>();
          cursor.seek(first ? prefix : Keys.behind(after));
          while (children.size() < limit && cursor.valid()) {
            byte[] key = cursor.key();
            if (!Keys.startsWith(key, prefix)) {
              break;
            }
            int end = separatorFrom(key, prefix.length);
            if (end < 0) {
              children.put(RelativePath.of(key), decode(cursor.value(), JournalCodec::trace));
              cursor.next();
            } else {
              cursor.seek(append(Arrays.copyOf(key, end), (byte) (SEPARATOR + 1)));
            }
          }
          return children;
        });
  }

  @Override
  public List<RelativePath> namesOf(FileKey file, int limit) {
    return paths(Family.NAMES, Keys.namesOf(file), limit, Keys::named);
  }

  @Override
  public List<RelativePath> pathsOf(Digest content, int limit) {
    return paths(Family.CONTENTS, Keys.pathsOf(content), limit, Keys::pathOfContent);
  }

  private List<RelativePath> paths(
      Family family, byte[] prefix, int limit, Function<byte[], RelativePath> path) {
    return store.walk(
        family,
        cursor -> {
          List<RelativePath> paths = new ArrayList<>();
          cursor.seek(prefix);
          while (paths.size() < limit && cursor.valid() && Keys.startsWith(cursor.key(), prefix)) {
            paths.add(path.apply(cursor.key()));
            cursor.next();
          }
          return paths;
        });
  }

  private static int separatorFrom(byte[] key, int start) {
    for (int index = start; index < key.length; index++) {
      if (key[index] == SEPARATOR) {
        return index;
      }
    }
    return -1;
  }

  private static byte[] append(byte[] key, byte octet) {
    byte[] longer = Arrays.copyOf(key, key.length + 1);
    longer[key.length] = octet;
    return longer;
  }

  @Override
  public Census census() {
    return counts.materialised();
  }

  @Override
  public Optional<Intent> intent(RelativePath path) {
    return get(Family.INTENTS, path.toArray(), JournalCodec::intent);
  }

  @Override
  public SortedMap<RelativePath, Intent> intents() {
    return after(Family.INTENTS, ROOT_KEY, Integer.MAX_VALUE, JournalCodec::intent);
  }

  @Override
  public List<Displaced> displaced() {
    return store.walk(
        Family.DISPLACED,
        cursor -> {
          List<Displaced> displaced = new ArrayList<>();
          for (cursor.seek(ROOT_KEY); cursor.valid(); cursor.next()) {
            displaced.add(decode(cursor.value(), JournalCodec::displaced));
          }
          return displaced;
        });
  }

  @Override
  public Optional<Pending> pending(RelativePath path) {
    return get(Family.PENDING, path.toArray(), JournalCodec::pending);
  }

  @Override
  public SortedMap<RelativePath, Pending> pendingAfter(RelativePath after, int limit) {
    return after(Family.PENDING, Keys.behind(after), limit, JournalCodec::pending);
  }

  @Override
  public long pendingCount() {
    return counts.pending();
  }

  @Override
  public SortedMap<NodeId, PeerProgress> peers() {
    return store.walk(
        Family.PEERS,
        cursor -> {
          TreeMap<NodeId, PeerProgress> peers = new TreeMap<>();
          for (cursor.seek(ROOT_KEY); cursor.valid(); cursor.next()) {
            peers.put(NodeId.of(cursor.key()), decode(cursor.value(), JournalCodec::peerProgress));
          }
          return peers;
        });
  }

  @Override
  public Optional<ChunkList> chunks(Digest file) {
    return get(Family.CHUNKS, file.octets().toArray(), JournalCodec::chunkList);
  }

  @Override
  public List<Digest> chunkListsAfter(Digest after, int limit) {
    byte[] from = after.octets().toArray();
    return store.walk(
        Family.CHUNKS,
        cursor -> {
          List<Digest> files = new ArrayList<>();
          cursor.seek(Arrays.copyOf(from, from.length + 1));
          while (files.size() < limit && cursor.valid()) {
            files.add(Digest.of(cursor.key()));
            cursor.next();
          }
          return files;
        });
  }

  @Override
  public List<HistoryItem> history(RelativePath path, int limit) {
    byte[] prefix = Keys.historyOf(path);
    return store.walk(
        Family.HISTORY,
        cursor -> {
          List<HistoryItem> items = new ArrayList<>();
          cursor.seek(prefix);
          while (items.size() < limit && cursor.valid() && Keys.startsWith(cursor.key(), prefix)) {
            items.add(decode(cursor.value(), JournalCodec::historyItem));
            cursor.next();
          }
          return items;
        });
  }

  @Override
  public List<HistoryItem> historyAfter(Optional<HistoryItem> after, int limit) {
    byte[] from = after.map(Keys::behind).orElse(ROOT_KEY);
    return store.walk(Family.HISTORY, cursor -> versions(cursor, from, limit));
  }

  @Override
  public List<HistoryItem> historyBelow(
      RelativePath directory, Optional<HistoryItem> after, int limit) {
    if (directory.isRoot()) {
      return historyAfter(after, limit);
    }
    byte[] name = directory.toArray();
    byte[] from = after.map(Keys::behind).orElseGet(() -> append(name, SEPARATOR));
    return store.walkUntil(
        Family.HISTORY,
        append(name, (byte) (SEPARATOR + 1)),
        cursor -> versions(cursor, from, limit));
  }

  private List<HistoryItem> versions(Store.Cursor cursor, byte[] from, int limit)
      throws RocksDBException {
    List<HistoryItem> items = new ArrayList<>();
    cursor.seek(from);
    while (items.size() < limit && cursor.valid()) {
      items.add(decode(cursor.value(), JournalCodec::historyItem));
      cursor.next();
    }
    return items;
  }

  @Override
  public List<HistoryItem> historyBefore(long beforeMillis, int limit) {
    byte[] end = Keys.historyTime(beforeMillis);
    return store.read(view -> {
      List<HistoryItem> items = new ArrayList<>();
      try (Store.Cursor cursor = view.cursor(Family.HISTORY_TIMES)) {
        cursor.seek(ROOT_KEY);
        while (items.size() < limit
            && cursor.valid()
            && Arrays.compareUnsigned(cursor.key(), end) < 0) {
          Optional<byte[]> item = view.get(Family.HISTORY, Keys.historyOfTime(cursor.key()));
          Invariant.check(item.isPresent(), "every time in the history has its version");
          items.add(decode(item.get(), JournalCodec::historyItem));
          cursor.next();
        }
      }
      return items;
    });
  }

  @Override
  public void close() {
    store.close();
  }

  private <T> Optional<T> get(Family family, byte[] key, Decoder<T> decoder) {
    return store.get(family, key).map(value -> decode(value, decoder));
  }

  private <T> SortedMap<RelativePath, T> after(
      Family family, byte[] from, int limit, Decoder<T> decoder) {
    return store.walk(family, cursor -> read(cursor, from, limit, decoder));
  }

  private <T> SortedMap<RelativePath, T> read(
      Store.Cursor cursor, byte[] from, int limit, Decoder<T> decoder) throws RocksDBException {
    TreeMap<RelativePath, T> found = new TreeMap<>();
    cursor.seek(from);
    while (found.size() < limit && cursor.valid()) {
      found.put(RelativePath.of(cursor.key()), decode(cursor.value(), decoder));
      cursor.next();
    }
    return found;
  }

  private <T> T decode(byte[] value, Decoder<T> decoder) {
    try {
      return decoder.decode(value);
    } catch (CodecException e) {
      throw store.failure("holds an unreadable value", e);
    }
  }
}
