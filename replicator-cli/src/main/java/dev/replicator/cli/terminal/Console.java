package dev.replicator.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a command prints. Always UTF-8, because JSON is; a closed standard output ends quietly.
 *
 * @param interactive whether a person looks at {@code out}
 */
public record Console(PrintStream out, PrintStream err, boolean interactive) {
  public static Console system() {
    return new Console(
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        System.console() != null && System.console().isTerminal());
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The same without standard output, for commands whose output is JSON. */
  public Console quiet() {
    return new Console(new PrintStream(OutputStream.nullOutputStream()), err, interactive);
  }

  public void line(String text) {
    out.println(text);
  }

  public void lines(List<String> texts) {
    texts.forEach(out::println);
  }

  public void note(String text) {
    err.println(text);
  }

  /** Shows a line that the next one replaces; only where a person looks. */
  public void progress(String text) {
    if (interactive) {
      err.print("\r\u001b[K" + text);
      err.flush();
    }
  }

  public void endProgress() {
    progress("");
  }
}
