package dev.replicator.runtime;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.kernel.IndexView;
import dev.replicator.model.Count;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Siblings;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/*
 * The kernel decides and tells nobody. What it decided stands in what is to be appended, so that
 * is read here, beside the index as it was before: a write with a new dot of ours is of somebody
 * here, and where an intent is dropped and something materialised, an apply has ended. What the
 * kernel asked the index for in the same step is still at hand.
 */

/** Finds in what a step decided what people are to hear of. Of the root's thread alone. */
final class Chronicler {
  private final String root;
  private final IndexView index;
  private final PeerNames names;
  private final Chronicle chronicle;
  private final List<Happening> happened = new ArrayList<>();
  private Optional<Mark> mark;
  private Optional<RootReport.State> standing = Optional.empty();
  private String standingFor = "";

  Chronicler(String root, IndexView index, PeerNames names, Chronicle chronicle) {
    this.names = names;
    this.root = root;
    this.index = index;
    this.chronicle = chronicle;
    this.mark = index.root().map(Mark::of);
  }

  /** How many writes this replica has made. */
  private record Mark(ReplicaId replica, long counter) {
    static Mark of(RootState state) {
      return new Mark(state.identity().replica(), state.counter());
    }

    boolean isOf(Dot dot) {
      return dot.replica().equals(replica);
    }
  }

  /**
   * Takes what one step brought about; {@link #tell} follows once it is appended.
   *
   * @param effects as the replica wants them: the index does not hold their appends yet
   */
  void read(Event event, List<Effect> effects) {
    if (event instanceof Event.Connected it) {
      happened.add(ofPeer(Kind.CONNECTED, it.peer()));
    } else if (event instanceof Event.Disconnected it) {
      happened.add(ofPeer(Kind.DISCONNECTED, it.peer()));
    }
    for (Effect effect : effects) {
      if (effect instanceof Effect.Append it) {
        new Reading(event, it.writes()).run();
      } else if (effect instanceof Effect.Reply it) {
        answered(event, it.answer()).ifPresent(happened::add);
      }
    }
  }

  void tell() {
    happened.forEach(chronicle::tell);
    happened.clear();
  }

  /** Tells what the root does, when that is another thing than before. */
  void stands(RootReport.State state, String reason) {
    // Asked after each step: words are made of what is new only.
    if (standing.filter(it -> it == state).isPresent() && standingFor.equals(reason)) {
      return;
    }
    standing = Optional.of(state);
    standingFor = reason;
    String words = state.name().toLowerCase(Locale.ROOT);
    boolean held = state == RootReport.State.HELD && !reason.isEmpty();
    String now = reason.isEmpty() ? words : words + ": " + reason;
    chronicle.tell(Happening.of(root, held ? Kind.HELD : Kind.STATE, held ? reason : now));
  }

  /**
   * @param failure why the root ended, "" when it was stopped
   */
  void ended(String failure) {
    if (!failure.isEmpty()) {
      stands(RootReport.State.FAILED, failure);
    }
  }

  void alarmed(String text) {
    chronicle.tell(Happening.of(root, Kind.PROBLEM, names.in(text)));
  }

  private Happening ofPeer(Kind kind, NodeId peer) {
    return new Happening(root, kind, Optional.of(peer), Optional.empty(), "");
  }

  private Optional<Happening> answered(Event event, Answer answer) {
    if (answer instanceof Answer.Resync it && it.ended()) {
      String counts =
          Count.of(it.comparedWithPeers(), "record")
              + " compared with "
              + Count.of(it.peersCompared(), "peer")
              + ", "
              + it.differingWithPeers()
              + " differed, "
              + Count.of(it.repairedLocally(), "path")
              + " taken in here";
      return Optional.of(Happening.of(root, Kind.RESYNCED, counts));
    }
    return event instanceof Event.ApproveAsked && answer instanceof Answer.Done it
        ? Optional.of(Happening.of(root, Kind.APPROVED, it.text()))
        : Optional.empty();
  }

  /** The versions that make a path a conflict. */
  private static Set<Dot> hidden(Record record) {
    return record.contents().size() < 2
        ? Set.of()
        : record.hidden().stream()
            .filter(version -> !version.adopted())
            .map(Element::dot)
            .collect(Collectors.toSet());
  }

  private static String words(Entry entry) {
    return switch (entry) {
      case Entry.Absent _ -> "";
      case Entry.Directory _ -> "directory";
      case Entry.File file -> "file, " + Count.of(file.size(), "byte");
      case Entry.Symlink _ -> "symbolic link";
    };
  }

  /** One append. */
  private final class Reading {
    private final Event event;
    private final List<JournalWrite> writes;
    private final Set<RelativePath> ended = new HashSet<>();
    private final Set<Dot> told = new HashSet<>();
    private Optional<Mark> until;

    Reading(Event event, List<JournalWrite> writes) {
      this.event = event;
      this.writes = writes;
      this.until = mark;
    }

    void run() {
      for (JournalWrite write : writes) {
        if (write instanceof JournalWrite.PutRoot it) {
          until = Optional.of(Mark.of(it.state()));
        }
      }
      writes.forEach(this::read);
      mark = until;
    }

    private void read(JournalWrite write) {
      switch (write) {
        case JournalWrite.PutRecord it -> recorded(it.path(), it.state());
        case JournalWrite.DropIntent it -> ended.add(it.path());
        case JournalWrite.PutMaterialised it -> {
          if (ended.remove(it.path())) {
            applied(it.path(), it.materialised().entry());
          }
        }
        case JournalWrite.PutPending it -> pending(it.path(), it.pending().problem());
        case JournalWrite.PutRoot _ -> {}
        case JournalWrite.CollectRecord _ -> {}
        case JournalWrite.DropMaterialised _ -> {}
        case JournalWrite.PutIntent _ -> {}
        case JournalWrite.PutDisplaced _ -> {}
        case JournalWrite.DropDisplaced _ -> {}
        case JournalWrite.DropPending _ -> {}
        case JournalWrite.PutPeer _ -> {}
        case JournalWrite.PutChunks _ -> {}
        case JournalWrite.DropChunks _ -> {}
        case JournalWrite.PutHistory _ -> {}
        case JournalWrite.DropHistory _ -> {}
      }
    }

    private void add(Kind kind, Optional<NodeId> peer, RelativePath path, String detail) {
      happened.add(new Happening(root, kind, peer, Optional.of(path), detail));
    }

    private void recorded(RelativePath path, RecordState state) {
      if (state.sender().isEmpty()) {
        written(path, state.record());
      }
      // What a peer's record was merged with is no more the record that he sent.
      Optional<NodeId> peer =
          event instanceof Event.Received it ? Optional.of(it.peer()) : Optional.empty();
      Set<Dot> before =
          index.record(path).map(RecordState::record).map(Chronicler::hidden).orElse(Set.of());
      Set<Dot> after = hidden(state.record());
      if (!before.containsAll(after)) {
        add(Kind.CONFLICT, peer, path, after.size() + 1 + " versions");
      } else if (after.isEmpty() && !before.isEmpty()) {
        add(Kind.RESOLVED, peer, path, "");
      }
    }

    private void written(RelativePath path, Record record) {
      Optional<Element<Entry>> content = fresh(record.contents());
      if (content.isPresent()) {
        Entry entry = content.get().value();
        String found = content.get().adopted() ? "found: " : "";
        add(
            entry.isPresent() ? Kind.WRITTEN : Kind.DELETED,
            Optional.empty(),
            path,
            found + words(entry));
      } else if (fresh(record.mtimes()).isPresent() || fresh(record.attributes()).isPresent()) {
        add(Kind.WRITTEN, Optional.empty(), path, "metadata");
      }
    }

    /** What this step wrote; its parts have one dot, and what is stored twice is told once. */
    private <T> Optional<Element<T>> fresh(Siblings<T> siblings) {
      return siblings.elements().stream()
          .filter(element -> isFresh(element.dot()) && told.add(element.dot()))
          .findFirst();
    }

    private boolean isFresh(Dot dot) {
      long since = mark.filter(it -> it.isOf(dot)).map(Mark::counter).orElse(0L);
      return until.filter(it -> it.isOf(dot)).isPresent() && dot.counter() > since;
    }

    private void applied(RelativePath path, Entry entry) {
      if (event instanceof Event.Started) {
        // What a crash left is put down as it was, too.
        return;
      }
      // Of a directory that was put as a whole all came with it, and may be many.
      boolean whole = event instanceof Event.GroupPlaced;
      RelativePath told = event instanceof Event.GroupPlaced it ? it.top() : path;
      Optional<NodeId> sender = index.record(told).flatMap(RecordState::sender);
      Optional<Entry> before =
          whole ? Optional.empty() : index.materialised(path).map(Materialised::entry);
      if (!entry.isPresent()) {
        add(Kind.REMOVED, sender, path, before.map(Chronicler::words).orElse(""));
      } else {
        boolean same = before.equals(Optional.of(entry));
        add(Kind.APPLIED, sender, path, same ? "metadata" : words(entry));
      }
    }

    private void pending(RelativePath path, Problem problem) {
      boolean told =
          problem.kind() == Problem.Kind.WAITING
              || index.pending(path).map(Pending::problem).equals(Optional.of(problem));
      if (!told) {
        add(Kind.PENDING, Optional.empty(), path, names.in(problem.toString()));
      }
    }
  }
}
