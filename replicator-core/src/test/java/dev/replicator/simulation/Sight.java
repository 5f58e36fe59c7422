package dev.replicator.simulation;

import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Pending;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a person could find out about one node, in words, and how it differs from before. */
final class Sight {
  private static final int PATHS_MAX = 10_000;
  private static final int SENTENCES_MAX = 4;

  /** What a sentence is about. */
  private enum About {
    DAEMON("%2$s", "%2$s"),
    IDENTITY("writes as %2$s", "has no identity any more"),
    DISK("shows %s %s", "shows %s no more"),
    VERSIONS("has versions of %s: %s", "has one version of %s"),
    WAITING("waits with %s: %s", "waits with %s no more"),
    HELD("holds back %2$s", "holds back nothing more"),
    DELETION("remembers the deletion of %s", "has forgotten the deletion of %s"),
    VAULT("keeps %s in its vault", "keeps %s in its vault no more");

    private final String now;
    private final String noMore;

    About(String now, String noMore) {
      this.now = now;
      this.noMore = noMore;
    }
  }

  private record Key(About about, String subject) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byAbout = about.compareTo(other.about);
      return byAbout != 0 ? byAbout : subject.compareTo(other.subject);
    }
  }

  private final NavigableMap<Key, String> facts = new TreeMap<>();
  private final NavigableMap<RelativePath, Target> tree = new TreeMap<>();
  private final TreeSet<String> recorded = new TreeSet<>();
  private final Names names;

  private Sight(Names names) {
    this.names = names;
  }

  /** Before there is anything to be seen. */
  static Sight nothing(Names names) {
    return new Sight(names);
  }

  static Sight of(SimulatedNode node, Names names) {
    Sight sight = new Sight(names);
    sight.put(About.DAEMON, "", node.isUp() ? "runs" : "is down");
    node.journal()
        .root()
        .ifPresent(
            root -> sight.put(About.IDENTITY, "", names.of(node, root.identity().replica())));
    node.disk.things().forEach(sight::thing);
    node.disk.vault().forEach((digest, text) -> sight.put(About.VAULT, quoted(text), ""));
    node.journal().recordsAfter(RelativePath.ROOT, PATHS_MAX).forEach(sight::record);
    node.journal().pendingAfter(RelativePath.ROOT, PATHS_MAX).forEach(sight::pending);
    if (node.isUp() && node.replica().heldDeletions() > 0) {
      sight.put(About.HELD, "", node.replica().heldDeletions() + " deletions");
    }
    return sight;
  }

  private void put(About about, Object subject, String value) {
    facts.put(new Key(about, subject.toString()), value);
  }

  private void thing(RelativePath path, Thing thing) {
    put(About.DISK, path, text(thing));
    tree.put(path, thing.target());
  }

  private void pending(RelativePath path, Pending pending) {
    put(About.WAITING, path, names.inWords(pending.problem().toString()));
  }

  private void record(RelativePath path, RecordState stored) {
    Record record = stored.record();
    recorded.add(path.toString());
    List<Element<Entry>> elements = record.contents().elements();
    boolean deleted = elements.size() == 1 && !elements.getFirst().value().isPresent();
    if (deleted) {
      put(About.DELETION, path, "");
    } else if (elements.size() > 1) {
      put(About.VERSIONS, path, versions(record));
    }
  }

  /** The one that shows first. */
  private String versions(Record record) {
    Element<Entry> visible = record.visibleContent().orElseThrow();
    String others =
        record.contents().elements().stream()
            .filter(element -> !element.equals(visible))
            .map(this::version)
            .sorted()
            .collect(Collectors.joining(", "));
    String judged = record.isConflict() ? " (in conflict)" : " (no conflict)";
    return version(visible) + ", beside it " + others + judged;
  }

  private String version(Element<Entry> element) {
    String found = element.adopted() ? "found by " : "by ";
    return text(element.value()) + " " + found + names.of(element.dot().replica());
  }

  private String text(Entry entry) {
    return switch (entry) {
      case Entry.Absent _ -> "its deletion";
      case Entry.Directory _ -> "a directory";
      case Entry.File file -> names.content(file.digest());
      case Entry.Symlink link ->
          "a link to " + new String(link.target().toArray(), StandardCharsets.UTF_8);
    };
  }

  private String text(Thing thing) {
    int usual = thing.type() == EntryType.DIRECTORY ? 0755 : 0644;
    int mode = thing.metadata().mode();
    boolean plain = thing.type() == EntryType.SYMLINK || mode == usual;
    return "as "
        + text(thing.entry())
        + (plain ? "" : " with mode 0" + Integer.toOctalString(mode))
        + names.touch(thing.mtimeNanos()).map(who -> ", touched by " + who).orElse("");
  }

  static String quoted(String text) {
    return '"' + text + '"';
  }

  /** One sentence for each thing that is not as {@code before}, or for many of one kind. */
  List<String> since(Sight before) {
    TreeMap<About, List<String>> now = new TreeMap<>();
    TreeMap<About, List<String>> noMore = new TreeMap<>();
    facts.forEach((key, value) -> {
      if (!value.equals(before.facts.get(key))) {
        now.computeIfAbsent(key.about(), _ -> new ArrayList<>()).add(key.subject());
      }
    });
    before.facts.keySet().stream()
        .filter(key -> !facts.containsKey(key) && isOver(key))
        .forEach(
            key -> noMore.computeIfAbsent(key.about(), _ -> new ArrayList<>()).add(key.subject()));
    List<String> sentences = new ArrayList<>();
    for (About about : About.values()) {
      sentences.addAll(sentences(about, about.now, now.getOrDefault(about, List.of())));
      sentences.addAll(sentences(about, about.noMore, noMore.getOrDefault(about, List.of())));
    }
    return sentences;
  }

  /** Of a path that has another record now, that record tells. */
  private boolean isOver(Key key) {
    return switch (key.about()) {
      case DELETION -> !recorded.contains(key.subject());
      case VERSIONS ->
          recorded.contains(key.subject())
              && !facts.containsKey(new Key(About.DELETION, key.subject()));
      case DAEMON, IDENTITY, DISK, WAITING, HELD, VAULT -> true;
    };
  }

  private List<String> sentences(About about, String form, List<String> subjects) {
    if (subjects.size() > SENTENCES_MAX) {
      String many =
          subjects.size() + " paths (" + subjects.getFirst() + " to " + subjects.getLast() + ")";
      return List.of(form.formatted(many, "").strip());
    }
    return subjects.stream()
        .map(subject -> form.formatted(subject, facts.getOrDefault(new Key(about, subject), "")))
        .toList();
  }

  /** Whether both nodes have the same in their trees, times and modes included. */
  boolean showsWhat(Sight other) {
    return tree.equals(other.tree);
  }
}
