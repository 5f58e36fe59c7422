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
  private static final long READERS_MILLIS_MAX = 1_000;

  @Override
  public Result run(List<String> arguments, Duration deadline)
      throws IOException, InterruptedException {
    if (arguments.isEmpty() || !Path.of(arguments.getFirst()).isAbsolute()) {
      throw new IOException("not an absolute path of a program: " + arguments);
    }
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
    Process process = builder.start();
    Reader output = Reader.start(process.getInputStream(), "output");
    Reader errors = Reader.start(process.getErrorStream(), "errors");
    try {
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(arguments.getFirst() + " did not end within " + deadline);
      }
      return new Result(process.exitValue(), output.text(), errors.text());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /**
   * Takes the first bytes of a stream and drops the rest, so that the program never waits for us.
   * Who inherited the stream and lives on is not waited for.
   */
  private static final class Reader {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final Thread thread;

    private Reader(InputStream stream, String name) {
      this.thread = Thread.ofVirtual().name("command-" + name).unstarted(() -> take(stream));
    }

    static Reader start(InputStream stream, String name) {
      Reader reader = new Reader(stream, name);
      reader.thread.start();
      return reader;
    }

    private void take(InputStream stream) {
      byte[] buffer = new byte[8_192];
      try (stream) {
        int length = stream.read(buffer);
        while (length >= 0) {
          keep(buffer, length);
          length = stream.read(buffer);
        }
      } catch (IOException closed) {
        // The program was killed: what was taken until then is the answer.
      }
    }

    private synchronized void keep(byte[] buffer, int length) {
      taken.write(buffer, 0, Math.min(length, OUTPUT_BYTES_MAX - taken.size()));
    }

    String text() throws InterruptedException {
      thread.join(READERS_MILLIS_MAX);
      synchronized (this) {
        return taken.toString(StandardCharsets.UTF_8);
      }
    }
  }
}
