package dev.replicator.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Directories nested deeper than any one path can say, made step by step. */
final class DeepDirectories {
  private final Path top;
  private final String name;
  private final int levels;

  DeepDirectories(Path top, String name, int levels) throws IOException, InterruptedException {
    this.top = top;
    this.name = name;
    this.levels = levels;
    run("for (1.." + levels + ") { mkdir($n) or die $!; chdir($n) or die $!; }");
  }

  void writeAtTheBottom(String file) throws IOException, InterruptedException {
    run(
        "chdir($n) or die $! for (1.."
            + levels
            + "); open(F, '>', '"
            + file
            + "') or die $!; close(F);");
  }

  void remove() throws IOException, InterruptedException {
    run("system('rm', '-rf', $n) == 0 or die;");
  }

  private void run(String script) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("perl", "-e", "$n = '" + name + "'; " + script)
            .directory(top.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!shell.waitFor(30, TimeUnit.SECONDS) || shell.exitValue() != 0) {
      throw new IOException(output);
    }
  }
}
