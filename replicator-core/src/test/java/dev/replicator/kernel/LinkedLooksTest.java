package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Initial;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Looks at two names of one file. */
class LinkedLooksTest {
  private static final RelativePath A = RelativePath.of("a");
  private static final RelativePath B = RelativePath.of("b");
  private static final long FILE = 10;
  private static final long OTHER = 11;

  private final FakeJournal journal = new FakeJournal();
  private final Values values = new Values(new SplittableRandom(1));
  private final Replica replica =
      new Replica(
          new Settings(
              NodeId.of(new byte[32]),
              (path, type) -> true,
              values.digest(),
              Initial.UNION,
              true,
              false),
          journal);
  private final RootIdentity root = new RootIdentity(1, 2, "");
  private final Set<RelativePath> reread = new TreeSet<>();
  private long nowMillis = 1_000;

  @BeforeEach
  void start() {
    step(
        new Event.Started(
            values.rootState().identity(),
            "boot",
            0,
            Optional.of(root),
            new TreeSet<>(),
            List.of()));
    step(new Event.ScanEnded(1, true));
  }

  /** The looks that are asked for then. */
  private Set<RelativePath> step(Event event) {
    nowMillis += 10;
    TreeSet<RelativePath> looks = new TreeSet<>();
    for (Effect effect : replica.step(new Now(nowMillis, nowMillis), event)) {
      if (effect instanceof Effect.Append append) {
        journal.append(append.writes());
      } else if (effect instanceof Effect.Inspect look) {
        looks.add(look.path());
        if (look.reread()) {
          reread.add(look.path());
        }
      }
    }
    return looks;
  }

  private Set<RelativePath> changed(RelativePath path) {
    return step(new Event.Suspected(path, Cause.WATCH, false));
  }

  private Set<RelativePath> seen(RelativePath path, long inode, int version, int links) {
    return seen(path, inode, version, links, version);
  }

  private Set<RelativePath> seen(RelativePath path, long inode, int version, int links, long tick) {
    Attributes attributes =
        new Attributes(EntryType.FILE, 0644, new Principal("", 1), new Principal("", 1));
    byte[] digest = new byte[32];
    digest[0] = (byte) version;
    Target actual = new Target(new Entry.File(Digest.of(digest), 1), Instant.EPOCH, attributes);
    Stamp stamp = new Stamp(1, inode, 1, tick, tick, 0100644, 1, 1, links);
    return step(new Event.Inspected(path, new Observation.Found(stamp, actual, ChunkList.EMPTY)));
  }

  private Set<RelativePath> unchanged(RelativePath path) {
    Stamp stamp = journal.materialised(path).orElseThrow().stamp();
    return step(new Event.Inspected(path, new Observation.Unchanged(stamp)));
  }

  private void begin() {
    changed(A);
    seen(A, FILE, 1, 2);
    changed(B);
    assertEquals(Set.of(), seen(B, FILE, 1, 2));
  }

  @Test
  void haveTheOtherNameLookedAtAndEndWhenBothAreAlike() {
    begin();
    assertEquals(Set.of(A), changed(A));

    assertEquals(Set.of(A, B), seen(A, FILE, 2, 2));

    assertEquals(Set.of(), unchanged(A));
    assertEquals(Set.of(), seen(B, FILE, 2, 2));
  }

  /** Its content tells what its stamp does not: it was written to twice in one tick. */
  @Test
  void haveTheOtherNameReadWhenItsStampIsThatOfAnotherContent() {
    begin();
    changed(B);
    assertEquals(Set.of(A, B), seen(B, FILE, 2, 2, 1));
    assertEquals(Set.of(A), reread);
    assertEquals(Set.of(), seen(A, FILE, 2, 2, 1));
    assertEquals(Set.of(), unchanged(B));
  }

  @Test
  void areTakenAgainWhenTheyMayHaveBeenToldInAnotherOrder() {
    changed(A);
    changed(B);
    // B was looked at after a write, and A before it; only then a look at A is told.
    assertEquals(Set.of(), seen(B, FILE, 2, 2));

    assertEquals(Set.of(A, B), seen(A, FILE, 1, 2));
  }

  @Test
  void findTheNameThatHadNoOtherUntilNow() {
    changed(A);
    seen(A, FILE, 1, 1);
    changed(B);

    assertEquals(Set.of(A, B), seen(B, FILE, 2, 2));
  }

  @Test
  void leaveAloneTheNewNameOfAFileThatWasMoved() {
    changed(A);
    seen(A, FILE, 1, 1);
    changed(B);
    seen(B, FILE, 2, 1);
    changed(A);

    assertEquals(Set.of(), step(new Event.Inspected(A, new Observation.Gone())));
  }

  @Test
  void haveTheNamesThatAreLeftLookedAtWhenOneIsReplaced() {
    begin();
    changed(A);

    assertEquals(Set.of(B), seen(A, OTHER, 2, 1));
  }

  @Test
  void haveTheNamesThatAreLeftLookedAtWhenOneIsGone() {
    begin();
    changed(A);

    assertEquals(Set.of(B), step(new Event.Inspected(A, new Observation.Gone())));
  }
}
