package dev.replicator.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.codec.WireCodec;
import dev.replicator.kernel.Answer;
import dev.replicator.kernel.Event;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Limits;
import dev.replicator.model.Message;
import dev.replicator.model.Problem;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A path may be as long as 64 KiB: a message holds fewer of these, and is never too long to send.
 */
class LongNamesTest {
  private static final int PATHS = 600;
  private static final int COMPONENTS = 40;
  private static final int COMPONENT_BYTES = 250;
  private static final long REQUEST = 7;

  private final SimulatedCluster cluster = new SimulatedCluster(7, 2, false);
  private final SimulatedUser user = new SimulatedUser(cluster, new Lineage());
  private final List<Message> sent = new ArrayList<>();
  private final SimulatedNode one = cluster.node(0);
  private final SimulatedNode two = cluster.node(1);

  private static final RelativePath DEEP =
      RelativePath.of("x" + ("/" + "x".repeat(COMPONENT_BYTES - 1)).repeat(COMPONENTS));

  private static RelativePath path(int number) {
    return DEEP.child("%04d".formatted(number).getBytes(StandardCharsets.US_ASCII));
  }

  @BeforeEach
  void bothAreThere() {
    user.write(one, RelativePath.of("f"), "text");
    cluster.nodes().forEach(cluster::start);
    cluster.settleAndApprove();
    cluster.overhear((from, to, message) -> sent.add(message));
  }

  private void assertAllCanBeSent() {
    for (Message message : sent) {
      int bytes = WireCodec.encode(message).length;
      assertTrue(bytes <= Limits.ENVELOPE_BYTES_MAX, () -> bytes + " bytes");
    }
  }

  /** What two says once it could put none of {@code paths}, which one wrote, and they met again. */
  private Message.Facts factsOfTwoThatLacks(List<RelativePath> paths) {
    List<Problem> kinds = List.of(Problem.of(Problem.Kind.PERMISSION));
    two.suffer(
        new Faults(new SplittableRandom(7), new Faults.Percent(100, 0, 0, 0, kinds), node -> {}));
    paths.forEach(path -> user.write(one, path, "text"));
    cluster.run(5_000);
    sent.clear();
    cluster.link(one, two).cut();
    cluster.link(one, two).heal();
    cluster.run(1_000);
    assertAllCanBeSent();
    return sent.stream()
        .filter(Message.Facts.class::isInstance)
        .map(Message.Facts.class::cast)
        .filter(it -> it.node().equals(two.id) && !it.exceptions().isEmpty())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void factsNameAsManyPendingPathsAsThereIsRoomForAndCountTheRest() {
    RelativePath directory = RelativePath.of("x");
    user.makeDirectory(one, directory);
    while (!directory.equals(DEEP)) {
      directory =
          directory.child("x".repeat(COMPONENT_BYTES - 1).getBytes(StandardCharsets.US_ASCII));
      user.makeDirectory(one, directory);
    }
    cluster.settleAndApprove();
    Message.Facts facts =
        factsOfTwoThatLacks(IntStream.range(0, PATHS).mapToObj(LongNamesTest::path).toList());
    assertEquals(PATHS, facts.exceptions().size() + facts.more());
    assertTrue(facts.more() > 0);
  }

  @Test
  void factsNameNoMorePathsThanTheyMayHoweverShort() {
    int many = Limits.EXCEPTIONS_MAX + 300;
    Message.Facts facts =
        factsOfTwoThatLacks(
            IntStream.range(0, many).mapToObj(it -> RelativePath.of("s" + it)).toList());
    assertEquals(Limits.EXCEPTIONS_MAX, facts.exceptions().size());
    assertTrue(facts.more() > 0, "some may be tried just then, and count as none");
  }

  @Test
  void comparisonTellsThemInSeveralParts() {
    RecordState known = one.journal().record(RelativePath.of("f")).orElseThrow();
    List<JournalWrite> writes = new ArrayList<>();
    for (int number = 0; number < PATHS; number++) {
      long next = one.journal().root().orElseThrow().nextNumber() + number;
      writes.add(
          new JournalWrite.PutRecord(
              path(number), new RecordState(known.record(), next, Optional.empty(), 0, List.of())));
    }
    for (SimulatedNode asked : List.of(one, two)) {
      one.journal().append(writes);
      asked.handle(new Event.ResyncAsked(REQUEST, true, false));
      cluster.run(10_000);
      Answer.Resync told = assertInstanceOf(Answer.Resync.class, asked.answers.get(REQUEST));
      assertEquals(PATHS, told.differingWithPeers());
    }
    assertAllCanBeSent();
  }
}
