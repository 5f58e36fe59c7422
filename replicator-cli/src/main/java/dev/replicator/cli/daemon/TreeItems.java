package dev.replicator.cli.daemon;

import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.net.pairing.TreeSummary;
import dev.replicator.runtime.SummaryItem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/** What a path holds in the words of pairing. */
public final class TreeItems {
  private TreeItems() {}

  /** Equal for equal content, wherever the path is. */
  public static TreeSummary.Item item(SummaryItem item) {
    return switch (item.entry()) {
      case Entry.File(Digest digest, long size) -> item(item, size, Optional.of(digest));
      case Entry.Symlink(Bytes target) -> item(item, 0, Optional.of(sha256(target)));
      case Entry.Directory _, Entry.Absent _ -> item(item, 0, Optional.empty());
    };
  }

  private static TreeSummary.Item item(SummaryItem item, long size, Optional<Digest> digest) {
    return new TreeSummary.Item(item.path(), item.entry().type(), size, digest);
  }

  private static Digest sha256(Bytes octets) {
    try {
      return Digest.of(MessageDigest.getInstance("SHA-256").digest(octets.toArray()));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
