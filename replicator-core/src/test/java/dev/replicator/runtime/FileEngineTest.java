package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.portable.PortableWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two engines on real directories and journals keep them equal. */
class FileEngineTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final NodeId one = node(1);
  private final NodeId two = node(2);
  private final List<FileEngine> engines = new ArrayList<>();

  private static NodeId node(int number) {
    byte[] octets = new byte[32];
    octets[0] = (byte) number;
    return NodeId.of(octets);
  }

  @BeforeEach
  void startBoth() throws Exception {
    Files.createDirectories(directory.resolve("a"));
    Files.createDirectories(directory.resolve("b"));
  }

  @AfterEach
  void stopBoth() {
    engines.forEach(FileEngine::stop);
    mesh.close();
  }

  private FileEngine engine(String name, NodeId self, NodeId peer) throws Exception {
    FileEngine engine =
        EngineOnDisk.at(directory, name)
            .watchers(PortableWatcher::new)
            .open(self, peer, mesh.link(self));
    engine.start();
    return engine;
  }

  private void startAndConnect() throws Exception {
    engines.add(engine("a", one, two));
    engines.add(engine("b", two, one));
    engines.forEach(FileEngine::report);
    mesh.connect(one, two);
  }

  private void settle() throws Exception {
    for (FileEngine engine : engines) {
      assertEquals(BarrierReport.Outcome.DONE, barrier(engine).outcome());
    }
  }

  private static BarrierReport barrier(FileEngine engine) throws Exception {
    return engine.barrier(RelativePath.ROOT, OptionalInt.empty(), PATIENCE).get();
  }

  private String listing(String name) throws IOException {
    Path root = directory.resolve(name);
    try (Stream<Path> paths = Files.walk(root)) {
      StringBuilder text = new StringBuilder();
      paths
          .filter(path -> !path.equals(root))
          .filter(path -> !path.startsWith(root.resolve(".replicator")))
          .sorted()
          .forEach(path -> text.append(line(root, path)).append('\n'));
      return text.toString();
    }
  }

  private static String line(Path root, Path path) {
    try {
      String what;
      if (Files.isSymbolicLink(path)) {
        what = "-> " + Files.readSymbolicLink(path);
      } else if (Files.isDirectory(path)) {
        what = "/ " + Files.getPosixFilePermissions(path);
      } else {
        what =
            Files.getPosixFilePermissions(path)
                + " "
                + Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                + " "
                + Files.readString(path);
      }
      return root.relativize(path) + " " + what;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void copiesATreeThatWasThereBeforeTheStart() throws Exception {
    Path a = directory.resolve("a");
    Files.createDirectories(a.resolve("uploads/2026/11"));
    Files.writeString(a.resolve("uploads/2026/11/photo.jpg"), "a photo");
    Files.createDirectory(a.resolve("empty"));
    Files.createSymbolicLink(a.resolve("link"), Path.of("uploads/2026"));
    startAndConnect();
    settle();
    assertEquals(listing("a"), listing("b"));
    assertEquals(5 + 1, listing("b").lines().count());
  }

  @Test
  void carriesChangesBothWays() throws Exception {
    startAndConnect();
    settle();
    Files.writeString(directory.resolve("a/from-a.txt"), "one");
    Files.writeString(directory.resolve("b/from-b.txt"), "two");
    settle();
    assertEquals(listing("a"), listing("b"));
    assertEquals(2, listing("a").lines().count());
    Files.writeString(directory.resolve("a/from-b.txt"), "changed on the other side");
    Files.delete(directory.resolve("b/from-a.txt"));
    settle();
    assertEquals(listing("a"), listing("b"));
    assertEquals(1, listing("a").lines().count());
  }

  @Test
  void saysThatExtendedAttributesStayBehindWhereTheTreeKeepsNone() throws Exception {
    startAndConnect();

    List<String> notes = engines.getFirst().report().notes();

    assertTrue(notes.contains("extended attributes not kept"), notes::toString);
  }

  @Test
  void goesOnAfterItsRootWasAwayWhenItWasToBeSynced() throws Exception {
    startAndConnect();
    settle();
    Files.writeString(directory.resolve("a/before"), "one");
    settle();
    Files.move(directory.resolve("b"), directory.resolve("away"));
    await("b is held", () -> engines.get(1).report().state() == RootReport.State.HELD);
    Files.move(directory.resolve("away"), directory.resolve("b"));

    await("b is live", () -> engines.get(1).report().state() == RootReport.State.LIVE);
    Files.writeString(directory.resolve("a/after"), "two");
    settle();
    assertEquals(listing("a"), listing("b"));
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(
          System.nanoTime() < end,
          () -> what + ": " + engines.stream().map(FileEngine::report).toList());
      LockSupport.parkNanos(5_000_000);
    }
  }
}
