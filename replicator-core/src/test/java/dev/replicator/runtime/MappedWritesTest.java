package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.kernel.Effect;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file gets its time when a write begins, and some go on for long: those into a mapping. */
final class MappedWritesTest {
  private static final RelativePath PATH = RelativePath.of("f");

  @TempDir private Path directory;
  private final SetClock clock = new SetClock();
  private Optional<LinuxTree> tree = Optional.empty();
  private Optional<Inspector> inspector = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "by system calls of Linux");
    Path root = Files.createDirectory(directory.resolve("root"));
    tree = Optional.of(LinuxTree.open(root, directory.resolve("state")));
    inspector = Optional.of(new Inspector(tree.get(), clock, new ContentCache(), 0));
    Files.writeString(file(), "old");
  }

  @AfterEach
  void close() {
    tree.ifPresent(LinuxTree::close);
  }

  private Path file() {
    return directory.resolve("root").resolve("f");
  }

  private Inspector.Result.Seen look(
      RelativePath path, Optional<Observation.Found> expected, boolean renamed) {
    Optional<Materialised> was =
        expected.map(found ->
            new Materialised(
                found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE));
    Effect.Inspect asked = new Effect.Inspect(path, was, false, renamed, false, false);
    Inspector.Result result =
        inspector.orElseThrow().inspect(asked, Tries.FRESH, Long.MAX_VALUE, Inspector.Viewers.NONE);
    return assertInstanceOf(Inspector.Result.Seen.class, result);
  }

  private Observation look(Optional<Observation.Found> expected) {
    return look(PATH, expected, false).observation();
  }

  private Observation.Found read(Optional<Observation.Found> expected) {
    return assertInstanceOf(Observation.Found.class, look(expected));
  }

  private boolean isDoubted(Observation.Found found) {
    return inspector.orElseThrow().young().has(found.stamp());
  }

  @Test
  void whatIsWrittenIntoAMappingAfterItWasReadIsFoundOnceItIsOver() throws Exception {
    Observation.Found first;
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 3, arena);
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) '1');
      clock.pass(1_000);
      first = read(Optional.empty());
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) '2');
    }

    Observation.Found second = read(Optional.of(first));

    assertNotEquals(first.actual().entry(), second.actual().entry());
    assertFalse(isDoubted(second), "nobody writes any more");
    assertInstanceOf(Observation.Unchanged.class, look(Optional.of(second)));
  }

  /** A rename gives it another stamp, which tells nothing of what is written on. */
  @Test
  void whatIsRenamedWithinAWriteIsReadUnderItsNewName() throws Exception {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 3, arena);
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) '1');
      clock.pass(1_000);
      Inspector.Result.Seen first = look(PATH, Optional.empty(), false);
      Observation.Found found = assertInstanceOf(Observation.Found.class, first.observation());
      assertEquals(
          found.stamp().ctimeNanos() / 1_000_000, first.writingSinceMillis().orElseThrow());
      mapped.set(ValueLayout.JAVA_BYTE, 0, (byte) '2');
      Files.move(file(), file().resolveSibling("g"));

      Inspector.Result.Seen second = look(RelativePath.of("g"), Optional.of(found), true);

      Observation.Found now = assertInstanceOf(Observation.Found.class, second.observation());
      assertNotEquals(found.actual().entry(), now.actual().entry());
    }
  }

  /** Else what a program holds open all day would be read by every scan. */
  @Test
  void whatNobodyWroteToForLongIsBelievedThoughItIsOpen() throws Exception {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      clock.pass(120_000);
      Observation.Found found = read(Optional.empty());
      assertEquals(3, channel.size());
      assertFalse(isDoubted(found));
    }
  }
}
