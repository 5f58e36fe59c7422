package dev.replicator.simulation;

import dev.replicator.kernel.Event;
import dev.replicator.kernel.Settled;
import dev.replicator.model.EntryType;
import dev.replicator.model.FormerLife;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Materialised;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootState;
import dev.replicator.model.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** Ends daemons in every way there is, and excuses what nobody can bring back after it. */
final class Crashes {
  static final long STOP = 99;
  static final long STOP_MILLIS = 2_000;
  private static final int PATHS_MAX = 10_000;

  /** Owns a directory that is there for what is in it alone. */
  private static final Principal ANYBODY = new Principal("", -1);

  private final SimulatedCluster cluster;
  private final SimulatedUser user;
  private final Lineage lineage;
  private final TreeMap<Integer, Image> kept = new TreeMap<>();

  /** What an old journal told, of which nobody looked yet whether it is true of the disk. */
  private final TreeMap<Integer, TreeSet<String>> believed = new TreeMap<>();

  /** Old journals of which a peer may still tell that they are. */
  private final TreeMap<Integer, List<OldJournal>> old = new TreeMap<>();

  private Optional<DurableClaims> claims = Optional.empty();
  private SplittableRandom random;

  /** Who lost some of what it knew; by a boot after a stop that did not come to its end, too. */
  private final TreeSet<Integer> forgetful = new TreeSet<>();

  private boolean journalsLost;

  /**
   * A journal that may be put in place later.
   *
   * @param old old ones of before, of which it has still to be told that they were
   */
  private record Image(FakeJournal journal, List<OldJournal> old) {}

  /**
   * As it was put in place.
   *
   * @param known what it believed to be on the disk
   * @param there what was
   */
  private record OldJournal(
      RootState root,
      SortedMap<RelativePath, Materialised> known,
      SortedMap<RelativePath, Thing> there) {}

  Crashes(SimulatedCluster cluster, SimulatedUser user, Lineage lineage) {
    this.cluster = cluster;
    this.user = user;
    this.lineage = lineage;
    this.random = cluster.random();
  }

  /** From now on a power cut must leave what was told to be durable. */
  void holdTo(DurableClaims told) {
    claims = Optional.of(told);
  }

  void drawFrom(SplittableRandom other) {
    random = other;
  }

  SimulatedNode anyNode() {
    return cluster.node(random.nextInt(cluster.nodes().size()));
  }

  void cutOrHeal(SimulatedNode node) {
    SimulatedNode other = anyNode();
    if (other != node) {
      toggle(cluster.link(node, other));
    }
  }

  private void toggle(SimulatedLink link) {
    if (link.isUp()) {
      cluster.struck(Knob.CUTS);
      link.cut();
    } else {
      link.heal();
    }
  }

  private void strikes(SimulatedNode node, Knob kind) {
    if (node.isUp()) {
      cluster.struck(kind);
    }
  }

  void killed(SimulatedNode node) {
    strikes(node, Knob.KILLS);
    cluster.note(node + " killed");
    kill(node);
    maybeStart(node);
  }

  void stopped(SimulatedNode node) {
    strikes(node, Knob.KILLS);
    cluster.note(node + " stops clean");
    node.handle(new Event.StopAsked(STOP));
    cluster.run(STOP_MILLIS);
    kill(node);
    if (random.nextBoolean()) {
      boolean clean = node.journal().root().map(RootState::clean).orElse(false);
      if (!clean) {
        forgetful.add(node.number);
      }
      boot(node);
    }
    maybeStart(node);
  }

  /** Whoever is told that a sync failed starts his machine again. */
  void startMachinesAgain() {
    for (SimulatedNode node : cluster.nodes()) {
      if (node.journal().root().filter(RootState::syncFailed).isPresent()) {
        cluster.note(node + " is started again");
        node.handle(new Event.StopAsked(STOP));
        cluster.run(STOP_MILLIS);
        kill(node);
        forgetful.add(node.number);
        boot(node);
        cluster.start(node);
      }
    }
  }

  /**
   * Whether a node lost some of what it knew. After a stop that did not come to its end, as when
   * its journal refused an append, a boot takes no absence for a deletion. Where somebody's journal
   * was lost, nobody knows what may stand again: what he had not deleted yet though he had told
   * that he knows of it, and what an old journal does not know to have been put.
   */
  boolean forgets(int node) {
    return journalsLost || forgetful.contains(node);
  }

  void powerLost(SimulatedNode node) {
    cutPower(node);
    maybeStart(node);
  }

  void journalLost(SimulatedNode node) {
    cluster.struck(Knob.LOST_JOURNALS);
    cluster.note(node + " loses its journal");
    journalsLost = true;
    kill(node);
    old.remove(node.number);
    claims.ifPresent(told -> told.forget(node));
    takesImpliedModes(node);
    lose(() -> node.restore(new FakeJournal()));
    believed.remove(node.number);
    maybeStart(node);
  }

  /**
   * What was put and is gone again before the journal heard of it: the next start cannot tell that
   * from what was never put.
   */
  void kill(SimulatedNode node) {
    node.journal()
        .intents()
        .forEach((path, intent) -> {
          if (node.isUp() && node.disk.settle(path, intent) instanceof Settled.Unclear) {
            lineage.unclearAt(path);
          }
        });
    seeWhatIsBelieved(node);
    node.kill();
  }

  private void maybeStart(SimulatedNode node) {
    if (random.nextBoolean()) {
      cluster.start(node);
    }
  }

  /** Keeps an image of a journal, or puts an old one back. */
  void image(SimulatedNode node) {
    Image image = kept.remove(node.number);
    if (image == null) {
      List<OldJournal> before = List.copyOf(old.getOrDefault(node.number, List.of()));
      kept.put(node.number, new Image(node.journal().image(), before));
      return;
    }
    cluster.struck(Knob.IMAGES);
    cluster.note(node + " gets an old journal");
    journalsLost = true;
    kill(node);
    claims.ifPresent(told -> told.forget(node));
    takesImpliedModes(node);
    lose(() -> {
      node.restore(image.journal());
      believed.put(node.number, Verdict.recorded(node, lineage));
      keepInMind(node, image.old());
    });
    if (random.nextBoolean()) {
      boot(node);
    }
    if (random.nextBoolean()) {
      startAlone(node);
    } else {
      maybeStart(node);
    }
  }

  private void keepInMind(SimulatedNode node, List<OldJournal> before) {
    List<OldJournal> all = new ArrayList<>(before);
    node.journal()
        .root()
        .ifPresent(
            root -> all.add(new OldJournal(root, known(node), new TreeMap<>(node.disk.things()))));
    old.put(node.number, all);
  }

  /**
   * What stands where an old journal knows something else is taken for somebody's write over that,
   * and what is missing for deleted, when nobody remembers more of it: also when who did lost that
   * before he could say so.
   */
  private void excuseWhatNobodyRemembers() {
    for (SimulatedNode node : cluster.nodes()) {
      old.getOrDefault(node.number, new ArrayList<>())
          .removeIf(journal -> !isInDoubt(node, journal.root()) || excuse(node, journal));
    }
  }

  /** Whether nobody remembers more, so that it is believed. */
  private boolean excuse(SimulatedNode node, OldJournal journal) {
    boolean vouched = isVouchedFor(node, journal.root());
    if (vouched) {
      journal
          .known()
          .forEach((path, known) ->
              lineage.takenForWrite(
                  path, Optional.ofNullable(journal.there().get(path)), known.entry()));
    }
    return vouched;
  }

  /** Whether nobody told yet that the journal is an old one. */
  private static boolean isInDoubt(SimulatedNode node, RootState root) {
    JournalId journal = root.identity().journal();
    return isBy(node, journal)
        || node.journal().root().map(RootState::unproven).orElse(List.of()).stream()
            .filter(life -> life.end() != FormerLife.End.CONTRADICTED)
            .anyMatch(life -> life.identity().journal().equals(journal));
  }

  private static boolean isBy(SimulatedNode node, JournalId journal) {
    return node.journal()
        .root()
        .filter(now -> now.identity().journal().equals(journal))
        .isPresent();
  }

  /**
   * Whether nobody remembers more of {@code node} than the journal that began with {@code root}.
   */
  private boolean isVouchedFor(SimulatedNode node, RootState root) {
    return cluster.nodes().stream()
        .filter(other -> other != node)
        .allMatch(other -> vouchesFor(node, root, other));
  }

  private static boolean vouchesFor(SimulatedNode node, RootState root, SimulatedNode other) {
    Optional<RootState> theirs = other.journal().root();
    Optional<Sequence> held =
        Optional.ofNullable(other.journal().peers().get(node.id)).map(PeerProgress::theirs);
    List<FormerLife> lives = new ArrayList<>(root.unproven());
    lives.removeIf(life -> life.end() != FormerLife.End.CLAIMED);
    lives.add(
        new FormerLife(root.identity(), root.counter(), root.nextNumber(), FormerLife.End.CLAIMED));
    JournalId journal = root.identity().journal();
    return lives.stream().noneMatch(life -> remembersMore(theirs, held, life))
        && held.map(Sequence::journal)
            .map(known -> known.compareTo(journal) <= 0 || isBy(node, known))
            .orElse(true);
  }

  private static boolean remembersMore(
      Optional<RootState> theirs, Optional<Sequence> held, FormerLife life) {
    Identity identity = life.identity();
    long covered = theirs.map(state -> state.clock().counter(identity.replica())).orElse(0L);
    return covered > life.counter()
        || held.filter(known -> known.journal().equals(identity.journal()))
            .filter(known -> known.number() >= life.nextNumber())
            .isPresent();
  }

  /** Nobody can be asked for longer than a start waits. */
  private void startAlone(SimulatedNode node) {
    cluster.note(node + " starts alone");
    List<SimulatedLink> links = new ArrayList<>();
    cluster.links().forEach(links::add);
    links.removeIf(link -> !link.joins(node));
    links.forEach(SimulatedLink::cut);
    cluster.start(node);
    for (int i = random.nextInt(8); i > 0; i--) {
      user.act(anyNode());
      cluster.run(random.nextLong(1_500));
    }
    links.forEach(SimulatedLink::heal);
  }

  private void cutPower(SimulatedNode node) {
    forgetful.add(node.number);
    strikes(node, Knob.POWER_CUTS);
    cluster.note(node + " loses power");
    List<DurableClaims.Before> before = claims.map(told -> told.before(node)).orElse(List.of());
    lose(node::cutPower);
    claims.ifPresent(told -> told.check(node, before));
    node.disk
        .things()
        .forEach((path, thing) -> lineage.stands(Lineage.version(path, thing.text())));
  }

  /**
   * While a scan of a new or replaced journal goes on, what was written since is known by its time:
   * where the clock was set back before that journal, it is taken for found.
   */
  void clockSet(SimulatedNode node) {
    boolean behind =
        node.journal().root().stream()
            .filter(root -> !root.scanned() || !root.unread().isEmpty())
            .anyMatch(root -> root.adoption().beforeMillis() >= node.nowMillis());
    if (behind) {
      forgetful.add(node.number);
    }
  }

  void rootReplaced(SimulatedNode node) {
    forgetful.add(node.number);
    claims.ifPresent(told -> told.forget(node));
    known(node).forEach((path, here) -> user.modes().untold(path, here.entry().type()));
    lose(node.disk::replaceRoot);
  }

  /**
   * A directory that is there for what is in it alone has the usual mode, until its own is told.
   * Only the journal knows that nobody gave it that one.
   */
  private void takesImpliedModes(SimulatedNode node) {
    known(node)
        .forEach((path, here) -> {
          if (here.asked().owner().equals(ANYBODY)) {
            user.modes().untold(path, EntryType.DIRECTORY);
          }
        });
  }

  private static SortedMap<RelativePath, Materialised> known(SimulatedNode node) {
    return node.journal().materialisedAfter(RelativePath.ROOT, PATHS_MAX);
  }

  /**
   * Where the journal is gone that was told of a failed sync, nobody knows what the disk lacks: who
   * writes to such a file before the first look went over what is to be there, for all that the
   * nodes know.
   */
  private void boot(SimulatedNode node) {
    boolean known = node.journal().root().filter(RootState::syncFailed).isPresent();
    TreeMap<RelativePath, Thing> before = new TreeMap<>(node.disk.things());
    lose(node::reboot);
    before.forEach((path, thing) -> {
      if (!known && !node.disk.at(path).text().equals(thing.text())) {
        lineage.excuse(Lineage.version(path, thing.text()));
      }
    });
  }

  /** What only this node had, and has no more, nobody can bring back. */
  void lose(Runnable crash) {
    TreeSet<String> before = standing();
    List<TreeMap<RelativePath, Thing>> disks = disks();
    crash.run();
    tellNoModes(disks);
    before.removeAll(standing());
    before.forEach(version -> {
      cluster.note("lost: " + version);
      lineage.excuse(version);
    });
    excuseWhatNobodyRemembers();
  }

  private List<TreeMap<RelativePath, Thing>> disks() {
    return cluster.nodes().stream().map(node -> new TreeMap<>(node.disk.things())).toList();
  }

  private void tellNoModes(List<TreeMap<RelativePath, Thing>> before) {
    for (SimulatedNode node : cluster.nodes()) {
      before
          .get(node.number)
          .forEach((path, thing) -> {
            if (!node.disk.find(path).map(Thing::metadata).equals(Optional.of(thing.metadata()))) {
              user.modes().untold(path, thing.type());
            }
          });
    }
  }

  private TreeSet<String> standing() {
    TreeSet<String> standing = new TreeSet<>();
    for (SimulatedNode node : cluster.nodes()) {
      node.disk
          .things()
          .forEach((path, thing) -> {
            if (thing.type() == EntryType.FILE) {
              standing.add(Lineage.version(path, thing.text()));
            }
          });
      node.disk
          .displacements()
          .forEach((path, thing) -> standing.add(Lineage.version(path, thing.text())));
      TreeSet<String> recorded = Verdict.recorded(node, lineage);
      recorded.removeAll(believed(node));
      standing.addAll(recorded);
    }
    return standing;
  }

  /** What an old journal tells of a disk that became another since stands nowhere else, perhaps. */
  private TreeSet<String> believed(SimulatedNode node) {
    seeWhatIsBelieved(node);
    return believed.getOrDefault(node.number, new TreeSet<>());
  }

  /** Who has looked at his disk knows, also once he is down. */
  private void seeWhatIsBelieved(SimulatedNode node) {
    if (node.hasLooked()) {
      believed.remove(node.number);
    }
  }
}
