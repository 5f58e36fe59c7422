package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Attributes;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Identity;
import dev.replicator.model.Initial;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Principal;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private static final int FILES = 50;

  private final FakeJournal journal = new FakeJournal();
  private final Values values = new Values(new SplittableRandom(1));
  private final NodeId self = NodeId.of(new byte[32]);

  private Replica started() {
    Replica replica =
        new Replica(
            new Settings(self, (path, type) -> true, values.digest(), Initial.UNION, true, false),
            journal);
    Identity identity = values.rootState().identity();
    RootIdentity root = new RootIdentity(1, 2, "");
    perform(
        replica.step(
            new Now(1_000, 0),
            new Event.Started(identity, "boot", 0, Optional.of(root), new TreeSet<>(), List.of())));
    return replica;
  }

  @Test
  void keepsNothingPendingForASpecialFileThatStandsInNobodysWay() {
    RelativePath socket = RelativePath.of("socket");
    RelativePath file = RelativePath.of("file");
    Replica replica = started();
    perform(
        replica.step(
            new Now(2_000, 2_000),
            new Event.Together(List.of(new Event.Inspected(file, found(1))))));
    var special = new Observation.Unreadable(new Problem(Problem.Kind.SPECIAL, "socket"));

    perform(
        replica.step(
            new Now(3_000, 3_000),
            new Event.Together(
                List.of(
                    new Event.Inspected(socket, special), new Event.Inspected(file, special)))));

    assertEquals(Optional.empty(), journal.pending(socket));
    assertEquals(
        Optional.of(Problem.Kind.SPECIAL),
        journal.pending(file).map(pending -> pending.problem().kind()));
  }

  @Test
  void appendsWhatCameTogetherAtOnce() {
    Replica replica = started();

    List<Event> looks = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      looks.add(new Event.Inspected(RelativePath.of("file-" + i), found(i)));
    }
    int appends = perform(replica.step(new Now(2_000, 1_000), new Event.Together(looks)));

    assertEquals(1, appends);
    assertEquals(FILES, journal.recordsAfter(RelativePath.ROOT, 2 * FILES).size());
    assertEquals(FILES, journal.materialisedCount());
    assertEquals(FILES, journal.changesAfter(0, 2 * FILES).size());
  }

  private static Observation found(int number) {
    Attributes attributes =
        new Attributes(EntryType.FILE, 0644, new Principal("", 1), new Principal("", 1));
    byte[] digest = new byte[32];
    digest[0] = (byte) number;
    Target actual = new Target(new Entry.File(Digest.of(digest), 1), Instant.EPOCH, attributes);
    Stamp stamp = new Stamp(1, 10 + number, 1, 1, 1, 0100644, 1, 1, 1);
    return new Observation.Found(stamp, actual, ChunkList.EMPTY);
  }

  private int perform(List<Effect> effects) {
    int appends = 0;
    for (Effect effect : effects) {
      if (effect instanceof Effect.Append append) {
        journal.append(append.writes());
        appends +=
            append.writes().stream().anyMatch(JournalWrite.PutRecord.class::isInstance) ? 1 : 0;
      }
    }
    return appends;
  }
}
