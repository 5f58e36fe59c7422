package dev.replicator.net.identity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** PEM files that are written whole or not at all, and a secret one that nobody else may read. */
final class KeyFiles {
  private static final int FILE_BYTES_MAX = 64 * 1_024;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private KeyFiles() {}

  /** The bytes of the PEM block in {@code file}, or empty when there is no such file. */
  static Optional<byte[]> read(Path file, String label) throws IOException, IdentityException {
    byte[] text;
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new IdentityException(file + " is too large to be a PEM file");
      }
      text = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    String body = new String(text, StandardCharsets.US_ASCII).strip();
    String begin = begin(label);
    String end = end(label);
    if (!body.startsWith(begin) || !body.endsWith(end)) {
      throw new IdentityException(file + " is not a PEM file that holds one " + label);
    }
    String encoded = body.substring(begin.length(), body.length() - end.length());
    try {
      return Optional.of(Base64.getMimeDecoder().decode(encoded));
    } catch (IllegalArgumentException e) {
      throw new IdentityException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Refuses a key that others can read or that another account put there. */
  static void checkSecret(Path file) throws IOException, IdentityException {
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if (!attributes.isRegularFile()) {
      throw new IdentityException(file + " must be a regular file, not a link or a directory");
    }
    Set<PosixFilePermission> open = EnumSet.copyOf(OF_OTHERS);
    open.retainAll(attributes.permissions());
    if (!open.isEmpty()) {
      throw new IdentityException(
          "%s is open to others (%s): the key may be known. Run \"chmod 600 %s\"; if others have"
                  .formatted(file, PosixFilePermissions.toString(attributes.permissions()), file)
              + " accounts here, remove it and pair again");
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && !Files.getOwner(directory).equals(attributes.owner())) {
      throw new IdentityException(
          "%s belongs to %s, its directory to %s: only the daemon's account may write the key"
              .formatted(file, attributes.owner().getName(), Files.getOwner(directory).getName()));
    }
  }

  /** Replaces {@code file} in one step; only its owner can read it. */
  static void write(Path file, String label, byte[] content) throws IOException {
    String encoded = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    byte[] text =
        (begin(label) + "\n" + encoded + "\n" + end(label) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    Path directory = file.toAbsolutePath().getParent();
    Path staged =
        Files.createTempFile(
            directory,
            ".key",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      try (FileChannel channel = FileChannel.open(staged, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(text);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(staged);
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String begin(String label) {
    return "-----BEGIN " + label + "-----";
  }

  private static String end(String label) {
    return "-----END " + label + "-----";
  }
}
