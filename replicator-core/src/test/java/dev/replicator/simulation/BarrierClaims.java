package dev.replicator.simulation;

import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.VersionVector;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Asks barriers in the middle of a run. When one is done, what was closed in its scope before it
 * was asked is on the disks of the peers that it names, or somebody did something to it since, or
 * another version stands there that was written at the same time: then theirs knows it. What came
 * from a peer counts once all that he was telling had come. Where it was to be durable, no power
 * cut takes what is still there, on either side.
 */
final class BarrierClaims {
  private static final long FIRST = 10_000;
  private static final long TIMEOUT_MILLIS_MAX = 5_000;

  private final SimulatedCluster cluster;
  private final Lineage lineage;
  private final TreeMap<Long, Asked> asked = new TreeMap<>();

  /** What one node heard last of what another one shows. */
  private final TreeMap<String, Message.Facts> heard = new TreeMap<>();

  /** The root of which a node told that, by its version. */
  private final TreeMap<String, Optional<RootIdentity>> toldOf = new TreeMap<>();

  private long requests = FIRST;
  private long done;
  private long checked;

  /**
   * What was there when a barrier was asked.
   *
   * @param closed files that nobody had open for writing
   * @param lives of all nodes: who ended since may have lost what it had
   * @param roots of all nodes: who has another one since had it in the one before
   * @param stale who lost its power since it told what it shows: that counted until it tells again
   */
  private record Asked(
      SimulatedNode node,
      RelativePath scope,
      boolean durable,
      TreeMap<RelativePath, Claim> closed,
      TreeMap<Integer, Integer> lives,
      TreeMap<Integer, Optional<RootIdentity>> roots,
      TreeSet<Integer> stale) {}

  /** What stood at a path, and how often it had been written: once more is another write. */
  private record Claim(String text, int writes) {}

  BarrierClaims(SimulatedCluster cluster, Lineage lineage) {
    this.cluster = cluster;
    this.lineage = lineage;
    cluster.witness(this::seen);
  }

  /** How many were done before all was quiet. */
  long done() {
    return done;
  }

  /** How many files were looked for. */
  long checked() {
    return checked;
  }

  /**
   * Asks one at {@code node}, of everything or of one name; none while its watcher missed what it
   * did not tell yet, as none does that has a queue: it tells that in the place of what it missed.
   */
  void ask(SimulatedNode node, RelativePath name, SplittableRandom random) {
    if (!node.isUp() || node.faults().hasMissed()) {
      return;
    }
    RelativePath scope = random.nextBoolean() ? RelativePath.ROOT : name;
    OptionalInt needed =
        random.nextBoolean()
            ? OptionalInt.empty()
            : OptionalInt.of(1 + random.nextInt(cluster.nodes().size() - 1));
    long timeoutMillis = 1 + random.nextLong(TIMEOUT_MILLIS_MAX);
    ask(node, scope, needed, timeoutMillis, random.nextBoolean());
  }

  void ask(
      SimulatedNode node,
      RelativePath scope,
      OptionalInt needed,
      long timeoutMillis,
      boolean durable) {
    TreeMap<RelativePath, Claim> closed = new TreeMap<>();
    node.disk
        .things()
        .forEach((path, thing) -> {
          boolean open = node.disk.written().contains(thing.inode());
          // An empty one is what a power cut left of another: nobody wrote it.
          boolean file = thing.type() == EntryType.FILE && !thing.text().isEmpty();
          boolean everybodys = !Administrator.isLeftOut(node, path);
          if (file
              && everybodys
              && path.isWithin(scope)
              && !open
              && !isBeingTold(node, path, thing)) {
            closed.put(path, new Claim(thing.text(), lineage.writes(path, thing.text())));
          }
        });
    requests++;
    asked.put(requests, new Asked(node, scope, durable, closed, lives(), roots(), stale(node)));
    cluster.note(node + " is asked for a barrier of " + scope);
    node.handle(new Event.BarrierAsked(requests, scope, needed, timeoutMillis, durable));
  }

  /** A peer wrote it, who has more to tell: a barrier does not wait for what others are sending. */
  private static boolean isBeingTold(SimulatedNode node, RelativePath path, Thing thing) {
    VersionVector clock =
        node.journal().root().map(root -> root.clock()).orElse(VersionVector.EMPTY);
    return node.journal().record(path).stream()
        .flatMap(state -> state.record().contents().elements().stream())
        .anyMatch(it -> it.value().equals(thing.entry()) && !clock.covers(it.dot()));
  }

  private TreeMap<Integer, Integer> lives() {
    TreeMap<Integer, Integer> lives = new TreeMap<>();
    cluster.nodes().forEach(node -> lives.put(node.number, node.life()));
    return lives;
  }

  private TreeSet<Integer> stale(SimulatedNode node) {
    TreeSet<Integer> stale = new TreeSet<>();
    for (SimulatedNode other : cluster.nodes()) {
      if (heard.containsKey(node.number + " " + other.id) && !isSince(node, other)) {
        stale.add(other.number);
      }
    }
    return stale;
  }

  private TreeMap<Integer, Optional<RootIdentity>> roots() {
    TreeMap<Integer, Optional<RootIdentity>> roots = new TreeMap<>();
    cluster.nodes().forEach(node -> roots.put(node.number, node.disk.root()));
    return roots;
  }

  private void seen(SimulatedNode node, Object what) {
    if (what instanceof Effect.Send(NodeId _, Message.Facts facts, boolean _)
        && facts.node().equals(node.id)) {
      Optional<RootIdentity> root = node.isRootItself() ? node.disk.root() : Optional.empty();
      toldOf.put(facts.node() + " " + facts.version(), root);
    }
    if (what instanceof Event.Received(NodeId _, Message.Facts facts)) {
      heard.put(node.number + " " + facts.node(), facts);
    }
    if (what instanceof Effect.Reply(long request, Answer.Barrier answer)
        && asked.get(request) instanceof Asked question
        && answer.end() == Answer.BarrierEnd.DONE) {
      done++;
      TreeSet<String> missing = new TreeSet<>();
      answer
          .peers()
          .forEach((peer, part) -> {
            SimulatedNode there = cluster.node(peer);
            if (part.done()
                && !question.stale().contains(there.number)
                && isSince(node, there)
                && there.isUp()
                && question.lives().equals(lives())
                && there.disk.root().equals(question.roots().get(there.number))
                && there.isRootItself()) {
              question
                  .closed()
                  .forEach((path, claim) -> {
                    checked++;
                    String text = claim.text();
                    boolean durable =
                        question.durable() && lineage.writes(path, text) == claim.writes();
                    if (answer.unread().stream().noneMatch(path::isWithin)
                        && !shows(there, path, text)) {
                      missing.add(text + " of " + path + " is not on " + there);
                    }
                    if (durable && !isDurable(there, path, text)) {
                      missing.add(text + " of " + path + " is not synced on " + there);
                    }
                    if (durable && !isDurable(node, path, text)) {
                      missing.add(text + " of " + path + " is not synced on " + node);
                    }
                  });
            }
          });
      if (!missing.isEmpty()) {
        throw new AssertionError(
            "barrier of " + node + " is done, but " + String.join("; ", missing));
      }
    }
  }

  /**
   * Whether what {@code node} last heard of the other is from after the power of that failed, and
   * of the root that it has.
   */
  private boolean isSince(SimulatedNode node, SimulatedNode there) {
    Message.Facts facts = heard.get(node.number + " " + there.id);
    return facts != null
        && there.disk.root().equals(toldOf.get(facts.node() + " " + facts.version()))
        && there.journal().root().stream()
            .anyMatch(root -> root.identity().journal().equals(facts.journal()));
  }

  private boolean shows(SimulatedNode node, RelativePath path, String text) {
    boolean there =
        node.disk.find(path).filter(thing -> thing.entry().equals(Thing.file(text))).isPresent();
    return there
        || lineage.isOver(Lineage.version(path, text))
        || isBeside(node, path, text)
        || Administrator.isLeftOut(node, path);
  }

  /**
   * Whether what still is at {@code path} is there for good, or in the vault: what gave way for a
   * moment was put back from there.
   */
  private static boolean isDurable(SimulatedNode node, RelativePath path, String text) {
    Entry.File file = Thing.file(text);
    return node.disk.find(path).filter(thing -> thing.entry().equals(file)).isEmpty()
        || node.disk.isSynced(file)
        || node.disk.isKept(file.digest());
  }

  /**
   * It is in the record of a path that has other versions, or is to show a directory since
   * something below shows: those stood there when the node told that it shows all.
   */
  private static boolean isBeside(SimulatedNode node, RelativePath path, String text) {
    Entry.File file = Thing.file(text);
    return node.journal().record(path).stream()
        .map(state -> state.record().contents())
        .filter(contents -> contents.elements().stream().anyMatch(it -> it.value().equals(file)))
        .anyMatch(contents -> contents.size() > 1 || !node.replica().effective(path).equals(file));
  }
}
