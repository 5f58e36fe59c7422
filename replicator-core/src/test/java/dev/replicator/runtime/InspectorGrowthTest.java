package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.Chunker;
import dev.replicator.host.MachineClock;
import dev.replicator.kernel.Effect;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import dev.replicator.simulation.Interference;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Files that somebody writes to whenever they are read. */
class InspectorGrowthTest {
  private static final RelativePath LOG = RelativePath.of("log");
  private static final int LARGE = (int) Inspector.ASIDE_BYTES_MIN + 12_345;
  private static final int SMALL = 1_000_000;
  private static final int LINE = 200;

  private final Random random = new Random(7);
  private final FakeDisk disk = new FakeDisk();
  private final FakeTree tree = new FakeTree(disk);
  private Optional<Observation.Found> here = Optional.empty();
  private final Inspector inspector =
      new Inspector(
          tree,
          MachineClock.open(),
          new ContentCache(),
          0,
          file ->
              here.filter(it -> it.actual().entry().content().equals(Optional.of(file)))
                  .map(Observation.Found::chunks));
  private byte[] content = new byte[0];
  private int readings;

  /** What somebody does before a part of the file is read, which is number {@code reading}. */
  private interface Writer {
    void write(int reading);
  }

  private void begin(int size) {
    content = bytes(size);
    save();
  }

  private void whileItIsRead(Writer writer) {
    readings = 0;
    tree.interfere(
        new Interference() {
          @Override
          public void before(Step step, RelativePath path) {
            if (step == Step.READ) {
              writer.write(readings++);
            }
          }
        });
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private void save() {
    disk.write(LOG, new String(content, StandardCharsets.ISO_8859_1));
  }

  private void append() {
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.writeBytes(content);
    longer.writeBytes(bytes(LINE));
    content = longer.toByteArray();
    save();
  }

  private void change(int at) {
    content[at]++;
    save();
  }

  private Inspector.Result inspect(Tries tries) {
    Optional<Materialised> expected =
        here.map(it ->
            new Materialised(it.stamp(), it.actual(), it.actual().attributes(), Knowledge.NONE));
    Effect.Inspect asked = new Effect.Inspect(LOG, expected, false, false, false, false);
    return inspector.inspect(asked, tries, Long.MAX_VALUE, Inspector.Viewers.NONE);
  }

  private Tries restless(Tries tries) {
    return tries.after(assertInstanceOf(Inspector.Result.Restless.class, inspect(tries)));
  }

  private Observation observation() {
    Tries tries = Tries.FRESH;
    while (true) {
      switch (inspect(tries)) {
        case Inspector.Result.Restless restless -> {
          assertFalse(tries.isOver());
          tries = tries.after(restless);
        }
        case Inspector.Result.Seen seen -> {
          return seen.observation();
        }
        case Inspector.Result.Large large -> throw new AssertionError("too large to read");
      }
    }
  }

  private void assertIsABeginning(Inspector.Result result, int sizeMin) {
    Inspector.Result.Seen seen = assertInstanceOf(Inspector.Result.Seen.class, result);
    Observation.Found found = assertInstanceOf(Observation.Found.class, seen.observation());
    assertFalse(seen.still());
    int size = Math.toIntExact(found.stamp().size());
    assertTrue(size >= sizeMin && size < content.length, () -> size + " bytes");
    assertEquals(chunks(Arrays.copyOf(content, size)), found.chunks());
  }

  private static ChunkList chunks(byte[] bytes) {
    Chunker chunker = new Chunker();
    chunker.push(bytes, 0, bytes.length);
    return chunker.finish().orElseThrow().chunks();
  }

  private void assertNeverBelieved() {
    Observation.Unsettled unsettled = assertInstanceOf(Observation.Unsettled.class, observation());
    long patience = (Tries.COUNT_MAX - LARGE / Tries.TRY_BYTES) * Tries.TRY_BYTES;
    assertTrue(unsettled.bytesRead() > patience / 2, () -> unsettled + "");
    assertTrue(unsettled.bytesRead() < 2 * patience, () -> unsettled + "");
  }

  @Test
  void believesALogToWhereItEndedWhenItsSecondReadingBegan() {
    begin(LARGE);
    seeItAtRest();
    content = bytes(LARGE + LINE);
    save();
    whileItIsRead(reading -> append());

    Tries tries = restless(Tries.FRESH);
    int size = content.length;

    assertEquals(LARGE + LINE, tries.bytesRead());
    assertIsABeginning(inspect(tries), size);
  }

  @Test
  void believesALogAtOnceThatBeginsWithWhatWasHere() {
    begin(LARGE);
    seeItAtRest();
    append();
    whileItIsRead(reading -> append());

    assertIsABeginning(inspect(Tries.FRESH), LARGE + LINE);
  }

  @Test
  void doesNotBelieveAnUploadThatWasNeverClosed() {
    begin(LARGE);
    whileItIsRead(reading -> append());

    assertNeverBelieved();
  }

  @Test
  void aSmallLogHasToComeToRestWhileThereIsPatience() {
    begin(SMALL);
    seeItAtRest();
    append();
    whileItIsRead(reading -> append());

    Tries tries = Tries.FRESH;
    while (!tries.isOver()) {
      tries = restless(tries);
    }

    assertIsABeginning(inspect(tries), SMALL);
  }

  @Test
  void doesNotBelieveAFileWrittenInPlaceThatGrows() {
    begin(LARGE);
    whileItIsRead(reading -> {
      change(random.nextInt(LARGE / 2));
      append();
    });

    assertNeverBelieved();
  }

  @Test
  void doesNotBelieveAFileOfWhichTheEndIsWrittenInPlaceWhileItGrows() {
    begin(LARGE);
    seeItAtRest();
    for (int line = 0; line < 3_000; line++) {
      content = Arrays.copyOf(content, content.length + LINE);
    }
    append();
    whileItIsRead(reading -> {
      change(LARGE + random.nextInt(LINE * 3_000));
      append();
    });

    assertInstanceOf(Inspector.Result.Restless.class, inspect(Tries.FRESH));
  }

  private void seeItAtRest() {
    here = Optional.of(assertInstanceOf(Observation.Found.class, observation()));
  }

  @Test
  void doesNotBelieveAFileWrittenInPlaceThatDoesNotGrow() {
    begin(LARGE);
    seeItAtRest();
    append();
    whileItIsRead(reading -> change(content.length - 1));

    assertNeverBelieved();
  }

  @Test
  void doesNotBelieveAFileThatIsEmptiedAndWrittenAgain() {
    begin(LARGE);
    whileItIsRead(reading -> {
      content = bytes(content.length + LINE);
      save();
    });

    assertNeverBelieved();
  }

  /** What was read of it is the beginning of the old log and the end of the new one. */
  @Test
  void doesNotBelieveALogThatIsEmptiedAndGrowsAgainWhileItIsRead() {
    begin(LARGE);
    seeItAtRest();
    for (int line = 0; line < 3_000; line++) {
      content = Arrays.copyOf(content, content.length + LINE);
    }
    append();
    int late = LARGE / HashAside.BUFFER_BYTES + 1;
    whileItIsRead(reading -> {
      if (reading == late) {
        content = bytes(content.length + LINE);
        save();
      }
    });

    Inspector.Result.Restless restless =
        assertInstanceOf(Inspector.Result.Restless.class, inspect(Tries.FRESH));

    assertTrue(readings > late);
    Reading read = restless.read().orElseThrow();
    assertTrue(
        new Reading(read.file(), here.orElseThrow().chunks()).begins(read.file(), read.chunks()));
  }

  @Test
  void doesNotBelieveAnotherFileThatBeginsAlike() {
    begin(LARGE);
    seeItAtRest();
    disk.remove(LOG);
    append();
    whileItIsRead(reading -> append());

    assertInstanceOf(Inspector.Result.Restless.class, inspect(Tries.FRESH));
  }
}
