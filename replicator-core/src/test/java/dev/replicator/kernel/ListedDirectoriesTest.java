package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
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
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A new directory is listed, unless whoever told of it does so. */
class ListedDirectoriesTest {
  private static final RelativePath DIRECTORY = RelativePath.of("directory");

  private final FakeJournal journal = new FakeJournal();
  private final Values values = new Values(new SplittableRandom(1));
  private Replica replica;
  private long millis = 1_000;

  @BeforeEach
  void start() {
    replica =
        new Replica(
            new Settings(
                NodeId.of(new byte[32]),
                (path, type) -> true,
                values.digest(),
                Initial.UNION,
                true,
                false),
            journal);
    step(
        new Event.Started(
            values.rootState().identity(),
            "boot",
            0,
            Optional.of(new RootIdentity(1, 2, "")),
            new TreeSet<>(),
            List.of()));
    step(new Event.ScanEnded(1, true));
  }

  private List<Effect> step(Event event) {
    millis += 100;
    List<Effect> effects = replica.step(new Now(millis, millis), event);
    effects.forEach(effect -> {
      if (effect instanceof Effect.Append append) {
        journal.append(append.writes());
      }
    });
    return effects;
  }

  private static Event.Suspected told(boolean listed) {
    return new Event.Suspected(DIRECTORY, Cause.WATCH, false, listed);
  }

  /** What is listed once it was looked at. */
  private List<RelativePath> listedOnceFound(long inode) {
    Attributes attributes =
        new Attributes(EntryType.DIRECTORY, 0755, new Principal("", 1), new Principal("", 1));
    Stamp stamp = new Stamp(1, inode, 1, 1, 1, 0040755, 1, 1, 1);
    Target actual = new Target(Entry.DIRECTORY, Instant.EPOCH, attributes);
    var found = new Observation.Found(stamp, actual, ChunkList.EMPTY);
    return step(new Event.Inspected(DIRECTORY, found)).stream()
        .filter(Effect.Scan.class::isInstance)
        .map(effect -> ((Effect.Scan) effect).scope())
        .toList();
  }

  @Test
  void oneThatAnEventNamedIsListed() {
    step(told(false));
    assertEquals(List.of(DIRECTORY), listedOnceFound(10));
  }

  @Test
  void oneThatAListingToldOfIsNotListedAgain() {
    step(told(true));
    assertEquals(List.of(), listedOnceFound(10));
  }

  @Test
  void oneThatAnEventNamedAsWellIsListedNow() {
    step(new Event.Together(List.of(told(true), told(false))));
    assertEquals(List.of(DIRECTORY), listedOnceFound(10));
  }

  @Test
  void anotherOneInItsPlaceIsListedWhoeverToldOfIt() {
    step(told(true));
    listedOnceFound(10);
    step(told(true));
    assertEquals(List.of(DIRECTORY), listedOnceFound(11));
  }
}
