package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waited in staging when the state, or the root, was moved to another disk. */
final class StraysTest {
  private static final Path OTHER_DISK = Path.of("/dev/shm");
  private static final long PATIENCE_NANOS = 30_000_000_000L;
  private static final String PHOTO = "0".repeat(32);
  private static final String DIRECTORY = "d".repeat(32);

  @TempDir Path disk;
  private final List<Path> made = new ArrayList<>();
  private final LocalMesh mesh = new LocalMesh();
  private Path root = Path.of("");

  @BeforeEach
  void makeRoot() throws IOException {
    assumeTrue(Files.isDirectory(OTHER_DISK), "no other disk here");
    root = Files.createDirectory(disk.resolve("root"));
  }

  @AfterEach
  void removeWhatIsElsewhere() throws IOException {
    mesh.close();
    for (Path directory : made) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private Path elsewhere() throws IOException {
    Path directory = Files.createTempDirectory(OTHER_DISK, "replicator-strays-");
    made.add(directory);
    return directory;
  }

  private FileEngine start(Path state) throws Exception {
    FileEngine engine =
        EngineOnDisk.apart(root, state)
            .linux()
            .vault(state.resolve("vault"))
            .open(EngineOnDisk.node(1), EngineOnDisk.node(2), mesh.link(EngineOnDisk.node(1)));
    engine.start();
    engine.report();
    return engine;
  }

  /** A photo and a directory with one, in staging at {@code staging}. */
  private static void leaveBehind(Path staging) throws IOException {
    Files.createDirectories(staging.resolve(DIRECTORY).resolve("sub"));
    Files.writeString(staging.resolve(PHOTO), "photo");
    Files.writeString(staging.resolve(DIRECTORY).resolve("sub/b"), "other photo");
  }

  private static Set<String> contents(Path vault) throws IOException {
    Set<String> contents = new TreeSet<>();
    try (Stream<Path> all = Files.walk(vault)) {
      for (Path path : all.filter(it -> it.getFileName().toString().length() > 64).toList()) {
        contents.add(Files.readString(path));
      }
    }
    return contents;
  }

  private static void awaitKept(Path state, String... wanted) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!contents(state.resolve("vault")).equals(Set.of(wanted))) {
      assertTrue(System.nanoTime() < end, () -> "not in the vault: " + List.of(wanted));
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static List<Path> left(Path staging) throws IOException {
    try (Stream<Path> all = Files.list(staging)) {
      return all.toList();
    }
  }

  @Test
  void whatWaitsBesideTheStateIsKeptWhenTheStateWasMovedToAnotherDisk() throws Exception {
    Path state = elsewhere();
    leaveBehind(state.resolve("staging"));

    FileEngine engine = start(state);
    awaitKept(state, "photo", "other photo");
    engine.stop();
    assertEquals(List.of(), left(state.resolve("staging")));
    assertEquals(List.of(), left(root.resolve(".replicator/staging")));
  }

  @Test
  void whatWaitsInTheRootIsKeptWhenTheStateWasMovedToItsDisk() throws Exception {
    Path state = disk.resolve("state");
    leaveBehind(root.resolve(".replicator/staging"));

    FileEngine engine = start(state);
    awaitKept(state, "photo", "other photo");
    engine.stop();
    assertEquals(List.of(), left(root.resolve(".replicator/staging")));
    assertEquals(List.of(), left(state.resolve("staging")));
  }

  @Test
  void whatSomebodyWritesToStaysAndIsToldOf() throws Exception {
    Path state = elsewhere();
    Path stray = Files.createDirectories(state.resolve("staging")).resolve(PHOTO);
    Files.writeString(stray, "photo");
    FileEngine engine;
    try (FileChannel writer = FileChannel.open(stray, StandardOpenOption.WRITE)) {
      engine = start(state);
      long end = System.nanoTime() + PATIENCE_NANOS;
      while (!String.join(" ", engine.report().notes()).contains("where staging was before")) {
        assertTrue(System.nanoTime() < end, () -> engine.report().notes().toString());
        LockSupport.parkNanos(5_000_000);
      }
      assertTrue(writer.isOpen());
      assertTrue(Files.exists(stray));
    }
    awaitKept(state, "photo");
    engine.stop();
    assertFalse(Files.exists(stray));
  }
}
