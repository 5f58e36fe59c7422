package dev.replicator.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.bench.Arguments;
import dev.replicator.bench.Trees;
import dev.replicator.bench.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CompareBenchTest {
  private static final int PATIENCE_SECONDS = 60;

  /** Where the trees stay different there is nothing to wait for. */
  private static final int NO_PATIENCE_SECONDS = 1;

  @TempDir Path home;

  @Test
  void measuresAToolThatDoesItsWork() throws IOException {
    Outcome outcome = outcome(new Rename("rename"), new Copier(_ -> {}));

    assertInstanceOf(Outcome.Measured.class, outcome, outcome::toString);
  }

  @Test
  void countsNothingWhenAContentIsWrong() throws IOException {
    Outcome outcome =
        outcome(
            new Rename("rename"),
            new Copier(tree -> Files.writeString(tree.resolve("pictures/photo-3.jpg"), "wrong")),
            NO_PATIENCE_SECONDS);

    assertTrue(reason(outcome).startsWith("the trees differ: differs: pictures/photo-3.jpg"));
  }

  @Test
  void countsNothingWhenSomethingIsLeftOver() throws IOException {
    Outcome outcome =
        outcome(
            new Delete("delete"),
            new Copier(tree -> Files.createFile(tree.resolve("left-over"))),
            NO_PATIENCE_SECONDS);

    assertTrue(reason(outcome).startsWith("the trees differ: missing in"), outcome::toString);
  }

  @Test
  void leavesOutAToolThatLacksWhatIsNeeded() throws IOException {
    assertInstanceOf(Outcome.Unsuited.class, outcome(new Standing("s"), new Copier(_ -> {})));
  }

  @Test
  void leavesNothingBehind() throws IOException {
    var _ = outcome(new Rename("rename"), new Copier(_ -> {}));

    try (Stream<Path> left = Files.list(home)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void agreesWithRsync() throws IOException {
    Tool rsync = new RsyncTool();
    assumeTrue(rsync.version().isPresent(), "rsync is not installed");

    Outcome outcome = outcome(new Delete("delete"), rsync);

    assertInstanceOf(Outcome.Measured.class, outcome, outcome::toString);
  }

  @Test
  void measuresTheFloor() throws IOException {
    Outcome outcome = outcome(new Lag("lag", Link.Kind.COUNTED), new FloorTool());

    assertInstanceOf(Outcome.Measured.class, outcome, outcome::toString);
  }

  @Test
  void takesListsOfNames() {
    CompareOptions options =
        options("--tool", "rsync,unison", "--size", "tiny", "--workload", "burst", "lag");

    assertEquals(List.of("rsync", "unison"), options.tools().stream().map(Tool::name).toList());
    assertEquals(
        List.of("lag", "burst"), options.workloads().stream().map(Workload::name).toList());
    assertEquals("tiny", options.size().name());
  }

  @Test
  void namesWhatThereIsWhenANameIsUnknown() {
    UsageException wrong = assertThrows(UsageException.class, () -> options("--tool", "rsinc"));

    assertTrue(wrong.toString().contains("replicator, rsync, lsyncd"), wrong::toString);
    assertThrows(UsageException.class, () -> options("--tool"));
    assertThrows(UsageException.class, () -> options("--size", "huge"));
  }

  private static CompareOptions options(String... words) {
    return CompareOptions.of(new Arguments(List.of(words)));
  }

  private Outcome outcome(Workload workload, Tool tool) throws IOException {
    return outcome(workload, tool, PATIENCE_SECONDS);
  }

  private Outcome outcome(Workload workload, Tool tool, int patienceSeconds) throws IOException {
    Size size = new Size("test", "demo", 3, 1, 2, 1, 20, 1, 1, 10, 10, 10, patienceSeconds);
    CompareOptions options =
        new CompareOptions(
            List.of(workload), List.of(tool), size, 0, Optional.empty(), false, home);
    return CompareBench.compare(options, home).results().getFirst().outcome();
  }

  private static String reason(Outcome outcome) {
    return assertInstanceOf(Outcome.Failed.class, outcome).reason();
  }

  private interface Spoiler {
    void spoil(Path tree) throws IOException;
  }

  /** Copies the first tree over the second one, and spoils that after the canary. */
  private record Copier(Spoiler spoiler) implements Tool {
    @Override
    public String name() {
      return "copier";
    }

    @Override
    public Optional<String> version() {
      return Optional.of("1");
    }

    @Override
    public String debianPackage() {
      return "none";
    }

    @Override
    public String settings() {
      return "none";
    }

    @Override
    public Set<Trait> traits() {
      return Set.of(Trait.TREES);
    }

    @Override
    public Trees.Promise promise() {
      return Trees.Promise.ALL;
    }

    @Override
    public Pair open(Site site) {
      return new Copying(site, spoiler);
    }
  }

  private static final class Copying implements Pair {
    private final Site site;
    private final Spoiler spoiler;
    private boolean hasStarted;

    private Copying(Site site, Spoiler spoiler) {
      this.site = site;
      this.spoiler = spoiler;
    }

    @Override
    public void settle() throws IOException {
      resync();
      if (hasStarted) {
        spoiler.spoil(site.b());
      }
      hasStarted = true;
    }

    @Override
    public void leave() {}

    @Override
    public void comeBack() {}

    @Override
    public void halt() {}

    @Override
    public void start() {}

    @Override
    public void resync() throws IOException {
      Shell.delete(site.b());
      Shell.copy(site.a(), site.b());
    }

    @Override
    public List<Long> processes() {
      return List.of();
    }

    @Override
    public void requireAlive() {}

    @Override
    public void close() {}
  }
}
