package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A program of a test in a process of its own, and the file that both map: the program counts there
 * what it did, the test asks it there to end. It ends with its input as well.
 */
final class SharedCounter {
  private static final int COUNT_AT = 0;
  private static final int END_AT = 8;
  private static final int SHARED_BYTES = 16;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long END_SECONDS = 10;

  private final Process process;
  private final MappedByteBuffer shared;

  private SharedCounter(Process process, MappedByteBuffer shared) {
    this.process = process;
    this.shared = shared;
  }

  /** Starts {@code program} with the counter's file as its first argument. */
  static SharedCounter start(Class<?> program, Path counter, String... arguments)
      throws IOException {
    Files.write(counter, new byte[SHARED_BYTES]);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path", ""),
                program.getName(),
                counter.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).inheritIO().redirectInput(ProcessBuilder.Redirect.PIPE).start();
    return new SharedCounter(process, map(counter));
  }

  // Of the program.

  static MappedByteBuffer map(Path counter) throws IOException {
    try (FileChannel file =
        FileChannel.open(counter, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return file.map(FileChannel.MapMode.READ_WRITE, 0, SHARED_BYTES);
    }
  }

  static void count(MappedByteBuffer shared, long count) {
    shared.putLong(COUNT_AT, count);
  }

  static boolean isEnded(MappedByteBuffer shared) {
    return shared.get(END_AT) != 0;
  }

  static void endWithInput() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              // Nobody says anything.
            }
          } catch (IOException gone) {
            // As good as an end.
          }
          Runtime.getRuntime().halt(0);
        });
  }

  // Of the test.

  long count() {
    return shared.getLong(COUNT_AT);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void await(long wanted) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (count() < wanted) {
      assertTrue(isAlive() && System.nanoTime() < end, "the program does not work");
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Has the program end, and tells how it did. */
  int end() {
    shared.put(END_AT, (byte) 1);
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return process.waitFor();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
