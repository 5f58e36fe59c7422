package dev.replicator.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** A little of a large file changes. */
record Delta(String name, Link.Kind link) implements Workload {
  private static final String FILE = "backup.bin";
  private static final int CHANGED_BYTES = 4 << 10;
  private static final int WRITE_BYTES = 1 << 20;

  @Override
  public String meaning(Size size) {
    return "4 KiB are changed in the middle of a file of %,d MiB, then 4 KiB are put before its"
            .formatted(size.deltaBytes() >> 20)
        + " front: time until the second tree is identical, and bytes both ways";
  }

  @Override
  public Set<Trait> needs() {
    return Set.of(Trait.TREES);
  }

  @Override
  public void prepare(Path tree, Size size) throws IOException {
    fill(tree.resolve(FILE), size.deltaBytes());
  }

  /** Writes what no compression makes smaller. */
  static void fill(Path file, long bytes) throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    byte[] part = new byte[WRITE_BYTES];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = bytes; left > 0; left -= part.length) {
        random.nextBytes(part);
        out.write(part, 0, (int) Math.min(left, part.length));
      }
    }
  }

  @Override
  public List<Measure> run(Trial trial) throws IOException {
    List<Measure> measures = new ArrayList<>();
    measures.addAll(change(trial, "in place", this::changeInPlace));
    trial.rest();
    measures.addAll(change(trial, "at the front", this::insertAtFront));
    return measures;
  }

  private interface Edit {
    void apply(Trial trial) throws IOException;
  }

  private List<Measure> change(Trial trial, String how, Edit edit) throws IOException {
    long crossed = trial.link().bytes();
    edit.apply(trial);
    long ended = System.nanoTime();
    long identical = trial.identical(List.of(trial.copied(Path.of(FILE))));
    return List.of(
        Measure.seconds(how, identical - ended),
        Measure.bytes(how + ", on the wire", trial.link().bytes() - crossed));
  }

  private void changeInPlace(Trial trial) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(trial.a().resolve(FILE).toFile(), "rw")) {
      file.seek(trial.size().deltaBytes() / 2 + 12_345);
      file.write(trial.random(CHANGED_BYTES));
    }
  }

  /** As an editor does: a new file takes the place of the old one. */
  private void insertAtFront(Trial trial) throws IOException {
    Path file = trial.a().resolve(FILE);
    Path fresh = trial.a().resolveSibling("fresh.bin");
    try (OutputStream out = Files.newOutputStream(fresh);
        InputStream in = Files.newInputStream(file)) {
      out.write(trial.random(CHANGED_BYTES));
      in.transferTo(out);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
