package dev.replicator.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The time by which things in the vault are old, in milliseconds since the epoch: what the machine
 * says may be years ahead, and so may whatever else the last run wrote down.
 */
public final class KeptTime {
  private final Path file;
  private final Path drafts;

  KeptTime(Path file, Path drafts) {
    this.file = file;
    this.drafts = drafts;
  }

  /** Empty where none was kept yet. */
  public OptionalLong read() throws IOException {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (NoSuchFileException | NumberFormatException never) {
      return OptionalLong.empty();
    }
  }

  public void keep(long millis) throws IOException {
    Path draft = drafts.resolve(UUID.randomUUID().toString());
    Files.writeString(draft, millis + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
