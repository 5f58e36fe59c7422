package dev.replicator.simulation;

import dev.replicator.kernel.Effect;
import dev.replicator.model.ChunkList;
import dev.replicator.model.EntryType;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.port.Journal;
import dev.replicator.runtime.YoungReads;
import java.util.TreeSet;

/** What a daemon sees of the tree of a simulated disk, as that of production looks at it. */
final class SimulatedLooks {
  private final SimulatedDisk disk;
  private YoungReads youngReads = new YoungReads();

  /** Files that were not read because somebody had them open. */
  private final TreeSet<Long> left = new TreeSet<>();

  SimulatedLooks(SimulatedDisk disk) {
    this.disk = disk;
  }

  /** The daemon is another one: it remembers no more than the journal tells. */
  void begin(Journal journal) {
    youngReads = new YoungReads();
    youngReads.doubtUnread(journal);
  }

  Observation inspect(Effect.Inspect asked, long nowMillis) {
    Thing there = disk.things().get(asked.path());
    if (there == null || !disk.isDirectory(asked.path().parent())) {
      return new Observation.Gone();
    }
    boolean known = there.isAsExpected(asked);
    if (known && !isYoung(there)) {
      return new Observation.Unchanged(there.stamp());
    }
    if (asked.resting() && !known && there.type() == EntryType.FILE) {
      return new Observation.Unsettled(0);
    }
    if (asked.patient() && isUnclosed(asked, there)) {
      left.add(there.inode());
      return new Observation.Unclosed();
    }
    if (there.type() == EntryType.FILE) {
      youngReads.read(there.stamp(), nowMillis);
    }
    return known && asked.expected().get().entry().equals(there.entry())
        ? new Observation.Unchanged(there.stamp())
        : new Observation.Found(there.stamp(), there.target(), ChunkList.EMPTY);
  }

  /** It is in the place of another, and his close will be told. */
  private boolean isUnclosed(Effect.Inspect asked, Thing there) {
    return there.type() == EntryType.FILE
        && there.links() == 1
        && !asked.renamed()
        && disk.written().contains(there.inode())
        && asked.expected().map(was -> was.stamp().inode() != there.inode()).orElse(false);
  }

  /** Its writer closed it; whether somebody waits for that. */
  boolean closed(long inode) {
    return left.remove(inode);
  }

  /** Whether its stamp may be that of two writes. */
  boolean isYoung(Thing thing) {
    return thing.type() == EntryType.FILE && youngReads.has(thing.stamp());
  }

  /** As {@link Thing#holds}, once what may have been written twice in a tick was read. */
  boolean holds(Thing thing, Materialised expected) {
    return thing.holds(expected) && !(isYoung(thing) && !thing.entry().equals(expected.entry()));
  }

  /** Its owner, mode or time was changed, without another look at its content. */
  void touched(Thing before, Thing after) {
    youngReads.put(before.stamp(), after.stamp());
  }
}
