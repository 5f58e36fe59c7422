package dev.replicator.net.http;

import dev.replicator.net.session.ListenException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix socket: it appears in one step with mode 0600, and replaces only what a daemon
 * that is gone has left.
 */
final class UnixSocketFile {
  private final Path path;
  private final Path staged;
  private @Nullable Object identity;

  UnixSocketFile(Path path) throws ListenException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > HttpLimits.SOCKET_PATH_BYTES_MAX) {
      throw new ListenException(
          ListenException.Cause.OTHER,
          "the path of the socket is %d bytes long and the kernel allows about %d: configure"
                  .formatted(length, HttpLimits.SOCKET_PATH_BYTES_MAX)
              + " a shorter one, for example below /run ("
              + path
              + ")",
          new IOException("path too long"));
    }
    this.path = path;
    this.staged = path.resolveSibling(path.getFileName() + ".new");
  }

  /** Where to bind; {@link #publish} follows. Refuses when a daemon answers already. */
  UnixDomainSocketAddress prepare() throws IOException, ListenException {
    Optional<BasicFileAttributes> there = attributes(path);
    if (there.isPresent() && !there.get().isOther()) {
      throw new ListenException(
          ListenException.Cause.OTHER,
          path + " exists and is no socket: remove it or configure another path",
          new IOException("not a socket"));
    }
    if (there.isPresent() && isAnswering(path)) {
      throw new ListenException(
          ListenException.Cause.PORT_IN_USE,
          "another daemon answers on "
              + path
              + " already: stop it, or give this one another"
              + " state directory",
          new IOException("in use"));
    }
    Files.deleteIfExists(staged);
    return UnixDomainSocketAddress.of(staged);
  }

  /** Shows the bound socket under its name, to its owner only. */
  void publish() throws IOException {
    Files.setPosixFilePermissions(staged, PosixFilePermissions.fromString("rw-------"));
    identity = attributes(staged).map(BasicFileAttributes::fileKey).orElse(null);
    Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Removes the file, if it is still the one that was published. */
  void remove() throws IOException {
    Object ours = identity;
    if (ours != null
        && attributes(path).map(BasicFileAttributes::fileKey).filter(ours::equals).isPresent()) {
      Files.deleteIfExists(path);
    }
  }

  private static boolean isAnswering(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
