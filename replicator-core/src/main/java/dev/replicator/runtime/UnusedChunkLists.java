package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.JournalWrite;
import dev.replicator.port.Journal;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/*
 * Every version of a file leaves its chunk list in the journal: of a database of 1 GiB that is
 * written to every minute these are 500 kB a minute. What is neither under a path nor in the vault
 * is nobody's content any more. Should a list go whose content comes back just then, nothing is
 * lost but time: a list that is asked for and missing is made of the file again.
 */

/** The chunk lists of contents that are nowhere on this node. */
final class UnusedChunkLists {
  /** Of one look; the next one finds the others. */
  static final int FOUND_MAX = 65_536;

  private static final Digest FIRST = Digest.of(new byte[Digest.LENGTH_BYTES]);
  private static final int PAGE = 1_024;

  private final Journal journal;
  private final Vault vault;

  UnusedChunkLists(Journal journal, Vault vault) {
    this.journal = journal;
    this.vault = vault;
  }

  /** Reads all of them; from any thread. */
  List<Digest> find() throws IOException {
    List<Digest> unused = new ArrayList<>();
    List<Digest> page = journal.chunkListsAfter(FIRST, PAGE);
    while (!page.isEmpty() && unused.size() < FOUND_MAX) {
      for (Digest file : page) {
        if (!isHere(file)) {
          unused.add(file);
        }
      }
      page = journal.chunkListsAfter(page.getLast(), PAGE);
    }
    return unused;
  }

  /** What forgets those of {@code files} that still are nowhere, and are not about to be put. */
  List<JournalWrite> drops(List<Digest> files) throws IOException {
    Set<Digest> coming =
        journal.intents().values().stream()
            .flatMap(intent -> intent.target().entry().content().stream())
            .collect(Collectors.toSet());
    List<JournalWrite> drops = new ArrayList<>();
    for (Digest file : files) {
      if (!coming.contains(file) && !isHere(file)) {
        drops.add(new JournalWrite.DropChunks(file));
      }
    }
    return drops;
  }

  private boolean isHere(Digest file) throws IOException {
    return !journal.pathsOf(file, 1).isEmpty() || vault.holds(file);
  }
}
