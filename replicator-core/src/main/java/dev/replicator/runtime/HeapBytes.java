package dev.replicator.runtime;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.Doubt;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Pending;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Siblings;
import dev.replicator.model.Target;
import java.util.Map;

/** About how many bytes of heap values take: never less than those parts that may grow. */
final class HeapBytes {
  /** A replica in a vector: an entry of a tree, its id and its counter. */
  private static final int REPLICA_BYTES = 88;

  private static final int DOT_BYTES = 88;
  private static final int ELEMENT_BYTES = 176;
  private static final int ATTRIBUTE_BYTES = 88;

  private HeapBytes() {}

  static long of(RelativePath path) {
    return path.length();
  }

  static long of(RecordState state) {
    long bytes = of(state.record());
    for (Doubt doubt : state.doubts()) {
      bytes += of(doubt.replaced());
    }
    return bytes;
  }

  private static long of(Record record) {
    long bytes = (long) REPLICA_BYTES * record.context().size();
    bytes += of(record.contents()) + of(record.mtimes()) + of(record.attributes());
    for (Element<Entry> element : record.contents().elements()) {
      bytes += of(element.value());
    }
    for (Element<Attributes> element : record.attributes().elements()) {
      bytes += of(element.value());
    }
    return bytes;
  }

  private static long of(Siblings<?> siblings) {
    long bytes = 0;
    for (Element<?> element : siblings.elements()) {
      bytes += ELEMENT_BYTES + (long) DOT_BYTES * element.seen().size();
    }
    return bytes;
  }

  static long of(Materialised value) {
    return of(value.knowledge()) + of(value.actual()) + of(value.asked());
  }

  private static long of(Knowledge known) {
    long dots =
        (long) known.contents().size()
            + known.mtimes().size()
            + known.attributes().size()
            + known.siblings().size();
    return DOT_BYTES * dots;
  }

  static long of(Pending pending) {
    return pending.problem().detail().length();
  }

  private static long of(Target target) {
    return of(target.entry()) + of(target.attributes());
  }

  private static long of(Entry entry) {
    return entry instanceof Entry.Symlink link ? link.target().length() : 0;
  }

  private static long of(Attributes attributes) {
    long bytes = (long) attributes.owner().name().length() + attributes.group().name().length();
    for (Map.Entry<String, Bytes> extended : attributes.extended().entrySet()) {
      bytes += ATTRIBUTE_BYTES + extended.getKey().length() + extended.getValue().length();
    }
    return bytes;
  }
}
