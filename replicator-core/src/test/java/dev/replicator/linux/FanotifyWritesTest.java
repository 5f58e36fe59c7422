package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.RelativePath;
import dev.replicator.port.Clock;
import dev.replicator.port.Watcher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who writes to a file and does not close it is told, and who closes it is not. */
final class FanotifyWritesTest implements Watcher.Listener, Clock {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final int FLOOD = 100_000;

  private final OwnDisk disk;
  private final Path root;
  private final List<String> told = new ArrayList<>();
  private long nanos;

  FanotifyWritesTest() throws Exception {
    this.disk = OwnDisk.of("tmpfs");
    this.root = disk.root().resolve("root");
  }

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(root.resolve("d"));
    for (String name : List.of("f", "log", "other", "d/log")) {
      Files.writeString(root.resolve(name), "old");
    }
  }

  @AfterEach
  void unmount() throws IOException {
    disk.close();
  }

  private FanotifyWrites open(long silentProcess) {
    try {
      return FanotifyWrites.open(
          root, this, WriteTiming.STANDARD, silentProcess, this, () -> false, this::failed);
    } catch (IOException refusal) {
      assumeTrue(false, String.valueOf(refusal.getMessage()));
      throw new AssertionError(refusal);
    }
  }

  private FanotifyWrites open() {
    return open(0);
  }

  /** As its thread does, once a second. */
  private void pass(FanotifyWrites source, int seconds) throws IOException {
    for (int second = 0; second < seconds; second++) {
      source.read();
      nanos += NANOS_PER_SECOND;
      source.timers();
    }
  }

  private OutputStream append(String name) throws IOException {
    return Files.newOutputStream(root.resolve(name), StandardOpenOption.APPEND);
  }

  private String written(String name) throws IOException {
    return name + " " + Files.getAttribute(root.resolve(name), "unix:ino");
  }

  @Test
  void tellsOnceOfAWriterWhoPauses() throws Exception {
    try (var source = open();
        var log = append("log")) {
      log.write(1);
      pass(source, 2);
      assertEquals(List.of(), told);

      pass(source, 20);
      assertEquals(List.of(written("log")), told);
      log.write(2);
      pass(source, 20);
      assertEquals(List.of(written("log"), written("log")), told);
    }
  }

  @Test
  void tellsNowAndThenOfAWriterWhoNeverPauses() throws Exception {
    try (var source = open();
        var log = append("log")) {
      for (int second = 0; second < 100; second++) {
        log.write(1);
        pass(source, 1);
      }
    }
    assertEquals(3, told.size());
  }

  /** Nobody opened it, so nobody will close it. */
  @Test
  void tellsWhoWaitsAtOnceOfAFileThatWasCutOffByItsName() throws Exception {
    try (var source = open();
        var log = append("log")) {
      log.write(1);
      UserCalls.cutOff(root.resolve("f"), 1);
      source.release();
      assertEquals(List.of(written("f")), told);

      source.release();
      pass(source, 20);
      assertEquals(List.of(written("f"), written("log")), told);
    }
  }

  @Test
  void tellsNothingOfWhoWritesAndCloses() throws Exception {
    try (var source = open()) {
      for (int file = 0; file < 200; file++) {
        Files.writeString(root.resolve("new" + file), "x");
      }
      pass(source, 1);
      try (var slow = append("f")) {
        for (int second = 0; second < 10; second++) {
          slow.write(1);
          pass(source, 1);
        }
      }
      pass(source, 40);
    }
    assertEquals(List.of(), told);
  }

  @Test
  void isLeftAloneWhileWritesFlood() throws Exception {
    try (var source = open();
        var log = FileChannel.open(root.resolve("log"), StandardOpenOption.APPEND);
        var other = FileChannel.open(root.resolve("other"), StandardOpenOption.APPEND)) {
      ByteBuffer octet = ByteBuffer.wrap(new byte[1]);
      assertTrue(source.descriptor() >= 0);
      source.read();
      assertEquals(-1, source.descriptor());
      for (int write = 0; write < FLOOD; write++) {
        (write % 2 == 0 ? log : other).write(octet.rewind());
      }
      pass(source, 10);
    }
    assertEquals(2, told.size());
  }

  @Test
  void tellsTheNameThatADirectoryHasByNow() throws Exception {
    try (var source = open();
        var log = append("d/log")) {
      log.write(1);
      pass(source, 1);
      Files.move(root.resolve("d"), root.resolve("e"));
      pass(source, 10);
      assertEquals(List.of(), told);
      log.write(2);
      pass(source, 10);
      assertEquals(List.of(written("e/log")), told);
    }
  }

  @Test
  void tellsNothingOfWhatIsGone() throws Exception {
    try (var source = open();
        var log = append("log")) {
      log.write(1);
      Files.delete(root.resolve("log"));
      pass(source, 10);
    }
    assertEquals(List.of(), told);
  }

  @Test
  void tellsNothingOfTheEnginesOwnNorOfWhatIsBesideTheRoot() throws Exception {
    Files.createDirectories(root.resolve(".replicator/staging"));
    try (var source = open();
        var own = Files.newOutputStream(root.resolve(".replicator/staging/s"));
        var beside = Files.newOutputStream(disk.root().resolve("beside"))) {
      own.write(1);
      beside.write(1);
      pass(source, 10);
    }
    try (var source = open(ProcessHandle.current().pid());
        var log = append("log")) {
      log.write(1);
      pass(source, 10);
    }
    assertEquals(List.of(), told);
  }

  @Test
  void hearsByAndByOfADirectoryThatCameIn() throws Exception {
    Path outside = Files.createDirectory(disk.root().resolve("outside"));
    try (var source = open();
        var log = Files.newOutputStream(outside.resolve("log"))) {
      log.write(1);
      pass(source, 1);
      Files.move(outside, root.resolve("in"));
      for (int second = 0; second < 120; second++) {
        log.write(1);
        try (var other = append("f")) {
          other.write(1);
        }
        pass(source, 1);
      }
      assertTrue(told.contains(written("in/log")), told::toString);
    }
  }

  @Override
  public void written(RelativePath path, long inode) {
    told.add(path + " " + inode);
  }

  @Override
  public void changed(RelativePath path) {
    throw new AssertionError(path.toString());
  }

  @Override
  public void appeared(RelativePath directory) {
    throw new AssertionError(directory.toString());
  }

  @Override
  public void suspect(RelativePath scope, String reason) {
    throw new AssertionError(reason);
  }

  @Override
  public void failed(String reason) {
    throw new AssertionError(reason);
  }

  @Override
  public long wallMillis() {
    return nanos / 1_000_000;
  }

  @Override
  public long monotonicNanos() {
    return nanos;
  }

  @Override
  public String bootId() {
    return "";
  }

  @Override
  public long bootMillis() {
    return 0;
  }
}
