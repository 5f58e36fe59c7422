package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Journal;
import dev.replicator.vault.Bounds;
import dev.replicator.vault.Holdings;
import dev.replicator.vault.Thinning;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/*
 * Which contents are still needed is asked of the records themselves, one page after the other, and
 * which stand close together of the history: neither the number of conflicts nor those of records
 * and versions cost memory. A record that changes while they are read is read again before anything
 * goes.
 */

/** One sweep of the vault: one step after the other, each by one thread. */
final class VaultSweep {
  private static final int PAGE = 1_024;

  private final Journal journal;
  private final Vault vault;
  private final long before;
  private final SortedSet<Digest> leaving = new TreeSet<>();
  private final SortedSet<Digest> needed = new TreeSet<>();

  /**
   * @param before the last change that the journal held before anything was looked at
   */
  VaultSweep(Journal journal, Vault vault, long before) {
    this.journal = journal;
    this.vault = vault;
    this.before = before;
  }

  /** Chooses what is to go; from any thread. */
  void choose(Bounds bounds) throws IOException {
    Holdings holdings = vault.takeStock();
    if (holdings.exceeds(bounds)) {
      new NeededContent(journal, holdings::contains, holdings::need).readRecords();
      Thinning thinning = new Thinning(holdings, bounds.now().toEpochMilli());
      readHistory(page -> page.forEach(thinning::add));
      thinning.end();
    }
    leaving.addAll(vault.beginSweep(holdings, bounds));
  }

  private void readHistory(Consumer<List<HistoryItem>> pages) {
    List<HistoryItem> page = journal.historyAfter(Optional.empty(), PAGE);
    while (!page.isEmpty()) {
      pages.accept(page);
      page = journal.historyAfter(Optional.of(page.getLast()), PAGE);
    }
  }

  /**
   * What goes indeed. On the root's thread: no record changes between this question and the answer.
   *
   * @param held paths whose deletion waits to be approved: who does not may want them from here
   */
  SortedSet<Digest> confirm(Collection<RelativePath> held) {
    if (!leaving.isEmpty()) {
      new NeededContent(journal, leaving::contains, needed::add).readChanges(before);
      for (RelativePath path : held) {
        journal
            .materialised(path)
            .flatMap(known -> known.entry().content())
            .filter(leaving::contains)
            .ifPresent(needed::add);
      }
      leaving.removeAll(needed);
    }
    return leaving;
  }

  /** From any thread. */
  Vault.Swept end() throws IOException {
    return vault.endSweep(needed::contains);
  }

  /** The versions whose content went, some at a time; from any thread. */
  void forgotten(Consumer<List<HistoryItem>> pages) {
    if (leaving.isEmpty()) {
      return;
    }
    readHistory(page -> {
      List<HistoryItem> gone =
          page.stream()
              .filter(
                  item -> item.version().entry().content().filter(leaving::contains).isPresent())
              .toList();
      if (!gone.isEmpty()) {
        pages.accept(gone);
      }
    });
  }

  /**
   * What forgets them, so that who asks for a version need not look for it among thousands that are
   * gone. On the root's thread; what came again meanwhile stays.
   */
  List<JournalWrite> drops(List<HistoryItem> forgotten) throws IOException {
    List<JournalWrite> drops = new ArrayList<>();
    for (HistoryItem item : forgotten) {
      Optional<Digest> content = item.version().entry().content();
      if (content.isPresent() && !vault.holds(content.get())) {
        drops.add(new JournalWrite.DropHistory(item));
      }
    }
    return drops;
  }
}
