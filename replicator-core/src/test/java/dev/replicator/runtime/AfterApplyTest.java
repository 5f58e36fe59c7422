package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Chronicle;
import dev.replicator.port.Chronicle.Happening;
import dev.replicator.port.Chronicle.Kind;
import dev.replicator.port.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AfterApplyTest {
  private static final String PROGRAM = "/bin/forget";

  @TempDir Path state;
  private final BlockingQueue<Happening> told = new LinkedBlockingQueue<>();
  private final Program program = new Program();

  /** Notes what it is told of, and ends as the test wants it. */
  private static final class Program implements CommandRunner {
    final BlockingQueue<String> runs = new LinkedBlockingQueue<>();
    volatile int exitCode;
    volatile boolean refusing;

    @Override
    public Result run(List<String> arguments, Duration deadline) throws IOException {
      assertEquals(PROGRAM, arguments.getFirst());
      runs.add(Files.readString(Path.of(arguments.get(1))));
      if (refusing) {
        throw new IllegalStateException("no more processes");
      }
      return new Result(exitCode, "", "\nno such pool\nmore");
    }

    String next() throws InterruptedException {
      String run = runs.poll(30, TimeUnit.SECONDS);
      assertNotNull(run, "it does not run");
      return run;
    }
  }

  private AfterApply started() {
    AfterApply.Command command =
        new AfterApply.Command(
            List.of(PROGRAM, "{paths}"),
            path -> path.toString().endsWith(".php"),
            Duration.ofSeconds(30));
    AfterApply hook =
        new AfterApply("site", command, program, state, MachineClock.open(), told::add);
    hook.start();
    return hook;
  }

  private static void tell(Chronicle hook, Kind kind, String path) {
    hook.tell(
        new Happening("site", kind, Optional.empty(), Optional.of(RelativePath.of(path)), ""));
  }

  private Happening awaitTold(Kind kind) throws InterruptedException {
    while (true) {
      Happening next = told.poll(30, TimeUnit.SECONDS);
      assertNotNull(next, "nobody tells of " + kind);
      if (next.kind() == kind) {
        return next;
      }
    }
  }

  @Test
  void tellsTheCommandWhatChangedAndWasRemovedAndNothingElse() throws Exception {
    AfterApply hook = started();
    tell(hook, Kind.APPLIED, "a b.php");
    tell(hook, Kind.APPLIED, "photo.jpg");
    tell(hook, Kind.WRITTEN, "ours.php");
    tell(hook, Kind.REMOVED, "old.php");

    assertEquals("a b.php\0old.php\0", program.next());
    assertTrue(awaitTold(Kind.FOLLOWED).detail().startsWith("2 paths, "));
    hook.close();
    assertTrue(program.runs.isEmpty());
    assertEquals(0, Files.list(state).count());
  }

  @Test
  void goesOnAfterAFaultOfWhateverKind() throws Exception {
    program.refusing = true;
    AfterApply hook = started();
    tell(hook, Kind.APPLIED, "a.php");
    program.next();
    assertTrue(awaitTold(Kind.PROBLEM).detail().contains("no more processes"));

    program.refusing = false;
    assertEquals("a.php\0", program.next());
    awaitTold(Kind.FOLLOWED);
    hook.close();
    assertEquals("", hook.problem());
  }

  @Test
  void runsOnceMoreForWhatIsLeftWhenTheRootEnds() throws Exception {
    AfterApply hook = started();
    tell(hook, Kind.APPLIED, "a.php");
    hook.close();

    assertEquals("a.php\0", program.next());
    assertEquals(0, Files.list(state).count());
  }

  @Test
  void saysWhyItFailedAndTellsOfEverythingAtTheNextStart() throws Exception {
    program.exitCode = 3;
    AfterApply hook = started();
    tell(hook, Kind.APPLIED, "a.php");

    String words =
        "after_apply: /bin/forget failed: exit code 3: no such pool; it runs again after 5 s";
    assertEquals(words, awaitTold(Kind.PROBLEM).detail());
    assertEquals(words, hook.problem());
    hook.close();
    assertEquals("a.php\0", program.next());

    program.exitCode = 0;
    AfterApply next = started();
    assertEquals("", program.next());
    assertEquals("all paths", awaitTold(Kind.FOLLOWED).detail().split(",")[0]);
    next.close();
    assertEquals(0, Files.list(state).count());
  }

  @Test
  void runsForEverythingAfterADaemonThatWasKilled() throws Exception {
    started();
    AfterApply next = started();

    assertEquals("", program.next());
    next.close();
  }
}
