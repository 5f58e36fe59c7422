package dev.replicator.bench.micro;

import dev.replicator.journal.RocksJournal;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.RecordState;
import dev.replicator.port.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Records on their way into a journal that holds all of their paths already; not synced. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init")
public class JournalBenchmark {
  private static final int PATHS = 20_000;
  private static final int FIRST_BATCH = 1_000;

  /** In one append. */
  @Param({"1", "100"})
  private int records;

  private Path home;
  private Journal journal;
  private long number;

  @Setup
  public void fill() throws IOException {
    home = Files.createTempDirectory("replicator-micro-");
    journal = RocksJournal.open(home.resolve("journal"));
    while (number < PATHS) {
      journal.append(next(FIRST_BATCH));
    }
  }

  @TearDown
  public void remove() throws IOException {
    journal.close();
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private List<JournalWrite> next(int count) {
    List<JournalWrite> writes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long written = ++number;
      writes.add(
          new JournalWrite.PutRecord(
              Records.path((int) (written % PATHS)),
              new RecordState(
                  Records.written(1, 1 + written / PATHS),
                  written,
                  Optional.empty(),
                  0,
                  List.of())));
    }
    return writes;
  }

  /** Making the records is part of it: about a microsecond each. */
  @Benchmark
  public void append() {
    journal.append(next(records));
  }
}
