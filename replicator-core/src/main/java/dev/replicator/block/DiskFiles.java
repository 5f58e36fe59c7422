package dev.replicator.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The files of this machine. */
public final class DiskFiles implements ConfigurationFiles {
  private static final int BYTES_MAX = 1_024 * 1_024;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  @Override
  public Secret secret(String path) throws IOException {
    Path file = Path.of(path);
    try {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IOException(path + " may be read by others than its owner: chmod 600 it");
      }
      return new Secret(read(path).orElseThrow(() -> new NoSuchFileException(path)).strip());
    } catch (NoSuchFileException absent) {
      throw new IOException(
          path + " does not exist: make the secret on one node as BLOCK.md says, and copy it",
          absent);
    } catch (IllegalArgumentException wrong) {
      throw new IOException(path + ": " + wrong.getMessage(), wrong);
    }
  }

  @Override
  public Optional<String> read(String path) throws IOException {
    Path file = Path.of(path);
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IOException(path + " is longer than any configuration");
      }
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  @Override
  public boolean executable(String path) {
    return Files.isRegularFile(Path.of(path)) && Files.isExecutable(Path.of(path));
  }

  @Override
  public void write(RenderedFile file) throws IOException {
    Path target = Path.of(file.path());
    Path directory = Optional.ofNullable(target.getParent()).orElse(target);
    Path staged = directory.resolve("." + target.getFileName() + ".replicator");
    Files.createDirectories(directory);
    Files.deleteIfExists(staged);
    String rights = file.secret() ? "rw-------" : "rw-r--r--";
    try (FileChannel channel =
        FileChannel.open(
            staged,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights)))) {
      ByteBuffer text = StandardCharsets.ISO_8859_1.encode(file.text());
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    // The mask of the process may have taken rights that drbdadm or o2cb need.
    Files.setPosixFilePermissions(staged, PosixFilePermissions.fromString(rights));
    keepForeign(target);
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private void keepForeign(Path target) throws IOException {
    Optional<String> is = read(target.toString());
    if (is.isPresent() && !is.get().startsWith(RenderedFile.MARK)) {
      Path kept = target.resolveSibling(target.getFileName() + ".before-replicator");
      try {
        Files.copy(target, kept, StandardCopyOption.COPY_ATTRIBUTES);
      } catch (FileAlreadyExistsException earlier) {
        throw new IOException(kept + " is there already; move it away", earlier);
      }
    }
  }

  @Override
  public void set(String path, String value) throws IOException {
    Files.writeString(
        Path.of(path), value + "\n", StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
  }
}
