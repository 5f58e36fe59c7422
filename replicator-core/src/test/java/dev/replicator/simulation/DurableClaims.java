package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Event;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What nodes told that is durable with them, apart from what they remember of it: after a power cut
 * each knows all the versions still, and what it had on its disk before the sync is somewhere.
 */
final class DurableClaims {
  private static final int PATHS_MAX = 10_000;

  private final SimulatedCluster cluster;
  private final TreeMap<Integer, TreeMap<String, Claim>> claims = new TreeMap<>();

  /** How far each told, to ask the journal of its author only when that is more. */
  private final TreeMap<String, Long> told = new TreeMap<>();

  /** What was on a disk when its last sync began, and when the last one began that ended. */
  private final TreeMap<Integer, TreeMap<RelativePath, Thing>> syncing = new TreeMap<>();

  private final TreeMap<Integer, TreeMap<RelativePath, Thing>> synced = new TreeMap<>();

  /** Where a sync failed, and the machine is still the same: no sync tells anything there. */
  private final TreeMap<Integer, String> failed = new TreeMap<>();

  private long checked;

  /**
   * @param inode of the file that has the content, when that was there before a sync began that has
   *     ended since
   */
  private record Claim(RelativePath path, Dot dot, Entry.File file, OptionalLong inode) {
    Claim with(OptionalLong later) {
      return later.isPresent() ? new Claim(path, dot, file, later) : this;
    }
  }

  /**
   * What a node that is about to lose its power has of a claim.
   *
   * @param met whether it knows that there was such a version
   * @param has whether its record of the path has it
   * @param there whether it has the content
   */
  record Before(Claim claim, boolean met, boolean has, boolean there) {}

  DurableClaims(SimulatedCluster cluster) {
    this.cluster = cluster;
    cluster.overhear(this::heard);
    cluster.witness(this::seen);
  }

  /** How many versions were looked for after power cuts. */
  long checked() {
    return checked;
  }

  private void seen(SimulatedNode node, Object what) {
    if (what instanceof Effect.Sync) {
      syncing.put(node.number, new TreeMap<>(node.disk.things()));
    } else if (what instanceof Event.SyncFailed) {
      failed.put(node.number, node.bootId());
    } else if (what instanceof Event.Synced && !node.bootId().equals(failed.get(node.number))) {
      synced.put(node.number, syncing.getOrDefault(node.number, new TreeMap<>()));
      claims
          .getOrDefault(node.number, new TreeMap<>())
          .replaceAll((key, claim) -> claim.with(synced(node, claim.path(), claim.file())));
    }
  }

  private void heard(SimulatedNode from, NodeId to, Message message) {
    if (message instanceof Message.Acknowledgement(JournalId journal, long _, long durable)) {
      SimulatedNode author = cluster.node(to);
      String key = from.number + " " + author.number + " " + journal;
      boolean present =
          author.journal().root().map(root -> root.identity()).map(Identity::journal).stream()
              .anyMatch(journal::equals);
      if (present && durable > told.getOrDefault(key, 0L)) {
        told.put(key, durable);
        records(author)
            .forEach((path, state) -> {
              if (state.number() <= durable) {
                claim(from, path, state);
              }
            });
      }
    }
  }

  private void claim(SimulatedNode node, RelativePath path, RecordState state) {
    for (Element<Entry> element : state.record().contents().elements()) {
      if (element.value() instanceof Entry.File file) {
        Claim claim = new Claim(path, element.dot(), file, synced(node, path, file));
        claims
            .computeIfAbsent(node.number, number -> new TreeMap<>())
            .merge(path + " " + element.dot(), claim, (one, other) -> one.with(other.inode()));
      }
    }
  }

  private OptionalLong synced(SimulatedNode node, RelativePath path, Entry.File file) {
    return Stream.ofNullable(synced.getOrDefault(node.number, new TreeMap<>()).get(path))
        .filter(thing -> thing.entry().equals(file))
        .mapToLong(Thing::inode)
        .findFirst();
  }

  /** Somebody took its journal or its disk away: nothing that it told is true any more. */
  void forget(SimulatedNode node) {
    claims.remove(node.number);
    synced.remove(node.number);
    told.keySet().removeIf(key -> key.startsWith(node.number + " "));
  }

  /** What {@code node} has of what it told. */
  List<Before> before(SimulatedNode node) {
    List<Before> before = new ArrayList<>();
    for (Claim claim : claims.getOrDefault(node.number, new TreeMap<>()).values()) {
      boolean there =
          node.disk.find(claim.path()).stream()
              .filter(thing -> thing.entry().equals(claim.file()))
              .anyMatch(thing -> claim.inode().equals(OptionalLong.of(thing.inode())));
      before.add(new Before(claim, hasMet(node, claim), has(node, claim), there));
    }
    return before;
  }

  /** After the power of {@code node} was cut. */
  void check(SimulatedNode node, List<Before> before) {
    TreeSet<String> lost = new TreeSet<>();
    for (Before each : before) {
      Claim claim = each.claim();
      checked++;
      boolean forgot = each.met() && !hasMet(node, claim);
      if (forgot || (each.has() && !has(node, claim))) {
        lost.add(claim.dot() + " of " + claim.path() + ", which it does not know any more");
      } else if (each.has() && each.there() && !isAnywhere(claim)) {
        lost.add(claim.dot() + " of " + claim.path() + ", which is nowhere");
      }
    }
    if (!lost.isEmpty()) {
      throw new AssertionError(
          "not durable: " + node + " told that it had synced " + String.join("; ", lost));
    }
  }

  /** Whether it has the version or another one whose author knew that it was replaced. */
  private static boolean hasMet(SimulatedNode node, Claim claim) {
    return has(node, claim)
        || node.journal().root().filter(root -> root.clock().covers(claim.dot())).isPresent()
        || node.journal()
            .record(claim.path())
            .filter(state -> state.record().context().covers(claim.dot()))
            .isPresent();
  }

  private static boolean has(SimulatedNode node, Claim claim) {
    return node.journal().record(claim.path()).stream()
        .flatMap(state -> state.record().contents().elements().stream())
        .anyMatch(element -> element.dot().equals(claim.dot()));
  }

  private boolean isAnywhere(Claim claim) {
    return cluster.nodes().stream()
        .anyMatch(node ->
            node.disk.content(claim.path(), claim.file()).isPresent()
                || node.disk.things().values().stream()
                    .anyMatch(thing -> thing.entry().equals(claim.file())));
  }

  private static SortedMap<RelativePath, RecordState> records(SimulatedNode node) {
    return node.journal().recordsAfter(RelativePath.ROOT, PATHS_MAX);
  }
}
