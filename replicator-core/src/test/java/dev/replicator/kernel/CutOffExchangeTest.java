package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Initial;
import dev.replicator.model.Intent;
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

/** A crash after an exchange; how that ended is told at the start, or once the root is open. */
class CutOffExchangeTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final Dot OLD = new Dot(new ReplicaId(8), 1);
  private static final Dot NEW = new Dot(new ReplicaId(9), 1);
  private static final Attributes ATTRIBUTES =
      new Attributes(EntryType.FILE, 0644, new Principal("", 1), new Principal("", 1));
  private static final Settings SETTINGS =
      new Settings(
          NodeId.of(new byte[32]), (path, type) -> true, digest(7), Initial.UNION, false, false);

  private final FakeJournal journal = new FakeJournal();
  private final Values values = new Values(new SplittableRandom(1));
  private final Replica replica = new Replica(SETTINGS, before());
  private final List<Effect.Inspect> looks = new ArrayList<>();
  private long millis = 5_000;

  private static Digest digest(int number) {
    byte[] octets = new byte[32];
    octets[0] = (byte) number;
    return Digest.of(octets);
  }

  private static Target target(int number) {
    return new Target(new Entry.File(digest(number), 1), Instant.EPOCH, ATTRIBUTES);
  }

  private static Stamp stamp(int number, long ctimeMillis) {
    return new Stamp(1, number, 1, 1, ctimeMillis * 1_000_000, 0100644, 1, 1, 1);
  }

  private static Knowledge known(Dot dot) {
    TreeSet<Dot> dots = new TreeSet<>(Set.of(dot));
    return new Knowledge(dots, dots, dots, new TreeSet<>());
  }

  private FakeJournal before() {
    Record record =
        new Record(
            VersionVector.of(OLD).with(NEW),
            Siblings.of(List.of(Element.written(NEW, target(2).entry(), 1, List.of()))),
            Siblings.of(List.of(Element.written(NEW, Instant.EPOCH, 1, List.of()))),
            Siblings.of(List.of(Element.written(NEW, ATTRIBUTES, 1, List.of()))));
    RootState root =
        RootState.fresh(
                values.rootState().identity(), "earlier boot", Initial.UNION, values.digest())
            .withNextNumber(2)
            .withClocks(record.context(), 1)
            .withScanned(true)
            .withRootIdentity(new RootIdentity(1, 2, "marker"));
    journal.append(
        List.of(
            new JournalWrite.PutRoot(root),
            new JournalWrite.PutRecord(
                F, new RecordState(record, 1, Optional.empty(), 0, List.of())),
            new JournalWrite.PutMaterialised(F, was()),
            new JournalWrite.PutIntent(F, intent())));
    return journal;
  }

  private static Materialised was() {
    return new Materialised(stamp(1, 100), target(1), ATTRIBUTES, known(OLD));
  }

  private static Intent intent() {
    return new Intent(
        Optional.of(was()), target(2), known(NEW), Optional.of(stamp(2, 200)), "staged");
  }

  private void step(Event event) {
    millis++;
    for (Effect effect : replica.step(new Now(millis, millis), event)) {
      if (effect instanceof Effect.Append append) {
        journal.append(append.writes());
      }
      if (effect instanceof Effect.Inspect look) {
        looks.add(look);
      }
    }
  }

  private void begin() {
    begin("this boot", new Settled.Underway(F, intent()));
  }

  private void begin(String boot, Settled settled) {
    step(
        new Event.Started(
            values.rootState().identity(),
            boot,
            4_000,
            Optional.of(new RootIdentity(1, 2, "marker")),
            new TreeSet<>(),
            List.of(settled)));
  }

  @Test
  void isEndedAsOneThatGoesOn() {
    begin();
    assertEquals(1, journal.intents().size());

    step(new Event.Exchanged(F, new Outcome.Placed(stamp(2, 200), target(2))));

    assertEquals(0, journal.intents().size());
    assertEquals(target(2), journal.materialised(F).orElseThrow().actual());
  }

  /** It may be a file that takes minutes to be read. */
  @Test
  void keepsNobodyFromStoppingCleanly() {
    begin();

    step(new Event.StopAsked(1));
    step(new Event.Synced(millis));
    step(new Event.Told(millis));
    step(new Event.Synced(millis));
    step(new Event.Told(millis));

    assertTrue(journal.root().orElseThrow().clean());
    assertEquals(1, journal.intents().size());
  }

  /** What it put may have been torn: who writes over it before its first look saw nobody knows. */
  @Test
  void isNotVouchedFor() {
    begin();
    step(new Event.Exchanged(F, new Outcome.Placed(stamp(2, 200), target(2))));
    step(new Event.Suspected(F, Cause.WATCH, false));

    step(
        new Event.Inspected(F, new Observation.Found(stamp(2, 6_000), target(3), ChunkList.EMPTY)));

    assertEquals(2, journal.record(F).orElseThrow().record().contents().size());
  }

  /** The exchange changed its ctime: what else it has it was given when it was staged. */
  @Test
  void whatAKilledDaemonHadPutIsReadAgain() {
    begin("earlier boot", new Settled.Applied(F, intent(), stamp(2, 4_500), target(2)));
    assertEquals(List.of(true), looks.stream().map(Effect.Inspect::reread).toList());

    step(
        new Event.Inspected(F, new Observation.Found(stamp(2, 4_500), target(3), ChunkList.EMPTY)));
    step(new Event.Tick());

    Record record = journal.record(F).orElseThrow().record();
    assertEquals(1, record.contents().size());
    assertEquals(target(3).entry(), record.visibleEntry());
  }
}
