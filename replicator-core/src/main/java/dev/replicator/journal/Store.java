package dev.replicator.journal;

import dev.replicator.model.Invariant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;

/**
 * An open database: bytes by family and key. Calls after {@link #close} are refused and a close
 * waits for calls under way, for native code would read freed memory.
 */
final class Store implements AutoCloseable {
  /** A part of the work that reads the database. */
  interface Reading<T> {
    T read(View view) throws RocksDBException;
  }

  /** A part of the work that reads one family in its order. */
  interface Walking<T> {
    T walk(Cursor cursor) throws RocksDBException;
  }

  private final Path directory;
  private final Settings settings;
  private final RocksDB database;
  private final EnumMap<Family, ColumnFamilyHandle> handles;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;
  private volatile boolean failed;

  Store(
      Path directory,
      Settings settings,
      RocksDB database,
      Map<Family, ColumnFamilyHandle> handles) {
    this.directory = directory;
    this.settings = settings;
    this.database = database;
    this.handles = new EnumMap<>(handles);
  }

  Optional<byte[]> get(Family family, byte[] key) {
    lock.readLock().lock();
    try {
      requireOpen();
      return Optional.ofNullable(database.get(handle(family), key));
    } catch (RocksDBException e) {
      throw failure("cannot be read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Reads several things as they stood at one time. */
  <T> T read(Reading<T> reading) {
    lock.readLock().lock();
    try {
      requireOpen();
      Snapshot snapshot = database.getSnapshot();
      try (ReadOptions options = new ReadOptions().setSnapshot(snapshot)) {
        return reading.read(new View(options));
      } finally {
        database.releaseSnapshot(snapshot);
      }
    } catch (RocksDBException e) {
      throw failure("cannot be read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * As {@link #read}, of one family: a cursor alone sees all of it as it stood when it was made.
   */
  <T> T walk(Family family, Walking<T> walking) {
    try (ReadOptions all = new ReadOptions()) {
      return walk(family, all, walking);
    }
  }

  /** As {@link #walk}; for the cursor nothing is at {@code end} or behind it. */
  <T> T walkUntil(Family family, byte[] end, Walking<T> walking) {
    try (Slice bound = new Slice(end);
        ReadOptions options = new ReadOptions().setIterateUpperBound(bound)) {
      return walk(family, options, walking);
    }
  }

  private <T> T walk(Family family, ReadOptions options, Walking<T> walking) {
    lock.readLock().lock();
    try {
      requireOpen();
      try (Cursor cursor = new Cursor(database.newIterator(handle(family), options))) {
        return walking.walk(cursor);
      }
    } catch (RocksDBException e) {
      throw failure("cannot be read", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The database as it stood at one time. Not for use by several threads. */
  final class View {
    private final ReadOptions options;

    private View(ReadOptions options) {
      this.options = options;
    }

    Optional<byte[]> get(Family family, byte[] key) throws RocksDBException {
      return Optional.ofNullable(database.get(handle(family), options, key));
    }

    Cursor cursor(Family family) {
      return new Cursor(database.newIterator(handle(family), options));
    }
  }

  /** A place in the order of keys. */
  static final class Cursor implements AutoCloseable {
    private final RocksIterator iterator;

    private Cursor(RocksIterator iterator) {
      this.iterator = iterator;
    }

    void seek(byte[] key) {
      iterator.seek(key);
    }

    void seekToLast() {
      iterator.seekToLast();
    }

    void next() {
      iterator.next();
    }

    /** Whether there is a key here; an iterator that failed must not pass for one at its end. */
    boolean valid() throws RocksDBException {
      if (iterator.isValid()) {
        return true;
      }
      iterator.status();
      return false;
    }

    byte[] key() {
      return iterator.key();
    }

    byte[] value() {
      return iterator.value();
    }

    @Override
    public void close() {
      iterator.close();
    }
  }

  /** Changes that are made together, by {@link #write}; the store stays open meanwhile. */
  final class Writes implements AutoCloseable {
    private final WriteBatch batch;

    Writes() {
      lock.readLock().lock();
      boolean ready = false;
      try {
        requireOpen();
        batch = new WriteBatch();
        ready = true;
      } finally {
        if (!ready) {
          lock.readLock().unlock();
        }
      }
    }

    void put(Family family, byte[] key, byte[] value) {
      try {
        batch.put(handle(family), key, value);
      } catch (RocksDBException e) {
        throw failure("cannot be written", e);
      }
    }

    void delete(Family family, byte[] key) {
      try {
        batch.delete(handle(family), key);
      } catch (RocksDBException e) {
        throw failure("cannot be written", e);
      }
    }

    @Override
    public void close() {
      batch.close();
      lock.readLock().unlock();
    }
  }

  /** After a failure every write fails: the log may end in a record that is not whole. */
  void write(Writes writes) {
    lock.readLock().lock();
    try {
      requireOpen();
      requireSound();
      database.write(settings.append(), writes.batch);
    } catch (RocksDBException e) {
      failed = true;
      throw failure("cannot be written", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * A failed sync is never tried again: the kernel may have dropped the pages it could not write.
   */
  void sync() {
    lock.readLock().lock();
    try {
      requireOpen();
      requireSound();
      database.flushWal(true);
    } catch (RocksDBException e) {
      failed = true;
      throw failure("cannot be synced", e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private void requireOpen() {
    Invariant.check(!closed, "a closed journal is not used");
  }

  private void requireSound() {
    if (failed) {
      throw new UncheckedIOException(
          new IOException("the journal in " + directory + " failed before"));
    }
  }

  private ColumnFamilyHandle handle(Family family) {
    ColumnFamilyHandle handle = handles.get(family);
    if (handle == null) {
      throw new AssertionError("every family is opened: " + family);
    }
    return handle;
  }

  UncheckedIOException failure(String what, Exception cause) {
    return new UncheckedIOException(
        new IOException(
            "the journal in " + directory + " " + what + ": " + cause.getMessage(), cause));
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      handles.values().forEach(ColumnFamilyHandle::close);
      database.close();
      settings.close();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
