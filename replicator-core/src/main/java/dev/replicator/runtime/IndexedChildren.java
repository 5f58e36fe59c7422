package dev.replicator.runtime;

import dev.replicator.model.RelativePath;
import dev.replicator.model.Trace;
import dev.replicator.port.Journal;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the index holds of one directory, in order, read a page at a time. */
final class IndexedChildren {
  static final int PAGE = 512;

  private final Journal journal;
  private final RelativePath directory;
  private Iterator<Map.Entry<RelativePath, Trace>> page;
  private Optional<Map.Entry<RelativePath, Trace>> next = Optional.empty();
  private Optional<RelativePath> more;

  IndexedChildren(Journal journal, RelativePath directory) {
    this.journal = journal;
    this.directory = directory;
    this.page = new TreeMap<RelativePath, Trace>().entrySet().iterator();
    this.more = Optional.of(directory);
    advance();
  }

  private void advance() {
    if (!page.hasNext() && more.isPresent()) {
      SortedMap<RelativePath, Trace> read = journal.tracesIn(directory, more.get(), PAGE);
      more = read.size() < PAGE ? Optional.empty() : Optional.of(read.lastKey());
      page = read.entrySet().iterator();
    }
    next = page.hasNext() ? Optional.of(page.next()) : Optional.empty();
  }

  boolean hasNext() {
    return next.isPresent();
  }

  Map.Entry<RelativePath, Trace> next() {
    Map.Entry<RelativePath, Trace> taken = next.orElseThrow();
    advance();
    return taken;
  }

  /** Whether what comes next stands before {@code path}. */
  boolean isBefore(RelativePath path) {
    return next.isPresent() && next.get().getKey().compareTo(path) < 0;
  }

  /** What is known of {@code path}, when that is what comes next. */
  Optional<Trace> take(RelativePath path) {
    boolean here = next.isPresent() && next.get().getKey().equals(path);
    return here ? Optional.of(next().getValue()) : Optional.empty();
  }
}
