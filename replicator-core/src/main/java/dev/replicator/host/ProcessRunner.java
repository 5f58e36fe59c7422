package dev.replicator.host;

import dev.replicator.port.CommandRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs as children of this process: no shell, no terminal, nothing on standard input. */
public final class ProcessRunner implements CommandRunner {
  private static final int OUTPUT_BYTES_MAX = 1_024 * 1_024;
  private static final int READ_BYTES_MAX = 64 * 1_024;

  /** So long a program that says more than a pipe holds may wait for us. */
  private static final long LOOK_MILLIS = 10;

  @Override
  public Result run(List<String> arguments, Duration deadline)
      throws IOException, InterruptedException {
    if (arguments.isEmpty() || !Path.of(arguments.getFirst()).isAbsolute()) {
      throw new IOException("not an absolute path of a program: " + arguments);
    }
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    Process process = builder.start();
    Taken output = new Taken(process.getInputStream());
    Taken errors = new Taken(process.getErrorStream());
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        output.takeWhatIsThere();
        errors.takeWhatIsThere();
        if (System.nanoTime() - end > 0) {
          throw new IOException(arguments.getFirst() + " did not end within " + deadline);
        }
      }
      // All that it said is there now, and none of it may be missed: an empty answer means things.
      output.takeWhatIsThere();
      errors.takeWhatIsThere();
      return new Result(process.exitValue(), output.text(), errors.text());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      output.close();
      errors.close();
    }
  }

  /**
   * Takes the first bytes of a stream and drops the rest, so that the program never waits for us.
   * It never waits either: neither for a thread that reads, which a busy machine may let run too
   * late, nor for whoever inherited the stream and lives on.
   */
  private static final class Taken {
    private final InputStream stream;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    Taken(InputStream stream) {
      this.stream = stream;
    }

    void takeWhatIsThere() throws IOException {
      for (int there = stream.available(); there > 0; there = stream.available()) {
        byte[] bytes = stream.readNBytes(Math.min(there, READ_BYTES_MAX));
        taken.write(bytes, 0, Math.min(bytes.length, OUTPUT_BYTES_MAX - taken.size()));
      }
    }

    String text() {
      return taken.toString(StandardCharsets.UTF_8);
    }

    void close() {
      try {
        stream.close();
      } catch (IOException closed) {
        // Nobody reads it any more.
      }
    }
  }
}
