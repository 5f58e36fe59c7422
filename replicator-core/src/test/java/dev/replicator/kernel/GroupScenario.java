package dev.replicator.kernel;

import dev.replicator.model.Attributes;
import dev.replicator.model.Change;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Group;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.Siblings;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.model.VersionVector;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** A node that hears of a directory which arrived whole at its peer. */
abstract class GroupScenario {
  static final NodeId PEER = node(2);
  static final RelativePath TOP = RelativePath.of("x");
  static final RelativePath FILE = TOP.child("f");
  static final Group GROUP = Group.of(TOP, 1);
  static final long SMALL = 1;

  /** So long a node waits for its peers to tell who it is. */
  static final long GATE_MILLIS = 3_000;

  final Values values = new Values(new SplittableRandom(1));
  final Identity theirs = values.identity();
  final FakeJournal journal = new FakeJournal();
  final List<Effect> effects = new ArrayList<>();
  final List<Change> told = new ArrayList<>();
  Replica replica = replica(true);
  long nowMillis = 1_000;
  long number;
  long through;
  int staged;

  static NodeId node(int number) {
    byte[] octets = new byte[32];
    octets[0] = (byte) number;
    return NodeId.of(octets);
  }

  Replica replica(boolean groups) {
    return new Replica(
        new Settings(node(1), (path, type) -> true, values.digest(), Initial.UNION, groups, false),
        journal);
  }

  void step(Event event) {
    for (Effect effect : replica.step(new Now(nowMillis, nowMillis), event)) {
      if (effect instanceof Effect.Append append) {
        journal.append(append.writes());
      }
      effects.add(effect);
    }
  }

  void start() {
    startDaemon();
    connect(VersionVector.EMPTY);
  }

  void startDaemon() {
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    Optional<RootIdentity> root = Optional.of(new RootIdentity(1, 2, ""));
    step(new Event.Started(values.identity(), "boot", 0, root, peers, List.of()));
  }

  /** The daemon is there again a minute later; how it looks at what is there. */
  Effect.Scan comeBack(String boot) {
    nowMillis += 60_000;
    replica = replica(true);
    effects.clear();
    Optional<RootIdentity> root = Optional.of(new RootIdentity(1, 2, ""));
    TreeSet<NodeId> peers = new TreeSet<>(List.of(PEER));
    step(new Event.Started(values.identity(), boot, nowMillis, root, peers, List.of()));
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** The peer comes, and has merged so much. */
  void connect(VersionVector clock) {
    step(new Event.Connected(PEER));
    Digest rules = values.digest();
    step(
        new Event.Received(
            PEER,
            new Message.Hello(
                theirs, clock, Optional.empty(), Optional.empty(), Optional.empty(), rules)));
  }

  /** It comes, and remembers more of that life than the journal does. */
  void contradict(Identity life) {
    connect(VersionVector.of(Map.of(life.replica(), 5L)));
  }

  RootState root() {
    return journal.root().orElseThrow();
  }

  /** After the first merge with the peer, which had nothing. */
  void merge() {
    start();
    mark();
    effects.clear();
  }

  void tell(RelativePath path, Entry entry, Group group) {
    number++;
    Dot dot = new Dot(theirs.replica(), number);
    Record record =
        new Record(
            VersionVector.of(dot),
            Siblings.of(List.of(new Element<>(dot, entry, number, 1, false, new TreeSet<>()))),
            Siblings.none(),
            Siblings.none());
    told.add(new Change(number, path, record, group.id()));
  }

  /** The record of the directory once more. */
  void tellClosed(Group group) {
    number++;
    Record record =
        told.stream()
            .filter(change -> change.path().equals(TOP))
            .findFirst()
            .orElseThrow()
            .record();
    told.add(new Change(number, TOP, record, group.closed().id()));
  }

  void send(Optional<VersionVector> mark) {
    List<Change> fresh = told.stream().filter(change -> change.number() > through).toList();
    for (int from = 0; from < fresh.size(); from += Limits.BATCH_CHANGES_MAX) {
      List<Change> page =
          fresh.subList(from, Math.min(from + Limits.BATCH_CHANGES_MAX, fresh.size()));
      run(page, page.getLast().number(), Optional.empty());
    }
    run(List.of(), number, mark);
  }

  void run(List<Change> changes, long end, Optional<VersionVector> mark) {
    step(
        new Event.Received(
            PEER, new Message.Changes(theirs.journal(), through, end, changes, List.of(), mark)));
    through = end;
  }

  void sendUnmarked() {
    send(Optional.empty());
  }

  void mark() {
    send(
        Optional.of(
            number == 0
                ? VersionVector.EMPTY
                : VersionVector.of(Map.of(theirs.replica(), number))));
  }

  static Entry.File file(long size) {
    byte[] digest = new byte[32];
    digest[0] = (byte) size;
    return new Entry.File(Digest.of(digest), size);
  }

  List<RelativePath> staging() {
    return effects.stream()
        .filter(Effect.Stage.class::isInstance)
        .map(effect -> ((Effect.Stage) effect).path())
        .toList();
  }

  List<Effect.PlaceGroup> placing() {
    return effects.stream()
        .filter(Effect.PlaceGroup.class::isInstance)
        .map(Effect.PlaceGroup.class::cast)
        .toList();
  }

  List<String> discarded() {
    return effects.stream()
        .filter(Effect.Discard.class::isInstance)
        .map(effect -> ((Effect.Discard) effect).name())
        .toList();
  }

  void stageAll() {
    List<Effect.Stage> asked =
        effects.stream()
            .filter(Effect.Stage.class::isInstance)
            .map(Effect.Stage.class::cast)
            .toList();
    effects.clear();
    asked.forEach(stage -> {
      staged++;
      step(new Event.Staged(stage.path(), stage.target(), "s" + staged, stamp(staged)));
    });
  }

  /** A file was looked at, and found to be what nobody knew. */
  void read(RelativePath path, long inode) {
    Attributes mode =
        new Attributes(EntryType.FILE, 0644, new Principal("", 0), new Principal("", 0));
    Stamp stamp = new Stamp(1, inode, 1, inode, inode, 0100644, 0, 0, 1);
    Target actual = new Target(file(inode), Instant.ofEpochSecond(inode), mode);
    step(new Event.Inspected(path, new Observation.Found(stamp, actual, ChunkList.EMPTY)));
    step(new Event.Appended());
  }

  Effect.Scan lastScan() {
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .toList()
        .getLast();
  }

  /** What peers were told at last of what shows here. */
  Message.Facts lastFacts() {
    return lastFacts(effects);
  }

  static Message.Facts lastFacts(List<Effect> effects) {
    return effects.stream()
        .filter(Effect.Send.class::isInstance)
        .map(effect -> ((Effect.Send) effect).message())
        .filter(Message.Facts.class::isInstance)
        .map(Message.Facts.class::cast)
        .toList()
        .getLast();
  }

  static Stamp stamp(long inode) {
    return new Stamp(1, inode, 1, 1, 1, 0100644, 1, 1, 1);
  }

  /** A directory with a file arrived, and all was told. */
  void arrive() {
    tell(TOP, Entry.DIRECTORY, GROUP);
    tell(FILE, file(SMALL), GROUP);
    tellClosed(GROUP);
    mark();
  }
}
