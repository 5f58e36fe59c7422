package dev.replicator.journal;

import dev.replicator.model.JournalWrite;
import dev.replicator.model.RelativePath;
import dev.replicator.simulation.Values;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A process that opens a journal, appends one record, says so and waits to be killed. */
final class JournalHolder {
  private JournalHolder() {}

  public static void main(String[] arguments) throws IOException {
    RocksJournal journal = RocksJournal.open(Path.of(arguments[0]));
    Values values = new Values(new SplittableRandom(1));
    journal.append(
        List.of(new JournalWrite.PutRecord(RelativePath.of("appended"), values.recordState(1))));
    System.out.write('o');
    System.out.flush();
    while (System.in.read() >= 0) {
      // Until the parent ends.
    }
  }
}
