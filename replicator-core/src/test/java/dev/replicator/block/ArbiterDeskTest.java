package dev.replicator.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an arbiter knows after it was started again, and when its memory cannot be had. */
final class ArbiterDeskTest {
  private static final NodeId A = Nodes.of(1);
  private static final NodeId B = Nodes.of(2);
  private static final NodeId SELF = Nodes.of(3);
  private static final long SECONDS_MAX = 30;

  @TempDir private Path directory = Path.of("");

  private Path file() {
    return directory.resolve("arbitration");
  }

  private static FenceAnswer ask(ArbiterDesk desk, NodeId asker, FenceRequest request)
      throws Exception {
    CompletableFuture<FenceAnswer> answer = new CompletableFuture<>();
    desk.asked(asker, request, answer::complete);
    return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
  }

  private static Verdict fence(ArbiterDesk desk, NodeId asker, NodeId other) throws Exception {
    return ask(desk, asker, new FenceRequest.Fence("r0", other, 5)).verdict();
  }

  private static void together(ArbiterDesk desk) throws Exception {
    ask(desk, A, new FenceRequest.Together("r0", B, 5, 0));
    ask(desk, B, new FenceRequest.Together("r0", A, 5, 0));
  }

  @Test
  void remembersAcrossRestartsWhomItGranted() throws Exception {
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      together(desk);
    }
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      assertEquals(Verdict.GRANTED, fence(desk, B, A));
    }
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      assertEquals(Verdict.REFUSED, fence(desk, A, B));
      assertEquals(Verdict.GRANTED, fence(desk, B, A));
    }
  }

  /** Whoever is killed after the answer must have written before it. */
  @Test
  void hasWrittenBeforeItAnswers() throws Exception {
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      together(desk);
      CompletableFuture<String> written = new CompletableFuture<>();
      desk.asked(
          A,
          new FenceRequest.Fence("r0", B, 5),
          answer -> written.complete(answer.verdict() + " " + text()));
      String seen = written.get(SECONDS_MAX, TimeUnit.SECONDS);
      assertTrue(seen.startsWith("GRANTED"), seen);
      assertTrue(seen.contains(" 1 low 0000000000000005 - -"), seen);
    }
  }

  private String text() {
    try {
      return Files.readString(file());
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  @Test
  void grantsNothingWithAMemoryThatIsTornOrCannotBeRead() throws Exception {
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      together(desk);
    }
    String whole = text();
    for (String torn : new String[] {"", whole.substring(0, whole.length() - 1), whole + "x"}) {
      Files.writeString(file(), torn);
      try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
        assertEquals(Verdict.NOT_ABLE, fence(desk, A, B), torn);
      }
      assertEquals(torn, text(), "what a person has to look at was replaced");
    }
    Files.delete(file());
    Files.createDirectory(file());
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      assertEquals(Verdict.NOT_ABLE, fence(desk, A, B));
    }
  }

  @Test
  void grantsNothingAnyMoreOnceItCouldNotWrite() throws Exception {
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      together(desk);
      Path inTheWay = Files.createDirectory(directory.resolve("arbitration.new"));
      assertEquals(Verdict.NOT_ABLE, fence(desk, A, B));
      Files.delete(inTheWay);
      assertEquals(Verdict.NOT_ABLE, fence(desk, B, A));
    }
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      assertEquals(Verdict.GRANTED, fence(desk, B, A));
    }
  }

  /** What was left of a write that was cut off counts for nothing. */
  @Test
  void readsNothingThatWasOnlyStaged() throws Exception {
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      together(desk);
    }
    Files.writeString(directory.resolve("arbitration.new"), "half");
    try (ArbiterDesk desk = new ArbiterDesk(SELF, file())) {
      assertEquals(Verdict.GRANTED, fence(desk, A, B));
    }
  }
}
