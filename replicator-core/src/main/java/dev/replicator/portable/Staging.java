package dev.replicator.portable;

import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Problem;
import dev.replicator.model.Problem.Kind;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import dev.replicator.port.TreeException;
import dev.replicator.portable.Links.Kept;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private directory in which objects wait before they get their name and after they lost it.
 */
final class Staging {
  private static final Logger log = LoggerFactory.getLogger(Staging.class);
  private static final int NAME_OCTETS = 16;
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}");
  private static final String PROBE = "probe";

  private final Path directory;
  private final Inspector inspector;
  private final SecureRandom random = new SecureRandom();
  private final FileAttribute<?>[] privateFile;
  private final FileAttribute<?>[] privateDirectory;

  private Staging(Path directory, Inspector inspector) throws IOException {
    this.directory = directory;
    this.inspector = inspector;
    this.privateFile = attributes(inspector, "rw-------");
    this.privateDirectory = attributes(inspector, "rwx------");
    Files.deleteIfExists(probe());
    Files.createFile(probe(), privateFile);
  }

  private static FileAttribute<?>[] attributes(Inspector inspector, String permissions) {
    return inspector.posix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Opens the staging directory below {@code storage}, creating both for us alone. */
  static Staging open(Path storage, Inspector inspector) throws IOException {
    createPrivate(storage, inspector);
    Path directory = storage.resolve("staging");
    createPrivate(directory, inspector);
    return new Staging(directory, inspector);
  }

  boolean isThere() {
    return Files.isDirectory(directory);
  }

  /** Makes sure that {@code directory} is a real directory that only we can enter. */
  static void createPrivate(Path directory, Inspector inspector) throws IOException {
    try {
      Files.createDirectory(directory, attributes(inspector, "rwx------"));
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        throw there;
      }
      if (inspector.posix()) {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
      }
    }
  }

  /** An empty file of ours, for trying things out. */
  Path probe() {
    return directory.resolve(PROBE);
  }

  /** Whether a rename of a file from here to {@code candidate}, a free name, works; undone. */
  boolean reaches(Path candidate) throws IOException {
    try {
      Files.move(probe(), candidate, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException elsewhere) {
      return false;
    }
    Files.move(candidate, probe(), StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  void removeProbe() throws IOException {
    Files.deleteIfExists(probe());
  }

  String freshName() {
    byte[] octets = new byte[NAME_OCTETS];
    random.nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }

  /**
   * Where what stands at {@code at} waits while it is changed: a name that is found again after a
   * crash. Should something wait there already, it stays, and the name is a fresh one.
   */
  String asideName(Path at, Intent intent) {
    String name = nameOf(at, intent);
    return Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS) ? freshName() : name;
  }

  private static String nameOf(Path at, Intent intent) {
    byte[] key = (at.toUri() + " " + intent.key()).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Arrays.copyOf(sha256(key), NAME_OCTETS));
  }

  private static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every Java has SHA-256", impossible);
    }
  }

  /** What {@code intent}'s exchange at {@code at} has put aside before a crash. */
  Optional<Aside> aside(Path at, Intent intent, Optional<Stamp> linked) throws TreeException {
    String name = nameOf(at, intent);
    return find(name, Optional.empty())
        .map(found -> {
          boolean one = linked.map(stamp -> isSame(stamp, found.stamp())).orElse(true);
          return new Aside(name, directory.resolve(name), found, one ? Kept.LINKED : Kept.COPIED);
        });
  }

  Path path(String name) throws TreeException {
    if (!NAME.matcher(name).matches()) {
      throw new TreeException(new Problem(Kind.REFUSED, "not a name of staging: " + name));
    }
    return directory.resolve(name);
  }

  SeekableByteChannel create(Path staged) throws IOException {
    return Files.newByteChannel(
        staged, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), privateFile);
  }

  void createDirectory(Path staged) throws IOException {
    Files.createDirectory(staged, privateDirectory);
  }

  SeekableByteChannel read(String name) throws TreeException {
    Path staged = path(name);
    try {
      if (inspector.look(staged) instanceof Look.Found found && found.type() == EntryType.FILE) {
        return Files.newByteChannel(
            staged, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    throw new TreeException(new Problem(Kind.OBSTRUCTED, "no file in staging: " + name));
  }

  /** What waits under {@code name}, when it is {@code stamp}'s object. */
  Optional<Look.Found> find(String name, Optional<Stamp> stamp) throws TreeException {
    if (name.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (inspector.look(path(name)) instanceof Look.Found found
          && stamp.map(expected -> isSame(expected, found.stamp())).orElse(true)) {
        return Optional.of(found);
      }
      return Optional.empty();
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  static boolean isSame(Stamp one, Stamp other) {
    return one.device() == other.device() && one.inode() == other.inode();
  }

  /** A second name first: it never replaces, and a crash leaves two names rather than none. */
  void release(String name, Path destination) throws TreeException {
    Path staged = path(name);
    try {
      try {
        Files.createLink(destination, staged);
      } catch (FileAlreadyExistsException there) {
        if (!Files.isSameFile(destination, staged)) {
          throw there;
        }
      } catch (FileSystemException | UnsupportedOperationException noLinks) {
        Files.move(staged, destination);
        return;
      }
      Files.delete(staged);
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  /** Removes an object; never what is in a directory. */
  void discard(String name) throws TreeException {
    try {
      Files.deleteIfExists(path(name));
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
  }

  /** Removes an object of no more use; a later start finds it when that fails. */
  void drop(Path staged) {
    try {
      Files.deleteIfExists(staged);
    } catch (IOException left) {
      log.warn("cannot remove {} from staging: {}", staged.getFileName(), left.toString());
    }
  }

  List<String> names() throws TreeException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        String name = String.valueOf(child.getFileName());
        if (NAME.matcher(name).matches()) {
          names.add(name);
        }
      }
    } catch (IOException failure) {
      throw TreeException.of(failure);
    }
    Collections.sort(names);
    return names;
  }
}
