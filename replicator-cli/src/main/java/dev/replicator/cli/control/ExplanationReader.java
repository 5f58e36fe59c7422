package dev.replicator.cli.control;

import dev.replicator.model.Count;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Pending;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.runtime.Explanation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts what a root knows of a path into words. */
final class ExplanationReader {
  private static final int CLOCK_COUNT_BITS = 16;

  private ExplanationReader() {}

  static ExplainJson read(NodeView node, String root, RelativePath path, Explanation explanation) {
    Map<String, String> peers = new TreeMap<>();
    explanation.peers().forEach((id, words) -> peers.put(Health.nameOf(node, id), words));
    return new ExplainJson(
        root,
        RelativePathJson.text(path),
        explanation.filter(),
        explanation.record().isPresent(),
        explanation.record().map(record -> words(record.visibleEntry())).orElse("nothing"),
        explanation.record().map(ExplanationReader::versions).orElse(List.of()),
        explanation.wanted(),
        explanation.disk(),
        explanation.pending().map(pending -> words(pending, System.currentTimeMillis())),
        explanation.deletion(),
        peers,
        RelativePathJson.more(path));
  }

  /** A time that is over is none: it waits for its turn, or for somebody. */
  static String words(Pending pending, long nowMillis) {
    String tries = pending.tries() > 0 ? "; tried " + Count.of(pending.tries(), "time") : "";
    String next =
        pending.nextTryMillis() > nowMillis
            ? ", next at " + Instant.ofEpochMilli(pending.nextTryMillis())
            : "";
    return pending.problem() + tries + next;
  }

  private static List<String> versions(Record record) {
    List<String> versions = new ArrayList<>();
    for (Element<Entry> element : record.contents().elements()) {
      boolean shown = element.value().equals(record.visibleEntry());
      versions.add(
          element.dot()
              + " "
              + words(element.value())
              + ", written "
              + Instant.ofEpochMilli(element.clock() >>> CLOCK_COUNT_BITS)
              + (element.adopted() ? ", adopted" : "")
              + (shown ? ", shown" : ", hidden"));
    }
    return versions;
  }

  static String words(Entry entry) {
    return switch (entry) {
      case Entry.Absent _ -> "absent";
      case Entry.Directory _ -> "directory";
      case Entry.File file ->
          "file of " + Count.of(file.size(), "byte") + ", digest " + file.digest();
      case Entry.Symlink link -> "symbolic link to " + RelativePathJson.linkText(link);
    };
  }
}
