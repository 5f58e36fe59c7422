package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.Bytes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Initial;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
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
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Something stands where a directory was moved away, of which only what is in it had been seen. */
class TakenPlaceTest {
  private static final RelativePath TOP = RelativePath.of("f");
  private static final RelativePath BELOW = RelativePath.of("f/g");
  private static final Principal ANYBODY = new Principal("", 1);

  private final FakeJournal journal = new FakeJournal();
  private final Values values = new Values(new SplittableRandom(1));
  private final List<RelativePath> looks = new ArrayList<>();
  private long millis = 5_000;

  private static Target target(Entry entry) {
    return new Target(entry, Instant.EPOCH, new Attributes(entry.type(), 0755, ANYBODY, ANYBODY));
  }

  private static Stamp stamp(int number) {
    return new Stamp(1, number, 1, 1, 1_000_000, 0100644, 1, 1, 1);
  }

  private List<JournalWrite> shown(RelativePath path, Entry entry, int number) {
    Dot dot = new Dot(new ReplicaId(8), number);
    TreeSet<Dot> dots = new TreeSet<>(Set.of(dot));
    Record record =
        new Record(
            VersionVector.of(dot),
            Siblings.of(List.of(Element.written(dot, entry, 1, List.of()))),
            Siblings.none(),
            Siblings.of(List.of(Element.written(dot, target(entry).attributes(), 1, List.of()))));
    return List.of(
        new JournalWrite.PutRecord(
            path, new RecordState(record, number, Optional.empty(), 0, List.of())),
        new JournalWrite.PutMaterialised(
            path,
            new Materialised(
                stamp(number),
                target(entry),
                target(entry).attributes(),
                new Knowledge(dots, new TreeSet<>(), dots, new TreeSet<>()))));
  }

  private void step(Replica replica, Event event) {
    millis++;
    for (Effect effect : replica.step(new Now(millis, millis), event)) {
      switch (effect) {
        case Effect.Append append -> journal.append(append.writes());
        case Effect.Inspect look -> looks.add(look.path());
        default -> {}
      }
    }
  }

  /** A node that has seen what is in a directory. */
  private Replica begin() {
    byte[] digest = new byte[Digest.LENGTH_BYTES];
    Settings settings =
        new Settings(
            NodeId.of(new byte[32]),
            (path, type) -> true,
            Digest.of(digest),
            Initial.UNION,
            false,
            false);
    RootState root =
        RootState.fresh(values.rootState().identity(), "boot", Initial.UNION, values.digest())
            .withNextNumber(3)
            .withClocks(VersionVector.of(new Dot(new ReplicaId(8), 2)), 1)
            .withScanned(true)
            .withRootIdentity(new RootIdentity(1, 2, "marker"));
    journal.append(List.of(new JournalWrite.PutRoot(root)));
    journal.append(shown(BELOW, Entry.DIRECTORY, 2));
    Replica replica = new Replica(settings, journal);
    step(
        replica,
        new Event.Started(
            values.rootState().identity(),
            "boot",
            1,
            Optional.of(new RootIdentity(1, 2, "marker")),
            new TreeSet<>(),
            List.of()));

    return replica;
  }

  @Test
  void whatWasSeenInADirectoryIsLookedForWhenAPeersLinkTookItsPlace() {
    journal.append(shown(TOP, new Entry.Symlink(Bytes.of(new byte[] {'x'})), 1));
    Replica replica = begin();

    step(replica, new Event.Suspected(TOP, Cause.WATCH, false));
    step(replica, new Event.Inspected(TOP, new Observation.Unchanged(stamp(1))));

    assertEquals(List.of(TOP, BELOW), looks);
  }

  /** A look at the directory itself had failed. */
  @Test
  void whatWasSeenInADirectoryIsLookedForWhenSomebodysFileTookItsPlace() {
    Replica replica = begin();

    step(replica, new Event.Suspected(TOP, Cause.WATCH, false));
    Target file = target(new Entry.File(values.digest(), 4));
    step(replica, new Event.Inspected(TOP, new Observation.Found(stamp(3), file, ChunkList.EMPTY)));

    assertEquals(List.of(TOP, BELOW), looks);
  }
}
