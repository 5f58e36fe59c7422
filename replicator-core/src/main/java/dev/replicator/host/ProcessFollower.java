package dev.replicator.host;

import dev.replicator.port.CommandFollower;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Follows programs as children of this process: no shell, nothing on standard input. */
public final class ProcessFollower implements CommandFollower {
  private static final int LINE_BYTES_MAX = 8_192;

  /**
   * Has the kernel end the program when the thread that started it is no more. A process that is
   * killed ends nothing itself, and a program that is quiet does not notice that nobody reads.
   */
  private static final List<String> ENDING_WITH_US =
      List.of("/usr/bin/setpriv", "--pdeathsig", "KILL", "--");

  @Override
  public Following follow(List<String> arguments, Consumer<String> lines) throws IOException {
    if (arguments.isEmpty() || !Path.of(arguments.getFirst()).isAbsolute()) {
      throw new IOException("not an absolute path of a program: " + arguments);
    }
    if (!Files.isExecutable(Path.of(arguments.getFirst()))) {
      throw new IOException(arguments.getFirst() + " is no program here");
    }
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(Path.of(ENDING_WITH_US.getFirst()))) {
      words.addAll(ENDING_WITH_US);
    }
    words.addAll(arguments);
    Process process =
        new ProcessBuilder(words)
            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
            .redirectError(Redirect.DISCARD)
            .start();
    Thread.ofVirtual().name("follower").start(() -> read(process, lines));
    return new Child(process);
  }

  private static void read(Process process, Consumer<String> lines) {
    try (InputStream stream = new BufferedInputStream(process.getInputStream())) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = stream.read(); octet >= 0; octet = stream.read()) {
        if (octet == '\n') {
          lines.accept(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else if (line.size() < LINE_BYTES_MAX) {
          line.write(octet);
        }
      }
    } catch (IOException closed) {
      // It was ended: there is nothing more to tell.
    } finally {
      // A program that closed its output tells nothing any more, so it counts as ended.
      process.destroyForcibly();
    }
  }

  private record Child(Process process) implements Following {
    @Override
    public boolean isAlive() {
      return process.isAlive();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
