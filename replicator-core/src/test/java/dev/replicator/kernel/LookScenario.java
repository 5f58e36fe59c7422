package dev.replicator.kernel;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Group;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** A node that is live and has synced all, and to which files are told to have changed. */
abstract class LookScenario extends GroupScenario {
  static final RelativePath PAGE = RelativePath.of("page");
  static final RelativePath OTHER = RelativePath.of("other");
  static final Attributes MODE =
      new Attributes(EntryType.FILE, 0644, new Principal("", 0), new Principal("", 0));
  static final long SECOND_MILLIS = 1_000;
  static final long DAY_MILLIS = 86_400_000;

  @BeforeEach
  void begin() {
    nowMillis = DAY_MILLIS;
    start();
    mark();
    step(new Event.ScanEnded(scan().scan(), true));
    nowMillis += GATE_MILLIS;
    step(new Event.Tick());
    step(new Event.IdentityDrawn(values.identity()));
    sync();
  }

  List<Effect.Scan> scans() {
    return effects.stream()
        .filter(Effect.Scan.class::isInstance)
        .map(Effect.Scan.class::cast)
        .toList();
  }

  Effect.Scan scan() {
    return scans().getLast();
  }

  /** Once what was begun is ended, and what a peer tells is synced as well. */
  void sync() {
    for (int syncs = 0; syncs < 2; syncs++) {
      nowMillis += SECOND_MILLIS;
      RelativePath gone = RelativePath.of("gone" + number);
      tell(gone, Entry.ABSENT, Group.NONE);
      sendUnmarked();
      step(new Event.Inspected(gone, new Observation.Gone()));
      step(new Event.Synced(nowMillis));
      step(new Event.Told(nowMillis));
    }
  }

  void changed(RelativePath path) {
    step(new Event.Suspected(path, Cause.WATCH, false));
  }

  /** It is read within the tick in which it was written. */
  void read(RelativePath path, long inode, long ctimeMillis) {
    Stamp stamp = new Stamp(1, inode, 1, 1, ctimeMillis * 1_000_000 + 1, 0100644, 0, 0, 1);
    Target actual = new Target(file(inode), Instant.ofEpochSecond(inode), MODE);
    step(new Event.Inspected(path, new Observation.Found(stamp, actual, ChunkList.EMPTY)));
  }

  /** From when on the next daemon reads files that have the stamps of before. */
  long doubtedSinceMillis() {
    return comeBack("boot").distrustSinceMillis();
  }
}
