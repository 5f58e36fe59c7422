package dev.replicator.portable;

import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Look;
import dev.replicator.portable.Links.Kept;
import java.nio.file.Path;

/** What a path held before it was changed, under a name in staging. */
record Aside(String name, Path path, Look.Found found, Kept kept) {
  Aside withFound(Look.Found fresh) {
    return new Aside(name, path, fresh, kept);
  }

  /** Whether this is what was expected at the path: its way into staging changed its ctime. */
  boolean isUntouched(Materialised expected) {
    return switch (expected.entry()) {
      case Entry.File file -> found.type() == EntryType.FILE && isContent(expected.stamp());
      case Entry.Symlink link ->
          found.type() == EntryType.SYMLINK && found.linkTarget().equals(link.target());
      case Entry.Directory directory -> found.type() == EntryType.DIRECTORY;
      case Entry.Absent absent -> false;
    };
  }

  private boolean isContent(Stamp expected) {
    Stamp stamp = found.stamp();
    return switch (kept) {
      case LINKED -> stamp.equalsExceptCtime(expected);
      case COPIED -> stamp.size() == expected.size() && stamp.mtimeNanos() == expected.mtimeNanos();
    };
  }
}
