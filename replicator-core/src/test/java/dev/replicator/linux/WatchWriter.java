package dev.replicator.linux;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Another process that works in a tree. Each line that it reads is one order, "WORD DIRECTORY FROM
 * TO"; it answers with the time of the last close once all is closed.
 */
final class WatchWriter implements AutoCloseable {
  private final Process process;
  private final Writer orders;
  private final BufferedReader answers;

  private WatchWriter(Process process) {
    this.process = process;
    this.orders = process.outputWriter(StandardCharsets.US_ASCII);
    this.answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  static WatchWriter start() throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new WatchWriter(
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    classes,
                    WatchWriter.class.getName()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  void order(String word, Path directory, long from, long to) throws IOException {
    orders.write(word + " " + directory + " " + from + " " + to + "\n");
    orders.flush();
  }

  /** Waits for the end of an order; the time just before the last close. */
  long await() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new IOException("the writer is gone");
    }
    return Long.parseLong(answer);
  }

  @Override
  public void close() throws IOException {
    orders.close();
    process.destroy();
  }

  public static void main(String[] none) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] words = line.split(" ", 4);
      Path directory = Path.of(words[1]);
      long closed = 0;
      for (long number = Long.parseLong(words[2]); number < Long.parseLong(words[3]); number++) {
        closed = work(words[0], directory, number);
      }
      System.out.println(closed);
      System.out.flush();
    }
  }

  private static long work(String word, Path directory, long number) throws IOException {
    Path file = directory.resolve("f" + number);
    switch (word) {
      case "write" -> {
        return write(file, number);
      }
      case "replace" -> {
        Path draft = directory.resolve(".f" + number + ".tmp");
        long closed = write(draft, number);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        return closed;
      }
      case "deep" -> {
        Path deep = directory.resolve("d" + number).resolve("a/b");
        Files.createDirectories(deep);
        return write(deep.resolve("f"), number);
      }
      default -> throw new IOException("what is " + word + "?");
    }
  }

  private static long write(Path file, long number) throws IOException {
    long before;
    try (FileOutputStream output = new FileOutputStream(file.toFile())) {
      output.write(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
      before = System.nanoTime();
    }
    return before;
  }
}
