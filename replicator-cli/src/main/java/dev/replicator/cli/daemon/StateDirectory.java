package dev.replicator.cli.daemon;

import dev.replicator.cli.exit.ExitCode;
import dev.replicator.cli.exit.Failure;
import dev.replicator.model.Initial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where this node keeps what it must remember. Nobody but its own user may look inside. */
public final class StateDirectory {
  private static final String OWNER_ONLY = "rwx------";
  static final String ROOTS = "roots";
  static final String JOURNAL = "journal";
  private static final int PID_BYTES_MAX = 32;

  private final Path path;

  private StateDirectory(Path path) {
    this.path = path;
  }

  /** Creates it where it is missing and closes it to others where it is open. */
  public static StateDirectory prepare(Path path) throws Failure {
    try {
      if (Files.isSymbolicLink(path) && !Files.isDirectory(path)) {
        throw refused(path + " is a symbolic link that leads nowhere", null);
      }
      if (!Files.exists(path)) {
        Files.createDirectories(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
      }
      if (!Files.isDirectory(path)) {
        throw refused("the state directory " + path + " is not a directory", null);
      }
      Path real = path.toRealPath();
      if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(real)).equals(OWNER_ONLY)) {
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString(OWNER_ONLY));
      }
      return new StateDirectory(real);
    } catch (IOException failure) {
      throw refused(
          "cannot use the state directory "
              + path
              + " ("
              + failure
              + "): create it for this user with mode 0700, or set state to another one",
          failure);
    }
  }

  private static Failure refused(String message, @Nullable Throwable cause) {
    return cause == null
        ? new Failure(ExitCode.REFUSED, message)
        : new Failure(ExitCode.REFUSED, message, cause);
  }

  public Path path() {
    return path;
  }

  /** Open and spent invitations. */
  public Path invitations() {
    return path.resolve("invitations");
  }

  /** What this node decided for pairs of others. */
  public Path arbitration() {
    return path.resolve("arbitration");
  }

  /** Whether this node has roots or peers from before. */
  boolean hasServed() {
    return Files.exists(path.resolve(ROOTS)) || Files.exists(path.resolve("peers"));
  }

  /** Where what belongs to the root {@code name} is, in the state directory {@code path}. */
  public static Path root(Path path, String name) {
    return path.resolve(ROOTS).resolve(name);
  }

  /** What one root keeps: journal, vault, staging. */
  public Path root(String name) throws Failure {
    Path directory = root(path, name);
    try {
      return Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
    } catch (IOException failure) {
      throw refused("cannot create " + directory + ": " + failure, failure);
    }
  }

  /** What {@code join --initial} asked for; counts only while the root's journal is new. */
  public Initial initial(String root) throws Failure {
    Path file = root(path, root).resolve("initial");
    try {
      String word = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return Initial.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (NoSuchFileException usual) {
      return Initial.UNION;
    } catch (IOException | IllegalArgumentException broken) {
      throw refused(file + " must hold union, mine or theirs: " + broken, broken);
    }
  }

  /** Remembers {@code initial} for the first start of {@code root}. */
  public void initial(String root, Initial initial) throws Failure {
    Path file = root(root).resolve("initial");
    try {
      Files.writeString(file, initial.name().toLowerCase(Locale.ROOT) + "\n");
    } catch (IOException failure) {
      throw refused("cannot write " + file + ": " + failure, failure);
    }
  }

  /** Whether {@code root} was replicated here before: then its journal says what was found. */
  public boolean hasJournal(String root) {
    return Files.exists(root(path, root).resolve(JOURNAL), LinkOption.NOFOLLOW_LINKS);
  }

  /** The root is live: whatever journal comes after this one adopts what it finds as union. */
  void forgetInitial(String root) throws IOException {
    Files.deleteIfExists(root(path, root).resolve("initial"));
  }

  /**
   * Makes sure that no other process works on this directory, until the lock is closed or the
   * process ends.
   */
  public Lock lock() throws Failure {
    Path file = path.resolve("lock");
    FileChannel channel = null;
    try {
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
      Optional<FileLock> lock = tryLock(channel);
      if (lock.isEmpty()) {
        String owner = owner(channel);
        channel.close();
        throw refused(
            "the state directory " + path + " is in use by process " + owner + "; stop it first",
            null);
      }
      channel.truncate(0);
      channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
      return new Lock(channel);
    } catch (IOException failure) {
      close(channel);
      throw refused("cannot lock " + file + ": " + failure, failure);
    }
  }

  private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
    try {
      return Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException ours) {
      return Optional.empty();
    }
  }

  private static void close(@Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException ignored) {
      // The failure that led here is told.
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(PID_BYTES_MAX);
    channel.read(buffer, 0);
    byte[] octets = Arrays.copyOf(buffer.array(), buffer.position());
    String text = new String(octets, StandardCharsets.US_ASCII).strip();
    return text.isEmpty() ? "(unknown)" : text;
  }

  /** Held while the daemon runs. */
  public static final class Lock implements AutoCloseable {
    private final FileChannel channel;

    private Lock(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void close() {
      StateDirectory.close(channel);
    }
  }
}
