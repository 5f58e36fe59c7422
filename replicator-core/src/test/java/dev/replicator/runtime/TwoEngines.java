package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.linux.TestWatchers;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.PeerLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two engines on trees that tell who has a file open, and their users. */
class TwoEngines {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  static final RelativePath PATH = RelativePath.of("f");

  @TempDir Path directory;
  private final Clock clock = clock();
  final LocalMesh mesh = new LocalMesh();
  final NodeId here = EngineOnDisk.node(1);
  final NodeId there = EngineOnDisk.node(2);
  final List<FileEngine> engines = new ArrayList<>();

  @BeforeEach
  void begin() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "only Linux tells who writes");
    start("here", here, there);
    start("there", there, here);
    mesh.connect(here, there);
    write("there", "f", "old");
    await(() -> read("here", "f").equals("old"));
    settle();
  }

  @AfterEach
  void end() {
    engines.forEach(FileEngine::stop);
    mesh.close();
  }

  void start(String name, NodeId self, NodeId peer) throws Exception {
    EngineOnDisk parts =
        EngineOnDisk.at(directory, name)
            .linux()
            .clock(clock)
            .watchers(root -> TestWatchers.inotify(root, clock));
    prepare(name, parts);
    FileEngine engine = parts.open(self, peer, link(mesh.link(self)));
    engine.start();
    engine.report();
    engines.add(name.equals("here") ? 0 : 1, engine);
  }

  /** For tests on other parts than the real ones. */
  void prepare(String name, EngineOnDisk parts) {}

  /** For tests that need more time than the engines are to have. */
  Clock clock() {
    return MachineClock.open();
  }

  /** For tests that listen to what is sent. */
  PeerLink link(PeerLink link) {
    return link;
  }

  void stopHere() {
    mesh.disconnect(here, there);
    engines.removeFirst().stop();
  }

  void startHere() throws Exception {
    start("here", here, there);
    mesh.connect(here, there);
  }

  FileEngine engine() {
    return engines.getFirst();
  }

  void settle() throws Exception {
    for (FileEngine engine : engines) {
      BarrierReport report = engine.barrier(RelativePath.ROOT, OptionalInt.empty(), PATIENCE).get();
      assertEquals(BarrierReport.Outcome.DONE, report.outcome());
    }
  }

  Path file(String node, String name) {
    return directory.resolve(node).resolve(name);
  }

  void write(String node, String name, String text) throws IOException {
    Files.writeString(file(node, name), text);
  }

  String read(String node, String name) throws IOException {
    try {
      return Files.readString(file(node, name));
    } catch (NoSuchFileException missing) {
      return "";
    }
  }

  FileChannel append(String name) throws IOException {
    return FileChannel.open(file("here", name), StandardOpenOption.APPEND);
  }

  static void write(FileChannel writer, String text) throws IOException {
    writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  /** Something that comes true by and by. */
  interface Condition {
    boolean holds() throws Exception;
  }

  void await(Condition condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertTrue(
          System.nanoTime() < end, () -> engines.stream().map(FileEngine::report).toList() + "");
      LockSupport.parkNanos(5_000_000);
    }
  }

  boolean isWatched() {
    return engine().report().notes().stream().anyMatch(note -> note.contains("open for writing"));
  }
}
