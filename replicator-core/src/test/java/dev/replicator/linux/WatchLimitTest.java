package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens when there are not enough watches, in a user namespace with its own limit. Who reads
 * what a program never prints cannot be interrupted: the timeout does not wait for him.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class WatchLimitTest {
  private static final int DIRECTORIES = 30;

  private final Path root;
  private final List<Process> started = new ArrayList<>();

  WatchLimitTest(@TempDir Path root) {
    this.root = root;
  }

  @AfterEach
  void endPrograms() {
    started.forEach(Process::destroyForcibly);
  }

  private static List<String> inNamespace(String... command) {
    List<String> whole = new ArrayList<>(List.of("unshare", "--user", "--map-root-user"));
    whole.addAll(List.of(command));
    return whole;
  }

  private static boolean areNamespacesAllowed() throws InterruptedException {
    try {
      Process tried = new ProcessBuilder(inNamespace("true")).start();
      return tried.waitFor(30, TimeUnit.SECONDS) && tried.exitValue() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  private Process watch(int limit) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process program =
        new ProcessBuilder(
                inNamespace(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-Xshare:auto",
                    "-cp",
                    classes,
                    WatchLimitProgram.class.getName(),
                    root.toString(),
                    String.valueOf(limit)))
            .redirectErrorStream(true)
            .start();
    started.add(program);
    return program;
  }

  private static List<String> readUpTo(BufferedReader output, String end) throws IOException {
    List<String> lines = new ArrayList<>();
    while (true) {
      String line = output.readLine();
      assertTrue(line != null, () -> "ended after " + lines);
      lines.add(String.valueOf(line));
      if (String.valueOf(line).startsWith(end)) {
        return lines;
      }
    }
  }

  @Test
  void tellsWhatItCannotWatchAgainAndAgainUntilItCan() throws Exception {
    assumeTrue(areNamespacesAllowed(), "needs user namespaces");
    TreeSet<String> names = new TreeSet<>();
    for (int directory = 10; directory < 10 + DIRECTORIES; directory++) {
      names.add("d" + directory);
      Files.createDirectories(root.resolve("d" + directory + "/below"));
    }
    Process program = watch(41);
    BufferedReader output = program.inputReader(StandardCharsets.UTF_8);

    List<String> first = readUpTo(output, "started");

    List<String> suspects = first.stream().filter(line -> line.startsWith("suspect /d")).toList();
    // The root and 20 directories with one below each have watches.
    assertEquals(10, suspects.size(), first::toString);
    List<String> notes = first.stream().filter(line -> line.startsWith("note ")).toList();
    assertEquals(11, notes.size(), notes::toString);
    assertEquals(
        "note fs.inotify.max_user_watches is 41, this root has at least 51 directories: set"
            + " fs.inotify.max_user_watches = 1048576 in /etc/sysctl.d and run sysctl --system",
        notes.getFirst());
    assertTrue(notes.getLast().contains("is scanned every 0.1 s: no inotify watch is left for it"));
    String blind = suspects.getFirst().split(" ", 3)[1].substring(1);
    readUpTo(output, "suspect /" + blind + " ");
    readUpTo(output, "suspect /" + blind + " ");

    Writer limits = program.outputWriter(StandardCharsets.UTF_8);
    limits.write("1000\n");
    limits.flush();
    readUpTo(output, "suspect /" + blind + " it could not be watched until now");
    Files.writeString(root.resolve(blind + "/below/f"), "x");

    readUpTo(output, "changed " + blind + "/below/f");
    limits.close();
    assertTrue(program.waitFor(30, TimeUnit.SECONDS));
  }

  @Test
  void knowsWhatItCannotWatchUnderItsNewNameWhenADirectoryMoves() throws Exception {
    assumeTrue(areNamespacesAllowed(), "needs user namespaces");
    Files.createDirectories(root.resolve("d/below/deep"));
    Process program = watch(2);
    BufferedReader output = program.inputReader(StandardCharsets.UTF_8);
    List<String> first = readUpTo(output, "started");
    assertTrue(first.contains("suspect /d/below no inotify watch is left for it"), first::toString);

    Files.move(root.resolve("d"), root.resolve("e"));

    readUpTo(output, "changed d");
    readUpTo(output, "suspect /e/below ");
    program.outputWriter(StandardCharsets.UTF_8).close();
    assertTrue(program.waitFor(30, TimeUnit.SECONDS));
  }

  @Test
  void hearsOfWhatComesInAndGoesOutWhileItIsBlindAndSeesAgainWhenThereIsRoom(@TempDir Path outside)
      throws Exception {
    assumeTrue(areNamespacesAllowed(), "needs user namespaces");
    Files.createDirectories(root.resolve("d/below"));
    Files.createDirectories(outside.resolve("in/below"));
    Process program = watch(2);
    BufferedReader output = program.inputReader(StandardCharsets.UTF_8);
    readUpTo(output, "started");

    Files.move(root.resolve("d/below"), outside.resolve("below"));
    readUpTo(output, "changed d/below");
    Files.move(outside.resolve("in"), root.resolve("in"));
    readUpTo(output, "appeared in");
    readUpTo(output, "suspect /in no inotify watch is left for it");
    Files.writeString(root.resolve("in/below/unheard"), "x");
    readUpTo(output, "suspect /in no inotify watch is left for it");
    Files.move(root.resolve("in"), root.resolve("renamed"));
    readUpTo(output, "suspect /renamed no inotify watch is left for it");

    Files.move(root.resolve("d"), outside.resolve("d"));
    readUpTo(output, "changed d");
    readUpTo(output, "suspect /renamed it could not be watched until now");
    Files.writeString(root.resolve("renamed/f"), "x");
    readUpTo(output, "changed renamed/f");
    program.outputWriter(StandardCharsets.UTF_8).close();
    assertTrue(program.waitFor(30, TimeUnit.SECONDS));
  }
}
