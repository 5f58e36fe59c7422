package dev.replicator.cli.cluster;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The program under test, and others, as processes. */
final class Program {
  private static final String MAIN = "dev.replicator.cli.Main";
  private static final long RUN_SECONDS_MAX = 120;
  private static final Path NATIVES = natives();
  private static final String CLASSES =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  private Program() {}

  /** How a program ended. */
  record Ended(int code, String out, String err) {
    @Override
    public String toString() {
      return "exit code " + code + "\n" + out + err;
    }
  }

  /** A command line of replicator: this JVM's Java and classes, with the launcher's options. */
  static List<String> replicator(Path temporary, List<String> arguments) {
    return replicator(CLASSES, temporary, List.of(), arguments);
  }

  /** The same with more options of Java. */
  static List<String> replicator(Path temporary, List<String> options, List<String> arguments) {
    return replicator(CLASSES, temporary, options, arguments);
  }

  /** The same as a user without rights, who may not look into the places of ours. */
  static List<String> asNobody(
      Path classes, Path temporary, List<String> options, List<String> arguments)
      throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry : CLASSES.split(File.pathSeparator)) {
      Path copy = classes.resolve(entries.size() + "-" + Path.of(entry).getFileName());
      if (Files.exists(Path.of(entry)) && !Files.exists(copy)) {
        shell(classes, "cp -r '" + entry + "' '" + copy + "'");
      }
      entries.add(copy.toString());
    }
    shell(classes, "chmod -R a+rX .");
    List<String> words =
        new ArrayList<>(
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    words.addAll(
        replicator(String.join(File.pathSeparator, entries), temporary, options, arguments));
    return words;
  }

  /** The same with the rights of a unit; everything but {@code writable} can only be read. */
  static List<String> sandboxed(Unit unit, Path writable, List<String> command) {
    String held =
        """
        umask %s; mount --bind "$0" "$0"; mount -o remount,bind,ro /
        exec setpriv --bounding-set=-all,+%s --inh-caps=-all --no-new-privs -- "$@"
        """
            .formatted(unit.value("UMask"), String.join(",+", unit.capabilities()));
    List<String> words =
        new ArrayList<>(
            List.of("unshare", "--mount", "/bin/sh", "-euc", held, writable.toString()));
    words.addAll(command);
    return words;
  }

  private static List<String> replicator(
      String classes, Path temporary, List<String> options, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(
        List.of(
            "-Xms32m",
            "-Xmx160m",
            "-XX:MaxDirectMemorySize=64m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dreplicator.rehearsal=off",
            "-Djava.io.tmpdir=" + temporary,
            "-Djava.library.path=" + NATIVES,
            "-cp",
            classes));
    words.addAll(options);
    words.add(MAIN);
    words.addAll(arguments);
    return words;
  }

  /** The environment of a service: no locale but the encoding. */
  static ProcessBuilder builder(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder;
  }

  static Ended run(List<String> words) throws IOException {
    Process process = builder(words).start();
    process.getOutputStream().close();
    CompletableFuture<String> err =
        CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), Program::onItsOwn);
    CompletableFuture<String> out =
        CompletableFuture.supplyAsync(() -> read(process.getInputStream()), Program::onItsOwn);
    try {
      if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(words + " does not end");
      }
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
    return new Ended(process.exitValue(), out.join(), err.join());
  }

  /** The output of a shell script that must succeed. */
  static String shell(Path directory, String script) throws IOException {
    Ended ended = run(List.of("/bin/sh", "-euc", "cd \"$0\"\n" + script, directory.toString()));
    if (ended.code() != 0) {
      throw new AssertionError(script + "\n" + ended);
    }
    return ended.out();
  }

  /** Whether a shell script succeeds. */
  static boolean succeeds(Path directory, String script) throws IOException {
    return run(List.of("/bin/sh", "-euc", "cd \"$0\"\n" + script, directory.toString())).code()
        == 0;
  }

  /** The pool of all has but one thread on two processors, and a pipe that nobody reads is full. */
  private static void onItsOwn(Runnable reader) {
    Thread.ofPlatform().daemon().name("output").start(reader);
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      return "cannot read: " + broken;
    }
  }

  /** Unpacks the database's library once, as a distribution has it: each start would do it. */
  private static Path natives() {
    try (InputStream library = Program.class.getResourceAsStream("/librocksdbjni-linux64.so")) {
      Path directory = Files.createTempDirectory("replicator-natives-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path file = directory.resolve("librocksdbjni-linux64.so");
      if (library != null) {
        Files.copy(library, file);
      }
      // They go in reverse order.
      directory.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      return directory;
    } catch (IOException broken) {
      throw new AssertionError(broken);
    }
  }
}
