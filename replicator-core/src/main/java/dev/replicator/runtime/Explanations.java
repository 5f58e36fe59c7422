package dev.replicator.runtime;

import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Absence;
import dev.replicator.kernel.PeerView;
import dev.replicator.model.Attributes;
import dev.replicator.model.Count;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/** Tells what is known of a path, in words. On the root's thread. */
final class Explanations {
  private final EngineParts parts;
  private final RootLoop loop;

  Explanations(EngineParts parts, RootLoop loop) {
    this.parts = parts;
    this.loop = loop;
  }

  Explanation explain(RelativePath path) {
    Optional<Materialised> here = parts.journal().materialised(path);
    boolean directory = here.map(m -> m.entry().type() == EntryType.DIRECTORY).orElse(false);
    String filter =
        switch (parts.filter().decide(path, directory)) {
          case Verdict.Replicate replicate -> "";
          case Verdict.Local local -> "local by rule " + local.rule();
          case Verdict.Refuse refuse -> "refused: " + refuse.reason();
        };
    Optional<Record> record = parts.journal().record(path).map(RecordState::record);
    boolean wanted = loop.replica().effective(path).isPresent();
    TreeMap<NodeId, String> shown = new TreeMap<>();
    for (NodeId peer : loop.names().all().keySet()) {
      PeerView view = loop.replica().peer(peer, loop.steadyMillis());
      boolean shows = loop.replica().shows(peer, path);
      String state = record.isPresent() ? shown(view, shows, wanted) : "nothing to have";
      state += shows && view.rulesDiffer() ? ", unless its other filter rules leave it out" : "";
      state += view.paused() ? ", paused there" : "";
      shown.put(peer, view.connected() ? state : state + ", not connected");
    }
    return new Explanation(
        filter,
        record,
        here,
        parts.journal().pending(path).map(pending -> reason(path, pending)),
        deletion(loop.replica().absence(path), wanted),
        record.map(known -> wanted(path, known)).orElse("nothing"),
        disk(path) + lateWriter(path),
        shown);
  }

  /** Of a peer that is away it is known what it told last. */
  private static String shown(PeerView view, boolean same, boolean wanted) {
    if (wanted) {
      String has = view.connected() ? "has it" : "had it when it told last";
      return same ? has : "lacks it or is not known";
    }
    String none = view.connected() ? "has nothing there either" : "had nothing there either";
    return same ? none : "may still have it, or is not known";
  }

  /**
   * @param wanted whether it shows on nodes that hold nothing back
   */
  private static String deletion(Absence absence, boolean wanted) {
    return switch (absence) {
      case NONE -> "";
      case TO_BE_JUDGED -> "seen to be gone; in a moment it is judged whether peers delete it";
      case HELD ->
          wanted
              ? "held: peers that have it keep it until `replicator approve`, which deletes it"
                  + " there, or until it is back here"
              : "held here, and deleted by a peer already: `replicator approve` changes nothing"
                  + " there, and what comes back here is deleted here, too";
    };
  }

  private String wanted(RelativePath path, Record record) {
    Entry entry = loop.replica().effective(path);
    if (!entry.isPresent()) {
      return "absent";
    }
    long size = entry instanceof Entry.File file ? file.size() : 0;
    return kind(entry.type(), size)
        + record
            .visibleAttributes(entry.type())
            .map(attributes ->
                metadata(attributes.value(), record.visibleMtime().map(Element::value)))
            .orElse("");
  }

  private static String kind(EntryType type, long size) {
    String name = type.name().toLowerCase(java.util.Locale.ROOT);
    return type == EntryType.FILE ? name + ", " + Count.of(size, "byte") : name;
  }

  private static String metadata(Attributes attributes, Optional<Instant> mtime) {
    String text =
        ", mode "
            + Integer.toOctalString(attributes.mode())
            + ", owner "
            + words(attributes.owner())
            + ", group "
            + words(attributes.group());
    boolean timed = attributes.type().isTimed();
    return text + mtime.filter(time -> timed).map(time -> ", modified " + time).orElse("");
  }

  private static String words(Principal principal) {
    return principal.name().isEmpty()
        ? Integer.toString(principal.id())
        : principal.name() + " (" + principal.id() + ")";
  }

  private String lateWriter(RelativePath path) {
    boolean open =
        loop.effects().lateWriters().open().stream()
            .anyMatch(displaced -> displaced.path().equals(path));
    return open ? "; the version before it is still open for writing" : "";
  }

  private String disk(RelativePath path) {
    try {
      return switch (parts.tree().look(path)) {
        case Tree.Look.Gone gone -> Explanation.ABSENT;
        case Tree.Look.Special special -> special.kind() + ", not replicated";
        case Tree.Look.RootLost lost -> "unknown: " + lost.problem();
        case Tree.Look.Found found ->
            kind(found.type(), found.stamp().size())
                + metadata(
                    found.attributes(), Optional.of(Inspector.instant(found.stamp().mtimeNanos())));
      };
    } catch (TreeException failure) {
      return failure.problem().toString();
    }
  }

  /**
   * What peers want of a path waits while its absence is held, and not for any time. Peers have
   * names.
   */
  Pending reason(RelativePath path, Pending pending) {
    Problem problem = pending.problem();
    return loop.replica().absence(path) == Absence.HELD
        ? new Pending(Problem.of(Problem.Kind.HELD), pending.sinceMillis(), 0, pending.tries())
        : new Pending(
            new Problem(problem.kind(), loop.names().in(problem.detail())),
            pending.sinceMillis(),
            pending.nextTryMillis(),
            pending.tries());
  }
}
