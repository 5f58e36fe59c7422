package dev.replicator.kernel;

import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * A write whose content nobody has would take the path from every node that shows it. So the
 * content of the chosen version is brought here first, and only then the version gets its dot.
 */

/** Carries out what users chose: a sibling of a conflict, or a version that had left. */
final class Choices {
  private static final int WAITING_MAX = 64;

  private final ReplicaState state;
  private final Records records;
  private final Births births;
  private final Applies applies;

  /** By request: what waits for its content. */
  private final TreeMap<Long, Chosen> waiting = new TreeMap<>();

  /**
   * @param superseded what the user was shown: nothing else goes
   * @param left the metadata that the version had; empty to keep that of the record
   * @param onlyWhereGone whether nothing may give way to it
   */
  private record Chosen(
      String done,
      RelativePath path,
      Dot version,
      Entry entry,
      SortedSet<Dot> superseded,
      Optional<Target> left,
      boolean onlyWhereGone) {}

  Choices(ReplicaState state, Records records, Births births, Applies applies) {
    this.state = state;
    this.records = records;
    this.births = births;
    this.applies = applies;
  }

  void resolve(Event.ResolveAsked asked) {
    Optional<Entry> sibling = sibling(asked.path(), asked.chosen());
    choose(
        asked.request(),
        asked.path(),
        asked.chosen(),
        sibling.map(entry ->
            new Chosen(
                "resolved",
                asked.path(),
                asked.chosen(),
                entry,
                asked.printed(),
                Optional.empty(),
                false)));
  }

  void restore(Event.RestoreAsked asked) {
    RelativePath path = asked.path();
    Optional<Target> left =
        state.index.history(path, Records.HISTORY_LOOKED_AT_MAX).stream()
            .filter(item -> item.dot().equals(asked.version()))
            .map(HistoryItem::version)
            .findFirst();
    Optional<Entry> entry = sibling(path, asked.version()).or(() -> left.map(Target::entry));
    SortedSet<Dot> superseded =
        state.draft.materialised(path).map(m -> m.knowledge().contents()).orElse(new TreeSet<>());
    choose(
        asked.request(),
        path,
        asked.version(),
        entry.map(value ->
            new Chosen(
                "restored",
                path,
                asked.version(),
                value,
                superseded,
                left,
                asked.onlyWhereGone())));
  }

  private Optional<Entry> sibling(RelativePath path, Dot version) {
    return records.of(path).contents().find(version).map(Element::value);
  }

  private void choose(long request, RelativePath path, Dot version, Optional<Chosen> found) {
    if (found.isEmpty()) {
      refused(request, "no version " + version + " of " + path);
    } else if (isLeftOut(path, found.get().entry())) {
      refused(request, "a rule keeps " + path + " from this node: ask one that has it");
    } else if (isTaken(found.get())) {
      occupied(request, path);
    } else if (!births.mayWrite()) {
      refused(request, "waiting for peers to answer; try again in 2 seconds");
    } else if (!(found.get().entry() instanceof Entry.File file) || isHere(path, file)) {
      write(request, found.get());
    } else if (waiting.size() >= WAITING_MAX) {
      refused(request, WAITING_MAX + " versions are being fetched; try again later");
    } else {
      waiting.put(request, found.get());
      state.emit(new Effect.Recall(request, path, file, applies.sources(path)));
    }
  }

  private boolean isLeftOut(RelativePath path, Entry entry) {
    return entry.isPresent() && !state.settings.filter().replicates(path, entry.type());
  }

  private boolean isHere(RelativePath path, Entry.File file) {
    return file.size() == 0
        || state.draft.materialised(path).map(m -> m.entry().equals(file)).orElse(false);
  }

  /** The content of a chosen version is in the vault, or cannot be had. */
  void recalled(long request, Optional<Problem> problem) {
    Optional<Chosen> chosen = Optional.ofNullable(waiting.remove(request));
    if (chosen.isEmpty()) {
      return;
    }
    if (problem.isPresent()) {
      String version = "version " + chosen.get().version() + " of " + chosen.get().path();
      refused(request, "the content of " + version + " cannot be had: " + problem.get());
    } else {
      write(request, chosen.get());
    }
  }

  private void write(long request, Chosen chosen) {
    RelativePath path = chosen.path();
    if (isTaken(chosen)) {
      occupied(request, path);
      return;
    }
    boolean directory = records.effective(path).equals(Entry.DIRECTORY);
    if (chosen.left().isPresent() && directory && !chosen.entry().equals(Entry.DIRECTORY)) {
      refused(request, path + " is a directory now; move that away first");
      return;
    }
    Optional<RelativePath> inTheWay = chosen.left().flatMap(left -> notADirectoryAbove(path));
    if (inTheWay.isPresent()) {
      refused(request, inTheWay.get() + " is no directory now; move that away first");
      return;
    }
    Choice.write(state, records, path, chosen.entry(), chosen.superseded(), chosen.left());
    state.emit(new Effect.Reply(request, new Answer.Done(chosen.done() + " " + path)));
  }

  /** What is restored below a file or a link would take that from all nodes. */
  private Optional<RelativePath> notADirectoryAbove(RelativePath path) {
    return path.firstAbove(above -> {
      Entry shown = records.effective(above);
      return shown.isPresent() && !shown.equals(Entry.DIRECTORY);
    });
  }

  /** Somebody may have put something there since it was listed, or while it was fetched. */
  private boolean isTaken(Chosen chosen) {
    RelativePath path = chosen.path();
    return chosen.onlyWhereGone()
        && (records.effective(path).isPresent()
            || state.draft.materialised(path).map(m -> m.entry().isPresent()).orElse(false));
  }

  private void occupied(long request, RelativePath path) {
    state.emit(new Effect.Reply(request, new Answer.Occupied("something is there: " + path)));
  }

  private void refused(long request, String reason) {
    state.emit(new Effect.Reply(request, new Answer.Refused(reason)));
  }
}
