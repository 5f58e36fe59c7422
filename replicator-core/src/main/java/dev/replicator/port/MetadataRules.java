package dev.replicator.port;

import java.util.Optional;

/**
 * What a root takes of the metadata that peers ask for.
 *
 * @param setId what becomes of set-id bits and capabilities of files
 * @param unknownOwner whose a thing becomes that belongs to a user this machine does not know, by
 *     name or number; without one it takes the number
 * @param unknownGroup the same of groups
 */
public record MetadataRules(
    SetId setId, Optional<String> unknownOwner, Optional<String> unknownGroup) {
  public static final MetadataRules DEFAULT =
      new MetadataRules(SetId.STRIPPED, Optional.empty(), Optional.empty());

  /** Whether a peer may give a file the rights of its owner, or a part of root's. */
  public enum SetId {
    STRIPPED,
    ALLOWED
  }
}
