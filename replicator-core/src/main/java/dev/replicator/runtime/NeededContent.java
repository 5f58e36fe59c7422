package dev.replicator.runtime;

import dev.replicator.model.Digest;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Journal;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Which contents in the vault some record still needs there. */
final class NeededContent {
  private static final int PAGE = 1_024;

  private final Journal journal;
  private final Predicate<Digest> asked;
  private final Consumer<Digest> needed;

  /**
   * @param asked of these it is asked
   * @param needed takes those that are needed, some more than once
   */
  NeededContent(Journal journal, Predicate<Digest> asked, Consumer<Digest> needed) {
    this.journal = journal;
    this.asked = asked;
    this.needed = needed;
  }

  /** Asks every record there is. */
  void readRecords() {
    RelativePath cursor = RelativePath.ROOT;
    boolean more = true;
    while (more) {
      SortedMap<RelativePath, RecordState> page = journal.recordsAfter(cursor, PAGE);
      page.forEach((path, stored) -> read(path, stored.record()));
      more = page.size() == PAGE;
      cursor = more ? page.lastKey() : cursor;
    }
  }

  /** Asks the records that changed after the change {@code number}. */
  void readChanges(long number) {
    long cursor = number;
    boolean more = true;
    while (more) {
      List<Map.Entry<RelativePath, RecordState>> page = journal.changesAfter(cursor, PAGE);
      for (Map.Entry<RelativePath, RecordState> changed : page) {
        read(changed.getKey(), changed.getValue().record());
        cursor = changed.getValue().number();
      }
      more = page.size() == PAGE;
    }
  }

  /** A record needs what it holds and what does not stand under its name. */
  private void read(RelativePath path, Record record) {
    for (Element<Entry> element : record.contents().elements()) {
      if (element.value() instanceof Entry.File file
          && asked.test(file.digest())
          && !journal.materialised(path).map(m -> m.entry().equals(file)).orElse(false)) {
        needed.accept(file.digest());
      }
    }
  }
}
