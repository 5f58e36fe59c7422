package dev.replicator.kernel;

import dev.replicator.model.Attributes;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;

/** About how many bytes things take in a message, so that a batch fits into a frame. */
final class Weight {
  private static final int CHANGE_BYTES = 64;
  private static final int ELEMENT_BYTES = 96;
  private static final int DOT_BYTES = 18;
  private static final int PATH_BYTES = 16;

  private Weight() {}

  static long of(RelativePath path) {
    return PATH_BYTES + path.length();
  }

  static long of(RelativePath path, Record record) {
    long bytes = CHANGE_BYTES + of(path) + (long) DOT_BYTES * record.context().size();
    for (Element<Entry> element : record.contents().elements()) {
      bytes += ELEMENT_BYTES + (long) DOT_BYTES * element.seen().size();
      if (element.value() instanceof Entry.Symlink link) {
        bytes += link.target().length();
      }
    }
    for (Element<Attributes> element : record.attributes().elements()) {
      bytes += ELEMENT_BYTES;
      for (var extended : element.value().extended().entrySet()) {
        bytes += extended.getKey().length() + extended.getValue().length();
      }
    }
    return bytes + (long) ELEMENT_BYTES * record.mtimes().size();
  }
}
