package dev.replicator.linux;

import dev.replicator.model.RelativePath;
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

  RelativePath bottom() {
    return RelativePath.of((name + "/").repeat(levels - 1) + name);
  }

  /** Not deep, but many: f1, f2 and so on. */
  static void writeFiles(Path directory, long files) throws IOException, InterruptedException {
    run(
        directory,
        "for (1.." + files + ") { open(F, '>', \"f$_\") or die $!; print F 'x'; close(F); }");
  }

  void remove() throws IOException, InterruptedException {
    run("system('rm', '-rf', $n) == 0 or die;");
  }

  private void run(String script) throws IOException, InterruptedException {
    run(top, "$n = '" + name + "'; " + script);
  }

  private static void run(Path directory, String script) throws IOException, InterruptedException {
    Process perl =
        new ProcessBuilder("perl", "-e", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(perl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!perl.waitFor(30, TimeUnit.SECONDS) || perl.exitValue() != 0) {
      throw new IOException(output);
    }
  }
}
