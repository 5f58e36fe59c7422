package dev.replicator.runtime;

import dev.replicator.filter.Verdict;
import dev.replicator.kernel.Answer;
import dev.replicator.kernel.PeerView;
import dev.replicator.kernel.Replica;
import dev.replicator.model.Census;
import dev.replicator.model.Count;
import dev.replicator.model.Displaced;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Tells users what a root does. What asks the replica runs on the root's thread. */
final class Reports {
  private static final int PENDING_LISTED_MAX = 100;
  private static final int NAMED_MAX = 3;
  private static final int PAGE = 1_024;
  private static final int CLOCK_COUNT_BITS = 16;

  private final EngineParts parts;
  private final RootLoop loop;
  private final Timings timings;
  private final Verifier verifier;
  private final Explanations explanations;

  Reports(EngineParts parts, RootLoop loop, Timings timings, Verifier verifier) {
    this.verifier = verifier;
    this.parts = parts;
    this.loop = loop;
    this.timings = timings;
    this.explanations = new Explanations(parts, loop);
  }

  RootReport now() {
    Replica replica = loop.replica();
    TreeMap<NodeId, RootReport.PeerReport> peerReports = new TreeMap<>();
    boolean told = false;
    for (NodeId peer : loop.names().all().keySet()) {
      PeerView view = replica.peer(peer, loop.steadyMillis());
      told = told || view.merged() || view.toldAll();
      peerReports.put(
          peer,
          new RootReport.PeerReport(
              view.connected(),
              view.lagMillis(),
              view.behind(),
              view.pending(),
              view.merged(),
              view.rulesDiffer(),
              view.paused()));
    }
    long held = replica.heldDeletions();
    return new RootReport(
        parts.name(),
        parts.path(),
        state(replica),
        reason(replica),
        notes(),
        watcher(),
        loop.watching().blind(),
        Standings.of(parts, replica, told),
        parts.journal().census(),
        parts.journal().pendingCount(),
        pending(),
        replica.conflicts().size(),
        replica.adoptedLosers().size(),
        held,
        replica.tombstones(),
        retiredReplicas(),
        bytesFree(),
        VaultReport.of(parts.vault().filling().level()),
        verifier.last(),
        verifier.damagedEver(),
        peerReports,
        timings.report());
  }

  private SortedMap<RelativePath, Pending> pending() {
    TreeMap<RelativePath, Pending> listed = new TreeMap<>();
    parts
        .journal()
        .pendingAfter(RelativePath.ROOT, PENDING_LISTED_MAX)
        .forEach((path, pending) -> listed.put(path, explanations.reason(path, pending)));
    return listed;
  }

  /**
   * Why what is held should not be let go without a second thought.
   *
   * @param vaultBytes what a vault keeps; {@link HeldContent#UNKNOWN} where that cannot be told
   */
  Optional<String> objection(long vaultBytes) {
    Replica replica = loop.replica();
    if (!replica.isRootLost() && replica.isRediscovering()) {
      return Optional.of(
          "what is held is still looked for, so nobody knows how much it is; ask again once"
              + " `status` tells, or let it go whatever it is with --force");
    }
    return replica.isRootLost()
        ? Optional.empty()
        : HeldContent.of(
                replica.held().stream()
                    .filter(path -> replica.effective(path).isPresent())
                    .toList(),
                parts.journal()::materialised)
            .objection(vaultBytes);
  }

  static RootReport.State state(Replica replica) {
    if (replica.isPaused()) {
      return RootReport.State.PAUSED;
    }
    if (replica.isHeld()) {
      return RootReport.State.HELD;
    }
    return replica.isScanned() ? RootReport.State.LIVE : RootReport.State.SCANNING;
  }

  static String reason(Replica replica) {
    return switch (state(replica)) {
      case HELD -> replica.heldReason();
      case PAUSED -> "`replicator resume` lets it go on";
      case STARTING, SCANNING, LIVE, FAILED -> "";
    };
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    Tree.Capabilities can = parts.tree().capabilities();
    if (!can.owners()) {
      notes.add("owners not enforced");
    }
    if (!can.extendedAttributes()) {
      notes.add("extended attributes not kept");
    }
    if (!loop.watching().current().capabilities().closeEvents()) {
      notes.add(
          "files are read after "
              + parts.quiet().toMillis()
              + " ms of quiet: the steps of a slow writer may travel");
    }
    notes.addAll(loop.watching().current().notes());
    if (!loop.watching().blind().isEmpty()) {
      notes.add(loop.watching().blind());
    }
    loop.elsewhere().ifPresent(notes::add);
    mountPoints().ifPresent(notes::add);
    lateWriters().ifPresent(notes::add);
    notes.add(loop.effects().disk().keeper().strays());
    notes.add(loop.effects().disk().space().givenUp());
    parts.afterApply().map(AfterApply::problem).filter(it -> !it.isEmpty()).ifPresent(notes::add);
    notes.addAll(comparisons());
    notes.addAll(loop.alarms());
    return notes.stream().filter(note -> !note.isEmpty()).distinct().toList();
  }

  /** Of those that nobody's rules leave out anyway. */
  private Optional<String> mountPoints() {
    List<RelativePath> points;
    try {
      points =
          parts.tree().mountPoints().stream()
              .filter(path -> parts.filter().decide(path, true) instanceof Verdict.Replicate)
              .toList();
    } catch (TreeException unknown) {
      return Optional.empty();
    }
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Count.of(points.size(), "mount point or subvolume is", "mount points or subvolumes are")
                + " not replicated, nor what is below: "
                + named(points));
  }

  private Optional<String> lateWriters() {
    Collection<Displaced> open = loop.effects().lateWriters().open();
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Count.of(open.size(), "replaced file is", "replaced files are")
                + " still open for writing, or cannot be read: "
                + named(open.stream().map(Displaced::path).toList()));
  }

  /** With whom, and not longer than that takes. */
  private List<String> comparisons() {
    return loop.names().all().entrySet().stream()
        .filter(peer -> loop.replica().peer(peer.getKey(), loop.steadyMillis()).comparing())
        .map(peer ->
            "comparing everything with peer "
                + peer.getValue()
                + ": its journal or the one here may be an old one")
        .toList();
  }

  private static String named(List<RelativePath> paths) {
    String first =
        paths.stream()
            .limit(NAMED_MAX)
            .map(RelativePath::toString)
            .collect(Collectors.joining(", "));
    return paths.size() > NAMED_MAX ? first + ", ..." : first;
  }

  private String watcher() {
    Watcher watcher = loop.watching().current();
    String blind = watcher.notes().isEmpty() ? "" : ", partly blind";
    String choice = watcher.choice().isEmpty() ? "" : " (" + watcher.choice() + ")";
    return watcher.capabilities().name() + blind + choice;
  }

  private int retiredReplicas() {
    return parts.journal().root().map(root -> Math.max(0, root.clock().size() - 1)).orElse(0);
  }

  private long bytesFree() {
    try {
      return parts.tree().space().free();
    } catch (IOException unknown) {
      return -1;
    }
  }

  /** A root that does not run any more, or not yet. */
  RootReport notRunning(boolean started) {
    RootReport.State state =
        loop.failure().isEmpty() ? RootReport.State.STARTING : RootReport.State.FAILED;
    TreeMap<NodeId, RootReport.PeerReport> none = new TreeMap<>();
    loop.names()
        .all()
        .keySet()
        .forEach(peer ->
            none.put(
                peer,
                new RootReport.PeerReport(
                    false, java.util.OptionalLong.empty(), 0, 0, false, false, false)));
    return new RootReport(
        parts.name(),
        parts.path(),
        state,
        started ? loop.failure() : "",
        List.of(),
        watcher(),
        "",
        RootReport.Standing.NONE,
        Census.NONE,
        0,
        new TreeMap<>(),
        0,
        0,
        0,
        0,
        0,
        -1,
        VaultReport.NONE,
        verifier.last(),
        verifier.damagedEver(),
        none,
        new TreeMap<>());
  }

  RootReport ended(RootReport last) {
    return last.failed(loop.failure());
  }

  static BarrierReport barrier(Answer.Barrier answer) {
    TreeMap<NodeId, BarrierReport.PeerBarrier> peers = new TreeMap<>();
    answer
        .peers()
        .forEach((peer, part) ->
            peers.put(
                peer,
                new BarrierReport.PeerBarrier(
                    part.done(),
                    part.millis(),
                    part.connected(),
                    part.pending(),
                    part.paused(),
                    part.shown())));
    BarrierReport.Outcome outcome =
        switch (answer.end()) {
          case DONE -> BarrierReport.Outcome.DONE;
          case TIMED_OUT -> BarrierReport.Outcome.TIMED_OUT;
          case PEER_OFFLINE -> BarrierReport.Outcome.PEER_OFFLINE;
          case NOT_LIVE -> BarrierReport.Outcome.NOT_LIVE;
        };
    return new BarrierReport(outcome, peers, answer.unread());
  }

  Explanation explain(RelativePath path) {
    return explanations.explain(path);
  }

  List<ConflictReport> conflicts(ReplicatedRoot.ConflictKind kind, int limit) {
    Collection<RelativePath> paths =
        switch (kind) {
          case WRITTEN -> loop.replica().conflicts();
          case ADOPTED -> loop.replica().adoptedLosers();
        };
    List<ConflictReport> reports = new ArrayList<>();
    for (RelativePath path : paths) {
      Optional<RecordState> stored = parts.journal().record(path);
      if (stored.isPresent() && reports.size() < limit) {
        reports.add(new ConflictReport(path, versions(path, stored.get().record())));
      }
    }
    return reports;
  }

  private List<VersionReport> versions(RelativePath path, Record record) {
    List<VersionReport> versions = new ArrayList<>();
    Map<ReplicaId, NodeId> writers = loop.replica().writers();
    Optional<Dot> visible = record.visibleContent().map(Element::dot);
    Entry shown = loop.replica().effective(path);
    for (Element<Entry> element : record.contents().elements()) {
      boolean shows = Optional.of(element.dot()).equals(visible) && element.value().equals(shown);
      VersionReport version =
          new VersionReport(
              element.dot(),
              Optional.ofNullable(writers.get(element.dot().replica())),
              element.clock() >> CLOCK_COUNT_BITS,
              element.value(),
              shows,
              element.adopted(),
              isHere(path, element.value()),
              shows ? "" : whyHidden(element, record));
      if (shows) {
        versions.addFirst(version);
      } else {
        versions.add(version);
      }
    }
    return versions;
  }

  private static String whyHidden(Element<Entry> element, Record record) {
    boolean equal = element.value().equals(record.visibleEntry());
    if (equal) {
      return "same content as the visible one";
    }
    return element.adopted() ? "found when two trees met" : "another version shows";
  }

  private boolean isHere(RelativePath path, Entry entry) {
    if (!(entry instanceof Entry.File file)) {
      return true;
    }
    boolean onDisk =
        parts.journal().materialised(path).map(m -> m.entry().equals(file)).orElse(false);
    try {
      return onDisk || parts.vault().holds(file.digest());
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** May run beside the root's thread, which told the {@code writers}. */
  List<VersionReport> history(RelativePath path, int limit, Map<ReplicaId, NodeId> writers) {
    List<VersionReport> versions = new ArrayList<>();
    for (HistoryItem item : parts.journal().history(path, limit)) {
      versions.add(
          new VersionReport(
              item.dot(),
              Optional.ofNullable(writers.get(item.dot().replica())),
              written(item),
              item.version().entry(),
              false,
              item.reason() == HistoryItem.Reason.ADOPTED_LOST,
              isHere(path, item.version().entry()),
              item.reason().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')));
    }
    return versions;
  }

  /** A journal of an earlier version does not know it; then the file's own time is the nearest. */
  private static long written(HistoryItem item) {
    return item.writtenMillis() != 0 ? item.writtenMillis() : item.version().mtime().toEpochMilli();
  }

  void summary(Consumer<SummaryItem> consumer) {
    RelativePath cursor = RelativePath.ROOT;
    while (true) {
      SortedMap<RelativePath, Materialised> page = parts.journal().materialisedAfter(cursor, PAGE);
      for (Map.Entry<RelativePath, Materialised> entry : page.entrySet()) {
        if (entry.getValue().entry().isPresent()) {
          consumer.accept(new SummaryItem(entry.getKey(), entry.getValue().entry()));
        }
      }
      if (page.size() < PAGE) {
        return;
      }
      cursor = page.lastKey();
    }
  }
}
