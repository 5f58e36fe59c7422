package dev.replicator.net.pairing;

import dev.replicator.model.Bytes;
import dev.replicator.model.NodeId;
import dev.replicator.net.session.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Invitations as files of one directory: {@code <id>} while open, {@code <id>.used} once spent. To
 * use one up is to rename its file, which only one can do.
 */
public final class InvitationFiles implements Invitations {
  private static final Logger LOG = LoggerFactory.getLogger(InvitationFiles.class);
  private static final Pattern OPEN_NAME = Pattern.compile("[0-9a-f]{16}");
  private static final String USED = ".used";
  private static final String VERSION = "replicator-invitation-1";
  private static final int FILE_BYTES_MAX = 1_024;
  private static final Set<PosixFilePermission> SECRET =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Path directory;
  private final SecureRandom random = new SecureRandom();

  public InvitationFiles(Path directory) {
    this.directory = directory;
  }

  /** Draws an invitation and keeps what is needed to recognise it; its secret is kept nowhere. */
  public Invitation create(Address address, NodeId inviter, Duration valid, long nowMillis)
      throws IOException {
    if (valid.toMillis() < 1 || valid.toMillis() > PairingLimits.INVITATION_MILLIS_MAX) {
      throw new IllegalArgumentException("an invitation is valid for up to 7 days");
    }
    ensureDirectory();
    sweep(nowMillis);
    if (open(nowMillis).size() >= PairingLimits.INVITATIONS_OPEN_MAX) {
      throw new IOException(
          "%d invitations are open already: use them, or remove their files in %s"
              .formatted(PairingLimits.INVITATIONS_OPEN_MAX, directory));
    }
    InvitationId id = new InvitationId(draw(InvitationId.LENGTH_BYTES));
    Bytes secret = draw(Invitation.SECRET_BYTES);
    long expiryMillis = nowMillis + valid.toMillis();
    Invitation invitation = new Invitation(address, inviter, id, secret, expiryMillis);
    write(id, Proof.verifier(secret), expiryMillis);
    return invitation;
  }

  @Override
  public boolean anyOpen(long nowMillis) {
    try {
      return !open(nowMillis).isEmpty();
    } catch (IOException e) {
      LOG.warn("invitations in {} cannot be listed: {}", directory, e.toString());
      return false;
    }
  }

  @Override
  public Lookup find(InvitationId id, long nowMillis) {
    Path file = directory.resolve(id.toString());
    try {
      Optional<Lookup.Open> found = read(file);
      if (found.isPresent()) {
        return found.get().expiryMillis() > nowMillis ? found.get() : new Lookup.Expired();
      }
      return Files.exists(usedOf(file), LinkOption.NOFOLLOW_LINKS)
          ? new Lookup.Used()
          : new Lookup.Unknown();
    } catch (IOException e) {
      LOG.warn("invitation {} cannot be read: {}", id, e.toString());
      return new Lookup.Unknown();
    }
  }

  @Override
  public boolean consume(InvitationId id) {
    Path file = directory.resolve(id.toString());
    try {
      Files.move(file, usedOf(file), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("an invitation cannot be used up", e);
    }
  }

  private void ensureDirectory() throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      FileAttribute<Set<PosixFilePermission>> mode =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      Files.createDirectories(directory, mode);
    }
  }

  private Bytes draw(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Bytes.copyOf(bytes);
  }

  private void write(InvitationId id, Bytes verifier, long expiryMillis) throws IOException {
    String text = String.join("\n", VERSION, verifier.toHex(), Long.toString(expiryMillis), "");
    // Under another name first: the daemon must never read half of it.
    Path staged =
        Files.createTempFile(
            directory, "new", ".tmp", PosixFilePermissions.asFileAttribute(SECRET));
    try {
      Files.writeString(staged, text, StandardCharsets.US_ASCII, StandardOpenOption.WRITE);
      Files.move(staged, directory.resolve(id.toString()), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  private static Optional<Lookup.Open> read(Path file) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile() || attributes.size() > FILE_BYTES_MAX) {
        throw new IOException("not a file of ours");
      }
      List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
      if (lines.size() != 3 || !lines.get(0).equals(VERSION)) {
        throw new IOException("not of this version");
      }
      Bytes verifier = Bytes.copyOf(HexFormat.of().parseHex(lines.get(1)));
      return Optional.of(new Lookup.Open(verifier, Long.parseLong(lines.get(2))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException("not written by us", e);
    }
  }

  private List<Path> open(long nowMillis) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (OPEN_NAME.matcher(String.valueOf(file.getFileName())).matches()
            && isOpen(file, nowMillis)) {
          found.add(file);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return found;
  }

  private static boolean isOpen(Path file, long nowMillis) {
    try {
      return read(file).filter(open -> open.expiryMillis() > nowMillis).isPresent();
    } catch (IOException e) {
      LOG.warn("invitation {} cannot be read: {}", file, e.toString());
      return false;
    }
  }

  /** Forgets what was spent or has expired long ago. */
  private void sweep(long nowMillis) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        long age =
            nowMillis - Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
        boolean spent = !isOpen(file, nowMillis);
        if (spent && age > PairingLimits.INVITATION_MILLIS_MAX + PairingLimits.SPENT_MILLIS) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static Path usedOf(Path file) {
    return file.resolveSibling(file.getFileName() + USED);
  }
}
