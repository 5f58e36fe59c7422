package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.filter.FilterRules;
import dev.replicator.host.MachineClock;
import dev.replicator.kernel.Cause;
import dev.replicator.kernel.Effect;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.Clock;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeJournal;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scan says of a file in a new directory that somebody is still writing. */
class UnfinishedTest {
  private static final RelativePath DIRECTORY = RelativePath.of("new");
  private static final long AN_HOUR_MILLIS = 3_600_000;

  @TempDir Path directory;
  private final FakeJournal journal = new FakeJournal();
  private Path file;
  private LinuxTree tree;

  @BeforeEach
  void lay() throws Exception {
    Path root = Files.createDirectories(directory.resolve("root"));
    tree = LinuxTree.open(root, Files.createDirectories(directory.resolve("state")));
    file = Files.createDirectories(root.resolve("new")).resolve("upload");
    Files.writeString(root.resolve("new/whole"), "whole");
  }

  @AfterEach
  void end() {
    tree.close();
  }

  private FileChannel upload() throws Exception {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private Set<String> scan(Cause cause, Unfinished unfinished) throws Exception {
    Set<String> told = new TreeSet<>();
    var identity = Optional.of(tree.identity());
    var scanner =
        new Scanner(
            tree, journal, FilterRules.none(), () -> identity, unfinished, new YoungReads());
    boolean whole =
        scanner.scan(
            new Effect.Scan(1, DIRECTORY, cause, Long.MAX_VALUE),
            new Scanner.Findings() {
              @Override
              public void differs(RelativePath path, Cause because, boolean reread) {
                told.add(path.toString());
              }

              @Override
              public void unclosed(RelativePath path) {
                told.add("unclosed: " + path);
              }

              @Override
              public void compared(long entries) {}

              @Override
              public void unreadable(RelativePath unread, TreeException failure) {
                told.add("unreadable: " + unread);
              }
            },
            Scanner.Crew.NONE);
    assertTrue(whole);
    return told;
  }

  private Unfinished by(Clock clock) {
    return new Unfinished(tree, clock, true);
  }

  @Test
  void waitsForItsClose() throws Exception {
    Unfinished unfinished = by(MachineClock.open());
    try (FileChannel upload = upload()) {
      assertTrue(upload.isOpen());
      assertEquals(
          Set.of("new", "unclosed: new/upload", "new/whole"), scan(Cause.WATCH, unfinished));
    }
    assertEquals(Set.of("new", "new/upload", "new/whole"), scan(Cause.WATCH, unfinished));
  }

  @Test
  void isToldWhereNobodyWouldTellOfItsClose() throws Exception {
    try (FileChannel upload = upload()) {
      assertTrue(upload.isOpen());
      Unfinished untold = new Unfinished(tree, MachineClock.open(), false);
      assertEquals(Set.of("new", "new/upload", "new/whole"), scan(Cause.WATCH, untold));
      assertEquals(
          Set.of("new", "new/upload", "new/whole"), scan(Cause.SCAN, by(MachineClock.open())));
    }
  }

  /** As a log is, in a directory that somebody renamed. */
  @Test
  void isToldWhenItWasMadeLongAgo() throws Exception {
    SetClock later = new SetClock();
    later.step(AN_HOUR_MILLIS);
    try (FileChannel upload = upload()) {
      assertTrue(upload.isOpen());
      assertEquals(Set.of("new", "new/upload", "new/whole"), scan(Cause.WATCH, by(later)));
    }
  }

  @Test
  void isToldWhenItWasKnownBefore() throws Exception {
    try (FileChannel upload = upload()) {
      RelativePath path = RelativePath.of("new/upload");
      if (tree.look(path) instanceof Tree.Look.Found found) {
        Target target =
            new Target(
                new Entry.File(Digest.of(new byte[Digest.LENGTH_BYTES]), 0),
                Instant.EPOCH,
                found.attributes());
        Materialised known =
            new Materialised(found.stamp(), target, found.attributes(), Knowledge.NONE);
        journal.append(List.of(new JournalWrite.PutMaterialised(path, known)));
      }
      upload.write(ByteBuffer.wrap(new byte[] {1}));
      assertEquals(
          Set.of("new", "new/upload", "new/whole"), scan(Cause.WATCH, by(MachineClock.open())));
    }
  }

  private static Observation look(
      Inspector inspector, Optional<Materialised> was, boolean patient) {
    Effect.Inspect asked =
        new Effect.Inspect(RelativePath.of("new/upload"), was, false, false, false, patient);
    Inspector.Result result =
        inspector.inspect(asked, Tries.NONE, Long.MAX_VALUE, Inspector.Viewers.NONE);
    return assertInstanceOf(Inspector.Result.Seen.class, result).observation();
  }

  private Inspector inspector(Clock clock, long quietMillis) {
    return new Inspector(tree, clock, new ContentCache(), quietMillis);
  }

  /** What is known of a file that was closed and is removed now. */
  private Optional<Materialised> removed() throws Exception {
    Files.writeString(file, "whole");
    Observation.Found found =
        assertInstanceOf(
            Observation.Found.class,
            look(inspector(MachineClock.open(), 0), Optional.empty(), true));
    Files.delete(file);
    Target actual = found.actual();
    return Optional.of(
        new Materialised(found.stamp(), actual, actual.attributes(), Knowledge.NONE));
  }

  /** The file system may give it the number of the one that is gone, but no tick of before. */
  private FileChannel uploadAfter(Optional<Materialised> was) throws Exception {
    long tickMillis = was.orElseThrow().stamp().youngUntilMillis();
    Clock clock = MachineClock.open();
    while (clock.wallMillis() <= tickMillis) {
      Thread.onSpinWait();
    }
    return upload();
  }

  @Test
  void isLeftToItsWriterInThePlaceOfAnother() throws Exception {
    Inspector inspector = inspector(MachineClock.open(), 0);
    Optional<Materialised> was = removed();
    try (FileChannel upload = uploadAfter(was)) {
      assertTrue(upload.isOpen());
      assertEquals(new Observation.Unclosed(), look(inspector, was, true));
      assertInstanceOf(Observation.Found.class, look(inspector, was, false));
      assertInstanceOf(Observation.Found.class, look(inspector, Optional.empty(), true));
    }
    assertInstanceOf(Observation.Found.class, look(inspector, was, true));
  }

  @Test
  void isReadInThePlaceOfAnotherWhereNobodyWouldTellOfItsClose() throws Exception {
    Optional<Materialised> was = removed();
    try (FileChannel upload = uploadAfter(was)) {
      assertTrue(upload.isOpen());
      SetClock later = new SetClock();
      later.step(AN_HOUR_MILLIS);
      assertInstanceOf(Observation.Found.class, look(inspector(later, 0), was, true));
      assertNotEquals(
          new Observation.Unclosed(), look(inspector(MachineClock.open(), 1), was, true));
      // His close may be told of the other name alone.
      Files.createLink(file.resolveSibling("second"), file);
      assertInstanceOf(Observation.Found.class, look(inspector(MachineClock.open(), 0), was, true));
    }
  }

  /** It is the one that was there, as a log is. */
  @Test
  void isReadWhereItIsWrittenInPlace() throws Exception {
    Files.writeString(file, "whole");
    Inspector inspector = inspector(MachineClock.open(), 0);
    Observation.Found found =
        assertInstanceOf(Observation.Found.class, look(inspector, Optional.empty(), true));
    Optional<Materialised> was =
        Optional.of(
            new Materialised(
                found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE));
    try (FileChannel upload = uploadAfter(was)) {
      upload.write(ByteBuffer.wrap(new byte[] {1}));
      assertInstanceOf(Observation.Found.class, look(inspector, was, true));
    }
  }
}
