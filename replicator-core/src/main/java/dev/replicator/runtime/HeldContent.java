package dev.replicator.runtime;

import dev.replicator.model.Count;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What peers would lose by deletions that are held. It goes to their vaults, of which nothing is
 * known here: that of this node stands for them.
 *
 * @param bytes of files, each content once
 */
record HeldContent(long files, long bytes) {
  static final long UNKNOWN = -1;
  private static final long MEBIBYTE = 1_024 * 1_024;

  static HeldContent of(
      Collection<RelativePath> held, Function<RelativePath, Optional<Materialised>> known) {
    Set<Digest> counted = new HashSet<>();
    long files = 0;
    long bytes = 0;
    for (RelativePath path : held) {
      if (known.apply(path).map(Materialised::entry).orElse(Entry.ABSENT)
          instanceof Entry.File file) {
        files++;
        bytes += counted.add(file.digest()) ? file.size() : 0;
      }
    }
    return new HeldContent(files, bytes);
  }

  /**
   * Why nobody should let them go without a second thought.
   *
   * @param vaultBytes what a vault keeps; {@link #UNKNOWN} where that cannot be told
   */
  Optional<String> objection(long vaultBytes) {
    return bytes == 0 || vaultBytes != UNKNOWN && bytes <= vaultBytes
        ? Optional.empty()
        : Optional.of(
            Count.of(files, "file")
                + " with "
                + bytes / MEBIBYTE
                + " MiB would be deleted on the peers, and "
                + kept(vaultBytes)
                + "; --force deletes them all the same");
  }

  private static String kept(long vaultBytes) {
    return vaultBytes == UNKNOWN
        ? "the disk of the vault here does not tell how much of it a vault keeps"
        : "a vault as the one here keeps at most "
            + vaultBytes / MEBIBYTE
            + " MiB: the rest would be gone for good";
  }
}
