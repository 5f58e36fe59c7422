package dev.replicator.model;

import java.time.Instant;

/**
 * What a path should hold on this disk.
 *
 * @param mtime of a file or a symbolic link; of no meaning for other types
 * @param attributes whose type is that of {@code entry}; of no meaning when it is Absent
 */
public record Target(Entry entry, Instant mtime, Attributes attributes) {
  public static final Attributes NO_ATTRIBUTES =
      new Attributes(EntryType.DIRECTORY, 0, new Principal("", 0), new Principal("", 0));
  public static final Target ABSENT = new Target(Entry.ABSENT, Instant.EPOCH, NO_ATTRIBUTES);

  public Target {
    if (entry.isPresent() && attributes.type() != entry.type()) {
      throw new IllegalArgumentException(
          "attributes of " + attributes.type() + " for " + entry.type());
    }
  }
}
