package dev.replicator.net.pairing;

import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.RelativePath;
import java.util.Optional;
import java.util.function.Consumer;

/** What a node holds, told to one that tries whether to join. */
public interface TreeSummary {
  /**
   * One path that shows.
   *
   * @param digest of a file: its digest; of a symlink: SHA-256 of its target; otherwise empty
   */
  record Item(RelativePath path, EntryType type, long size, Optional<Digest> digest) {}

  /**
   * Gives every path of {@code root} to {@code consumer}, which may block, in any order. Called on
   * a worker; ends early by what the consumer throws.
   */
  void each(String root, Consumer<Item> consumer);
}
