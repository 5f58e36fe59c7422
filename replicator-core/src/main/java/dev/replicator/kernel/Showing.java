package dev.replicator.kernel;

import dev.replicator.model.Attributes;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a record asks of this disk.
 *
 * @param knowledge the writes that stand behind {@code target} once it is there
 */
record Showing(Target target, Knowledge knowledge) {
  static final Principal ANYBODY = new Principal("", -1);
  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;
  private static final int SYMLINK_MODE = 0777;

  /**
   * @param effective the visible entry, or Directory while a descendant shows
   * @param here what is on the disk: lends its mtime where the record tells none
   */
  static Showing of(Record record, Entry effective, Optional<Materialised> here) {
    return new Showing(target(record, effective, here), knowledge(record, effective));
  }

  private static Target target(Record record, Entry effective, Optional<Materialised> here) {
    if (!effective.isPresent()) {
      return Target.ABSENT;
    }
    Instant mtime =
        effective.type().isTimed()
            ? record
                .visibleMtime()
                .map(Element::value)
                .orElseGet(() -> here.map(m -> m.actual().mtime()).orElse(Instant.EPOCH))
            : Instant.EPOCH;
    Attributes attributes =
        record
            .visibleAttributes(effective.type())
            .map(Element::value)
            .orElseGet(() -> untold(effective.type()));
    return new Target(effective, mtime, attributes);
  }

  /** The same on every node, whatever is there: all disks shall be equal. */
  private static Attributes untold(EntryType type) {
    int mode =
        switch (type) {
          case DIRECTORY -> DIRECTORY_MODE;
          case FILE -> FILE_MODE;
          case SYMLINK -> SYMLINK_MODE;
          case ABSENT -> 0;
        };
    return new Attributes(type, mode, ANYBODY, ANYBODY);
  }

  /** Everything that the record holds, seen from the choice of {@code entry}. */
  static Knowledge knowledge(Record record, Entry entry) {
    SortedSet<Dot> contents = record.contents().dotsWhere(entry::equals);
    TreeSet<Dot> siblings = new TreeSet<>();
    if (contents.size() < record.contents().size()) {
      siblings.addAll(record.contents().dots());
      siblings.removeAll(contents);
    }
    return new Knowledge(contents, record.mtimes().dots(), record.attributes().dots(), siblings);
  }

  /**
   * Whether the disk holds what is asked, as far as this node can enforce it: a time that was put
   * and reads differently is one that the file system cannot keep. Putting it again would never
   * end.
   */
  boolean isShownBy(Optional<Materialised> here) {
    Entry entry = here.map(Materialised::entry).orElse(Entry.ABSENT);
    if (!entry.equals(target.entry())) {
      return false;
    }
    if (!entry.isPresent()) {
      return true;
    }
    Materialised there = here.orElseThrow();
    boolean sameTime =
        !entry.type().isTimed()
            || there.actual().mtime().equals(target.mtime())
            || there.knowledge().mtimes().equals(knowledge.mtimes());
    return sameTime && there.asked().equals(target.attributes());
  }

  /** Whether nothing is left to do: shown, and every write behind it joined. */
  boolean isSettledBy(Optional<Materialised> here) {
    return isShownBy(here)
        && here.map(Materialised::knowledge).orElse(Knowledge.NONE).equals(knowledge);
  }
}
