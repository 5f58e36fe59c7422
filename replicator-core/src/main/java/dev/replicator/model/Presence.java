package dev.replicator.model;

import java.util.Optional;

/**
 * By what the materialised path is counted and found, apart from its name.
 *
 * @param file which file is there; empty where there is none
 * @param content what that holds
 */
public record Presence(Census census, Optional<FileKey> file, Optional<Digest> content) {
  public static final Presence NONE = new Presence(Census.NONE, Optional.empty(), Optional.empty());

  public static Presence of(Materialised there) {
    return new Presence(Census.of(there), there.file(), there.entry().content());
  }
}
