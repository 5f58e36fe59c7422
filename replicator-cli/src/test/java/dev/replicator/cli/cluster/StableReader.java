package dev.replicator.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Opens names that always stand, again and again: never missing, never anything but whole. */
final class StableReader implements Runnable {
  private static final int FINDINGS_MAX = 20;

  private final Path directory;
  private final int names;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong reads = new AtomicLong();
  private final List<String> findings = new CopyOnWriteArrayList<>();

  StableReader(Path directory, int names) {
    this.directory = directory;
    this.names = names;
  }

  @Override
  public void run() {
    while (!stopped.get() && findings.size() < FINDINGS_MAX) {
      for (int number = 0; number < names; number++) {
        look(directory.resolve(Integer.toString(number)));
      }
      // Two processors are for the daemons, too.
      Deadline.rest();
    }
  }

  void look(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (Marked.of(bytes).isEmpty()) {
        findings.add("torn: " + file + " of " + bytes.length + " bytes");
      }
    } catch (IOException missing) {
      findings.add("missing: " + missing);
    }
    reads.incrementAndGet();
  }

  void stop() {
    stopped.set(true);
  }

  long reads() {
    return reads.get();
  }

  List<String> findings() {
    return findings;
  }
}
