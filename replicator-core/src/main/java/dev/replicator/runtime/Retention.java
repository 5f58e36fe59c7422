package dev.replicator.runtime;

import dev.replicator.kernel.Event;
import dev.replicator.model.Digest;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.RootState;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.vault.Bounds;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the vault of what is old, or more than its share of the disk, or in the way on a full
 * one, and the journal of what belongs to contents that are gone. Conflicts stay.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final long FIRST_MILLIS = 60_000;
  private static final long PAUSE_MILLIS = 3_600_000;
  private static final long DAY_MILLIS = 24 * PAUSE_MILLIS;
  private static final long START_PAUSE_MILLIS = 10_000;

  /** So long disk or vault may be too full until what the vault has too much goes once more. */
  private static final long FULL_PAUSE_MILLIS = 10_000;

  /** Within that, whoever found in the vault what is about to go has told what he does with it. */
  private static final long TOLD_MILLIS = 1_000;

  /** Some file systems tell only after a while what was freed. */
  private static final long RELIEF_PAUSE_MILLIS = 60_000;

  private static final long NOTHING = Long.MAX_VALUE;
  private static final long MORE_PAUSE_MILLIS = 1_000;
  private static final int DISK_PARTS = 10;
  private static final int PAGE = 1_024;
  private static final int LISTS_AT_ONCE = 128;

  private final EngineParts parts;
  private final RootLoop loop;
  private final SettledClock clock;
  private final UnusedChunkLists chunkLists;
  private final MissingVersions missing;
  private final AtomicBoolean full = new AtomicBoolean();

  /** The smallest file for which the disk lacked room since the last sweep. */
  private final AtomicLong waiting = new AtomicLong(NOTHING);

  /** By the steady clock. */
  private volatile long relieveAfterMillis = Long.MIN_VALUE;

  /** On the root's thread: one sweep after the other. */
  private boolean sweeping;

  Retention(EngineParts parts, RootLoop loop, MissingVersions missing) {
    this.parts = parts;
    this.loop = loop;
    this.missing = missing;
    this.clock = new SettledClock(parts.clock(), lastMillis(parts));
    this.chunkLists = new UnusedChunkLists(parts.journal(), parts.vault());
  }

  /** When it was how late by the last run; 0 where that is not known. */
  private static long lastMillis(EngineParts parts) {
    long checkpoint = parts.journal().root().map(RootState::checkpointMillis).orElse(0L);
    try {
      // What the journal says is by a clock that may have been set.
      return parts.vault().time().read().orElse(checkpoint);
    } catch (IOException unreadable) {
      LOG.warn("root {}: cannot read the time of the vault: {}", parts.name(), unreadable);
      return checkpoint;
    }
  }

  /** How much of its disk a vault may have, but for what records need. */
  static long bytesMax(Vault vault) throws IOException {
    return vault.space().total() / DISK_PARTS;
  }

  private void tellTime() {
    loop.effects()
        .aside(() -> {
          try {
            parts.vault().time().keep(clock.nowMillis());
          } catch (IOException failure) {
            LOG.warn("root {}: cannot keep the time of the vault: {}", parts.name(), failure);
          }
        });
  }

  void schedule() {
    loop.later(FIRST_MILLIS, this::begin);
    FreeSpace space = loop.effects().disk().space();
    space.whenLacking(bytes -> {
      waiting.accumulateAndGet(bytes, Math::min);
      isFull();
    });
    space.tell(new FreeSpaceLog(parts.name()));
    parts.vault().filling().whenOver(this::isFull);
    loop.later(DAY_MILLIS, this::findChunkLists);
  }

  /** Once a day; what is nowhere then, and an hour later, is forgotten. */
  private void findChunkLists() {
    loop.effects()
        .aside(() -> {
          try {
            List<Digest> unused = chunkLists.find();
            loop.submit(() -> loop.later(PAUSE_MILLIS, () -> dropChunkLists(unused, 0)));
          } catch (IOException failure) {
            warn(failure);
          }
        });
    loop.later(DAY_MILLIS, this::findChunkLists);
  }

  /** On the root's thread, a few at a time: others wait there. */
  private void dropChunkLists(List<Digest> unused, int from) {
    int to = Math.min(from + LISTS_AT_ONCE, unused.size());
    try {
      List<JournalWrite> drops = chunkLists.drops(unused.subList(from, to));
      if (!drops.isEmpty()) {
        loop.append(drops);
      }
    } catch (IOException failure) {
      warn(failure);
      return;
    }
    if (to < unused.size()) {
      loop.submit(() -> dropChunkLists(unused, to));
    }
  }

  private void begin() {
    tellTime();
    dropParts();
    if (!mayLetGo()) {
      loop.later(START_PAUSE_MILLIS, this::begin);
      return;
    }
    missing.look();
    dropHistory();
    sweepVault();
    loop.later(PAUSE_MILLIS, this::begin);
  }

  /**
   * What is being rescued relies on what the vault holds. And until the first scan is over nobody
   * knows which files a power cut took: of one of them it may have the last whole copy.
   */
  private boolean mayLetGo() {
    return loop.effects().isRescueOver() && loop.replica().isScanned();
  }

  /** A burst of replacements fills a disk within an hour: that is not waited for. */
  private void isFull() {
    if (full.compareAndSet(false, true)) {
      loop.submit(this::sweepVault);
      loop.later(FULL_PAUSE_MILLIS, this::isFullAgain);
    }
  }

  /** What arrived meanwhile may have been the last for hours. */
  private void isFullAgain() {
    full.set(false);
    if (parts.vault().filling().isOver()) {
      isFull();
    }
  }

  private void sweepVault() {
    if (!sweeping && mayLetGo()) {
      sweeping = true;
      long before = parts.journal().root().map(RootState::nextNumber).orElse(1L) - 1;
      VaultSweep sweep = new VaultSweep(parts.journal(), parts.vault(), before);
      loop.effects().aside(() -> choose(sweep));
    }
  }

  private void choose(VaultSweep sweep) {
    boolean chosen = false;
    try {
      Bounds.Lack lack = lack();
      sweep.choose(
          new Bounds(
              Instant.ofEpochMilli(clock.nowMillis()),
              parts.retention(),
              bytesMax(parts.vault()),
              lack));
      loop.later(TOLD_MILLIS, () -> letGo(sweep, lack));
      chosen = true;
    } catch (IOException failure) {
      warn(failure);
    } finally {
      if (!chosen) {
        loop.submit(() -> sweeping = false);
      }
    }
  }

  /** Of the disk of the vault: no other has more room when something of it goes. */
  private Bounds.Lack lack() throws IOException {
    long wanted = waiting.getAndSet(NOTHING);
    Tree.Space here = parts.vault().space();
    boolean shared = wanted != NOTHING && isOfRoot(here);
    return loop.steadyMillis() < relieveAfterMillis
        ? Bounds.Lack.NONE
        : Bounds.Lack.of(here.free(), here.reserve(), shared ? wanted : 0);
  }

  /** By the figures: numbers of devices differ where the room is the same. */
  private boolean isOfRoot(Tree.Space space) {
    try {
      Tree.Space root = parts.tree().space();
      return space.total() == root.total()
          && Math.abs(space.free() - root.free()) <= space.reserve();
    } catch (IOException lost) {
      return false;
    }
  }

  private void letGo(VaultSweep sweep, Bounds.Lack lack) {
    SortedSet<Digest> leaving = sweep.confirm(loop.replica().held());
    if (!leaving.isEmpty()) {
      loop.step(new Event.Swept(leaving));
    }
    loop.effects().aside(() -> end(sweep, lack));
  }

  private void end(VaultSweep sweep, Bounds.Lack lack) {
    boolean more = false;
    try {
      Vault.Swept swept = sweep.end();
      more = swept.more();
      if (swept.removed() > 0) {
        LOG.info(
            "root {}: vault let go of {} versions of {} bytes, {} bytes are left",
            parts.name(),
            swept.removed(),
            swept.removedBytes(),
            parts.vault().filling().level().bytes());
      }
      if (swept.removed() > 0 && !lack.isNone()) {
        relieved(swept);
      }
      sweep.forgotten(page -> loop.submit(() -> forget(sweep, page)));
    } catch (IOException failure) {
      warn(failure);
    } finally {
      loop.submit(() -> sweeping = false);
      if (more) {
        loop.later(MORE_PAUSE_MILLIS, this::sweepVault);
      }
    }
  }

  private void relieved(Vault.Swept swept) {
    relieveAfterMillis = loop.steadyMillis() + RELIEF_PAUSE_MILLIS;
    String text = loop.effects().disk().space().gaveUp(swept.removed(), swept.removedBytes());
    loop.submit(() -> loop.alarm(text, false));
  }

  private void forget(VaultSweep sweep, List<HistoryItem> page) {
    try {
      List<JournalWrite> drops = sweep.drops(page);
      if (!drops.isEmpty()) {
        loop.append(drops);
      }
    } catch (IOException failure) {
      warn(failure);
    }
  }

  private void dropHistory() {
    long before = clock.nowMillis() - parts.retention().toMillis();
    List<HistoryItem> old = parts.journal().historyBefore(before, PAGE);
    if (!old.isEmpty()) {
      loop.append(old.stream().<JournalWrite>map(JournalWrite.DropHistory::new).toList());
    }
    if (old.size() == PAGE) {
      loop.submit(this::dropHistory);
    }
  }

  /** Parts of what nobody sends any more. */
  private void dropParts() {
    loop.effects()
        .aside(() -> {
          try {
            long millis = parts.clock().wallMillis() - DAY_MILLIS;
            loop.effects().disk().parts().drop(Instant.ofEpochMilli(millis));
          } catch (TreeException failure) {
            LOG.warn("root {}: cannot drop parts of files: {}", parts.name(), failure.problem());
          }
        });
  }

  private void warn(IOException failure) {
    LOG.warn("root {}: cannot sweep the vault: {}", parts.name(), failure.toString());
  }
}
