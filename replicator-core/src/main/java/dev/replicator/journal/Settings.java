package dev.replicator.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/** How RocksDB runs here: in a few dozen MiB, on a web node that has other work. */
final class Settings implements AutoCloseable {
  private static final long MIB = 1_024 * 1_024;

  private static final long BLOCK_CACHE_BYTES = 12 * MIB;
  private static final long WRITE_BUFFERS_BYTES_MAX = 24 * MIB;
  private static final long HEAVY_BUFFER_BYTES = 8 * MIB;
  private static final long LIGHT_BUFFER_BYTES = MIB;
  private static final long WAL_BYTES_MAX = 32 * MIB;
  private static final long TABLE_BYTES = 16 * MIB;
  private static final long LEVEL_BASE_BYTES = 64 * MIB;
  private static final long BLOCK_BYTES = 8 * 1_024;
  private static final int BLOOM_BITS = 10;
  private static final int OPEN_FILES_MAX = 256;
  private static final int THREADS = 2;
  private static final long INFO_LOG_BYTES = MIB;
  private static final long INFO_LOGS = 2;

  private final Deque<RocksObject> owned = new ArrayDeque<>();
  private final DBOptions database;
  private final ColumnFamilyOptions heavy;
  private final ColumnFamilyOptions light;
  private final WriteOptions append;

  Settings() {
    Cache cache = own(new LRUCache(BLOCK_CACHE_BYTES));
    Filter bloom = own(new BloomFilter(BLOOM_BITS));
    BlockBasedTableConfig table =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setBlockSize(BLOCK_BYTES)
            .setFilterPolicy(bloom);
    database = own(databaseOptions());
    heavy = own(family(table, HEAVY_BUFFER_BYTES));
    light = own(family(table, LIGHT_BUFFER_BYTES));
    append = own(new WriteOptions());
    append.setSync(false);
  }

  /*
   * After a power cut the end of the log may be torn, or hold a hole of zeros where a later page
   * reached the disk before an earlier one. Point-in-time recovery is the one mode that then gives
   * a prefix of what was appended: it stops at the first record that is not whole or does not
   * continue the sequence. The mode that merely tolerates a torn tail passes over a hole and
   * applies what stands behind it. What is lost is at most what was not synced; a journal that lost
   * more, because its disk lies, is older than its peers remember, which they tell at the next
   * Hello. Damage anywhere else (tables, manifest, a log older than a table) refuses to open.
   */
  private static DBOptions databaseOptions() {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
        .setAvoidFlushDuringRecovery(true)
        .setMaxTotalWalSize(WAL_BYTES_MAX)
        .setDbWriteBufferSize(WRITE_BUFFERS_BYTES_MAX)
        .setMaxOpenFiles(OPEN_FILES_MAX)
        .setMaxBackgroundJobs(THREADS)
        .setMaxSubcompactions(1)
        .setBytesPerSync(MIB)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES)
        .setKeepLogFileNum(INFO_LOGS)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0);
  }

  private static ColumnFamilyOptions family(BlockBasedTableConfig table, long bufferBytes) {
    return new ColumnFamilyOptions()
        .setTableFormatConfig(table)
        .setWriteBufferSize(bufferBytes)
        .setMaxWriteBufferNumber(2)
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTargetFileSizeBase(TABLE_BYTES)
        .setMaxBytesForLevelBase(LEVEL_BASE_BYTES);
  }

  private <T extends RocksObject> T own(T object) {
    owned.push(object);
    return object;
  }

  DBOptions database() {
    return database;
  }

  ColumnFamilyOptions family(Family.Load load) {
    return switch (load) {
      case HEAVY -> heavy;
      case LIGHT -> light;
    };
  }

  /** Into the log of the operating system's memory: survives the process, not a power cut. */
  WriteOptions append() {
    return append;
  }

  /** The last made is closed first: what uses another object goes before it. */
  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
