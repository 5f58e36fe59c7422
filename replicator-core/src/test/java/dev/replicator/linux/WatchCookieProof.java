package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.Proofs;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that any process closed before a cookie was asked for is told before its answer. */
final class WatchCookieProof {
  private static final int WRITERS = 3;
  private static final int FILES_MAX = 5;
  private static final int NAMES = 40;
  private static final long SEED = 20_261_126;

  private final Path root;
  private final List<WatchWriter> writers = new ArrayList<>();
  private final Covered covered = new Covered();

  WatchCookieProof(@TempDir Path base) throws IOException {
    this.root = Files.createDirectory(base.resolve("root"));
  }

  /** What is to be looked at by the hints since the last round. */
  private static final class Covered implements Watcher.Listener {
    private final Set<RelativePath> paths = new HashSet<>();
    private final Set<RelativePath> scopes = new HashSet<>();

    @Override
    public synchronized void changed(RelativePath path) {
      paths.add(path);
    }

    @Override
    public synchronized void appeared(RelativePath directory) {
      scopes.add(directory);
    }

    @Override
    public void suspect(RelativePath scope, String reason) {
      appeared(scope);
    }

    @Override
    public void failed(String reason) {
      throw new AssertionError(reason);
    }

    synchronized List<RelativePath> takeMissing(List<RelativePath> closed) {
      List<RelativePath> missing =
          closed.stream()
              .filter(path -> !paths.contains(path))
              .filter(path -> scopes.stream().noneMatch(path::isWithin))
              .toList();
      paths.clear();
      scopes.clear();
      return missing;
    }
  }

  @BeforeEach
  void startWriters() throws IOException {
    for (int writer = 0; writer < WRITERS; writer++) {
      Files.createDirectory(root.resolve("w" + writer));
      writers.add(WatchWriter.start());
    }
  }

  @AfterEach
  void endWriters() throws IOException {
    for (WatchWriter writer : writers) {
      writer.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void coversAllThatSeveralProcessesClosedBefore(WatchKind kind) throws Exception {
    long rounds = Proofs.count(2_000, 200_000);
    Random random = new Random(SEED);
    long files = 0;
    try (Watcher watcher = kind.over(root)) {
      WatchKind.start(watcher, covered);
      for (long round = 0; round < rounds; round++) {
        List<RelativePath> closed = write(random, round);

        WatchKind.await(watcher);

        long number = round;
        assertEquals(List.of(), covered.takeMissing(closed), () -> "round " + number);
        files += closed.size();
      }
    }
    Proofs.tell(
        kind.text
            + ": "
            + files
            + " files of "
            + WRITERS
            + " processes in "
            + rounds
            + " rounds, each told before the cookie that followed its close");
  }

  private List<RelativePath> write(Random random, long round) throws IOException {
    List<RelativePath> closed = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      String word = List.of("write", "replace", "deep").get(random.nextInt(3));
      int count = 1 + random.nextInt(FILES_MAX);
      // New directories each time; files are new at first and then written over.
      long from = word.equals("deep") ? round * FILES_MAX : random.nextInt(NAMES);
      writers.get(writer).order(word, root.resolve("w" + writer), from, from + count);
      for (long number = from; number < from + count; number++) {
        String name = word.equals("deep") ? "d" + number + "/a/b/f" : "f" + number;
        closed.add(RelativePath.of("w" + writer + "/" + name));
      }
    }
    for (WatchWriter writer : writers) {
      writer.await();
    }
    return closed;
  }
}
