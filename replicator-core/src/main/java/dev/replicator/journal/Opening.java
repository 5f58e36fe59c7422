package dev.replicator.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Finds out what a directory holds and opens it when it is a journal of ours, or nothing yet. */
final class Opening {
  /** Raised when a release can no longer read, or go on with, what an earlier one stored. */
  static final int FORMAT = 2;

  static final byte[] FORMAT_KEY = "replicator-format".getBytes(StandardCharsets.UTF_8);

  private static final String CURRENT = "CURRENT";
  private static final String ABANDONED = "ABANDONED";

  private final Path directory;

  Opening(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** Says that what is in {@code directory} is not to be gone on with. */
  static void abandon(Path directory) throws IOException {
    Files.writeString(directory.resolve(ABANDONED), "");
  }

  /** It stays beside the new one until another one is abandoned. */
  private void setAsideWhatWasAbandoned() throws IOException {
    if (!Files.exists(directory.resolve(ABANDONED))) {
      return;
    }
    Path aside = directory.resolveSibling(directory.getFileName() + "-abandoned");
    if (Files.exists(aside)) {
      try (Stream<Path> last = Files.walk(aside)) {
        for (Path each : last.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    Files.move(directory, aside);
  }

  Store open() throws IOException {
    loadLibrary();
    setAsideWhatWasAbandoned();
    prepareDirectory();
    if (Files.exists(directory.resolve(CURRENT))) {
      requireKnownFamilies();
    } else {
      requireNoJournal();
    }
    Settings settings = new Settings();
    boolean opened = false;
    try {
      Store store = open(settings);
      opened = true;
      return store;
    } finally {
      if (!opened) {
        settings.close();
      }
    }
  }

  private static void loadLibrary() throws IOException {
    try {
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError | RuntimeException e) {
      throw new IOException(
          "the RocksDB library cannot be loaded: it must be on java.library.path, or"
              + " java.io.tmpdir must name a directory from which programs may run: "
              + e.getMessage(),
          e);
    }
  }

  private void prepareDirectory() throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    boolean posix = parent == null || Files.getFileStore(parent).supportsFileAttributeView("posix");
    if (!posix) {
      Files.createDirectories(directory);
      return;
    }
    var owner = PosixFilePermissions.fromString("rwx------");
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(owner));
    }
    Files.getFileAttributeView(directory, PosixFileAttributeView.class).setPermissions(owner);
  }

  /** Without the file that names its manifest, RocksDB would begin anew over what is there. */
  private void requireNoJournal() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      for (String name : names) {
        if (name.endsWith(".sst") || name.endsWith(".log")) {
          throw new JournalCorruptException(directory, "its file " + CURRENT + " is missing");
        }
        boolean unfinished =
            name.equals("LOCK")
                || name.equals("IDENTITY")
                || name.equals("LOG")
                || name.startsWith("LOG.old.")
                || name.startsWith("MANIFEST-")
                || name.endsWith(".dbtmp");
        if (!unfinished) {
          throw JournalFormatException.unknown(directory);
        }
      }
    }
  }

  /** Before anything is opened for writing, which would add the families that are missing. */
  private void requireKnownFamilies() throws IOException {
    TreeSet<String> unknown = new TreeSet<>();
    try (Options options = new Options()) {
      for (byte[] label : RocksDB.listColumnFamilies(options, directory.toString())) {
        unknown.add(new String(label, StandardCharsets.UTF_8));
      }
    } catch (RocksDBException e) {
      throw refusal(e);
    }
    List<String> listed = List.copyOf(unknown);
    for (Family family : Family.values()) {
      unknown.remove(new String(family.label(), StandardCharsets.UTF_8));
    }
    if (!unknown.isEmpty() || listed.size() < Family.values().length) {
      Optional<Long> format = formatOf(listed);
      if (format.isPresent() && format.get() != FORMAT) {
        throw refusal(format.get());
      }
    }
    if (!unknown.isEmpty()) {
      throw JournalFormatException.unknown(directory);
    }
  }

  private JournalFormatException refusal(long format) {
    return format > FORMAT
        ? JournalFormatException.newer(directory, format, FORMAT)
        : JournalFormatException.older(directory, format, FORMAT);
  }

  /** Whatever families another format has, its version stands where ours does. */
  private Optional<Long> formatOf(List<String> listed) throws IOException {
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (Settings settings = new Settings();
        RocksDB database =
            RocksDB.openReadOnly(
                settings.database(),
                directory.toString(),
                descriptors(settings, listed),
                handles)) {
      byte[] format = database.get(FORMAT_KEY);
      handles.forEach(ColumnFamilyHandle::close);
      return format != null && format.length == Long.BYTES && read(format) >= 1
          ? Optional.of(read(format))
          : Optional.empty();
    } catch (RocksDBException e) {
      throw refusal(e);
    }
  }

  private static List<ColumnFamilyDescriptor> descriptors(Settings settings, List<String> labels) {
    return labels.stream()
        .map(label ->
            new ColumnFamilyDescriptor(
                label.getBytes(StandardCharsets.UTF_8), settings.family(Family.Load.LIGHT)))
        .toList();
  }

  private Store open(Settings settings) throws IOException {
    List<ColumnFamilyDescriptor> descriptors =
        Arrays.stream(Family.values())
            .map(family ->
                new ColumnFamilyDescriptor(family.label(), settings.family(family.load())))
            .toList();
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    RocksDB database;
    try {
      database = RocksDB.open(settings.database(), directory.toString(), descriptors, handles);
    } catch (RocksDBException e) {
      throw refusal(e);
    }
    Map<Family, ColumnFamilyHandle> byFamily = new EnumMap<>(Family.class);
    for (Family family : Family.values()) {
      byFamily.put(family, handles.get(family.ordinal()));
    }
    Store store = new Store(directory, settings, database, byFamily);
    boolean ours = false;
    try {
      requireFormat(store, database.getLatestSequenceNumber() == 0);
      ours = true;
      return store;
    } finally {
      if (!ours) {
        store.close();
      }
    }
  }

  private void requireFormat(Store store, boolean untouched) throws IOException {
    Optional<byte[]> format = store.get(Family.META, FORMAT_KEY);
    if (format.isEmpty()) {
      if (!untouched) {
        throw JournalFormatException.unknown(directory);
      }
      try (Store.Writes writes = store.new Writes()) {
        writes.put(Family.META, FORMAT_KEY, Keys.number(FORMAT));
        store.write(writes);
      }
      store.sync();
      return;
    }
    if (format.get().length != Long.BYTES || read(format.get()) < 1) {
      throw new JournalCorruptException(directory, "its format version is unreadable");
    }
    if (read(format.get()) != FORMAT) {
      throw refusal(read(format.get()));
    }
  }

  private static long read(byte[] format) {
    return ByteBuffer.wrap(format).getLong();
  }

  /** RocksDB has no code for a held lock, nor for a table that its manifest names in vain. */
  private IOException refusal(RocksDBException e) {
    String message = String.valueOf(e.getMessage());
    Status status = e.getStatus();
    boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
    if (message.contains("lock file") || message.contains("lock hold by current process")) {
      return new JournalLockedException(directory, e);
    }
    if (corrupt || message.contains("No such file")) {
      return new JournalCorruptException(directory, message, e);
    }
    return new IOException("the journal in " + directory + " cannot be opened: " + message, e);
  }
}
