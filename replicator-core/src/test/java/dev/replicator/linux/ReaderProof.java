package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.Proofs;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.TreeException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Readers in processes of their own see every name at every instant, whole, with its mode, while
 * the tree replaces files and links and changes attributes as fast as it can.
 */
final class ReaderProof extends LinuxTreeFixture {
  private static final long OPENS = Proofs.count(400_000, 10_000_000);
  private static final int READERS = 2;
  private static final int SIZE = 16 * 1_024;

  @Test
  void noNameIsMissingAndNothingIsTorn() throws Exception {
    Materialised file = put(fileIntent(Optional.empty(), content(0)), ReaderProgram.FILE);
    Materialised link = put(stagedIntent(Optional.empty(), linkTarget(0)), ReaderProgram.LINK);
    Materialised touched = put(fileIntent(Optional.empty(), content(0)), ReaderProgram.TOUCHED);
    long replaced = 0;
    List<SharedCounter> readers = new ArrayList<>();
    try {
      for (int i = 0; i < READERS; i++) {
        readers.add(
            SharedCounter.start(
                ReaderProgram.class, base().resolve("reader" + i), root().toString()));
      }
      for (SharedCounter reader : readers) {
        reader.await(1);
      }
      while (opens(readers) < OPENS) {
        replaced++;
        file = put(fileIntent(Optional.of(file), content(replaced)), ReaderProgram.FILE);
        link = put(stagedIntent(Optional.of(link), linkTarget(replaced)), ReaderProgram.LINK);
        touched = touch(touched, replaced);
        for (SharedCounter reader : readers) {
          assertTrue(reader.isAlive(), "a reader saw what must not be; it said what");
        }
      }
    } finally {
      for (SharedCounter reader : readers) {
        assertEquals(0, reader.end(), "a reader saw what must not be; it said what");
      }
    }
    assertTrue(replaced > 0);
    Proofs.tell(
        opens(readers)
            + " opens by "
            + READERS
            + " processes during "
            + 3 * replaced
            + " replacements: no name missing, nothing torn");
  }

  private static long opens(List<SharedCounter> readers) {
    return readers.stream().mapToLong(SharedCounter::count).sum();
  }

  /** One letter all over; its mode goes with it. */
  private static String content(long round) {
    return String.valueOf((char) ('a' + round % 2)).repeat(SIZE);
  }

  private Target linkTarget(long round) throws TreeException {
    return linkTarget(round % 2 == 0 ? ReaderProgram.SHORT_TEXT : ReaderProgram.LONG_TEXT);
  }

  private static int mode(long round) {
    return round % 2 == 0 ? 0640 : 0604;
  }

  @Override
  public Target fileTarget(String content) throws TreeException {
    Target plain = super.fileTarget(content);
    return new Target(
        plain.entry(), plain.mtime(), attributes(EntryType.FILE, mode(content.charAt(0) - 'a')));
  }

  private Materialised put(Intent intent, String name) throws Exception {
    var done =
        assertInstanceOf(
            Exchanged.Done.class, tree().exchange(RelativePath.of(name), intent), name);
    if (!done.displaced().isEmpty()) {
      tree().discard(done.displaced());
    }
    return materialised(done.stamp(), done.actual());
  }

  private Materialised touch(Materialised before, long round) throws Exception {
    Target target =
        new Target(
            before.entry(), MTIME.plusSeconds(round), attributes(EntryType.FILE, mode(round)));
    return put(bareIntent(Optional.of(before), target), ReaderProgram.TOUCHED);
  }

  private static Materialised materialised(Stamp stamp, Target actual) {
    return new Materialised(stamp, actual, actual.attributes(), Knowledge.NONE);
  }

  @Test
  void catchesAProgramThatWritesInPlace() throws Exception {
    for (String name : List.of(ReaderProgram.FILE, ReaderProgram.TOUCHED)) {
      put(fileIntent(Optional.empty(), content(0)), name);
    }
    put(stagedIntent(Optional.empty(), linkTarget(0)), ReaderProgram.LINK);
    SharedCounter reader =
        SharedCounter.start(ReaderProgram.class, base().resolve("reader"), root().toString());
    reader.await(1);
    long round = 0;
    long before = reader.count();
    while (reader.isAlive() && reader.count() - before < OPENS) {
      Files.writeString(root().resolve(ReaderProgram.FILE), content(++round));
    }
    assertEquals(ReaderProgram.CAUGHT, reader.end());
    assertTrue(round > 0);
  }
}
