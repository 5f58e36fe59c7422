package dev.replicator.fuzz;

import dev.replicator.Proofs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs one target under Jazzer in a process of its own. What raised coverage is kept from run to
 * run below the directory of {@code -Dfuzz.directory}, with a log that adds up all executions.
 */
public final class Fuzzer {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("fuzz.directory", "target/fuzz")).toAbsolutePath();
  private static final String CLASSES =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";
  private static final String INSTRUMENTED =
      "dev.replicator.**:com.google.protobuf.**:org.tomlj.**";

  /**
   * Sanitizers that take what these decoders are for, a path or pattern of the user, for an attack.
   */
  private static final String UNFIT_SANITIZERS =
      "com.code_intelligence.jazzer.sanitizers.FilePathTraversal:"
          + "com.code_intelligence.jazzer.sanitizers.RegexInjection:"
          // It fails itself on the calls of Netty, 0.30.0 under JDK 25.
          + "com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer";

  private static final int INPUT_BYTES_MAX = 8_192;
  private static final int INPUT_SECONDS_MAX = 20;
  private static final long START_SECONDS_MAX = 180;
  private static final int TAIL_CHARACTERS = 6_000;
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

  private Fuzzer() {}

  /** How a run ended: with all its executions, or with an input that breaks a property. */
  public sealed interface Result {
    /** Nothing was found. */
    record Clean(long executions, long seconds) implements Result {}

    /**
     * Something was found.
     *
     * @param input in hexadecimal, for a test of its own
     */
    record Broken(String input, String output) implements Result {}
  }

  /** How long one target is run, in this size of the proofs. */
  public static long seconds() {
    return Optional.ofNullable(Long.getLong("fuzz.seconds")).orElseGet(() -> Proofs.count(5, 900));
  }

  /** Runs {@code target} with what was kept of earlier runs; fails when something is found. */
  public static void prove(Class<?> target, List<byte[]> seeds) throws IOException {
    switch (run(target, seeds, DIRECTORY.resolve(target.getSimpleName()), seconds())) {
      case Result.Broken(String input, String output) ->
          throw new AssertionError(target.getName() + ", input " + input + "\n" + output);
      case Result.Clean(long executions, long seconds) -> {
        FuzzLog log = new FuzzLog(DIRECTORY.resolve("executions.log"));
        log.add(target.getSimpleName(), executions, seconds);
        Proofs.tell(
            "%s: %,d executions, %,d a second; %,d in all runs, %,d of all targets"
                .formatted(
                    target.getSimpleName(),
                    executions,
                    executions / Math.max(1, seconds),
                    log.total(target.getSimpleName()),
                    log.total()));
      }
    }
  }

  /** Runs {@code target} for {@code seconds} in {@code directory}. */
  static Result run(Class<?> target, List<byte[]> seeds, Path directory, long seconds)
      throws IOException {
    Path corpus = Files.createDirectories(directory.resolve("corpus"));
    Path given = Files.createDirectories(directory.resolve("seeds"));
    Path found = Files.createDirectories(directory.resolve("found"));
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    for (int index = 0; index < seeds.size(); index++) {
      Files.write(given.resolve(Integer.toString(index)), seeds.get(index));
    }
    try (Stream<Path> old = Files.list(found)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command(target, temporary, found, corpus, given, seconds))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int code = await(process, seconds + START_SECONDS_MAX);
    return result(code, Files.readString(output, StandardCharsets.ISO_8859_1), found);
  }

  private static List<String> command(
      Class<?> target, Path temporary, Path found, Path corpus, Path given, long seconds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        // What an input may take at most, with the fuzzer's own part: more is found as a leak.
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Djava.io.tmpdir=" + temporary,
        "-cp",
        CLASSES,
        FUZZER,
        "--target_class=" + target.getName(),
        "--instrumentation_includes=" + INSTRUMENTED,
        "--disabled_hooks=" + UNFIT_SANITIZERS,
        "-max_total_time=" + seconds,
        "-max_len=" + INPUT_BYTES_MAX,
        "-timeout=" + INPUT_SECONDS_MAX,
        "-artifact_prefix=" + found + "/",
        "-print_final_stats=1",
        corpus.toString(),
        given.toString());
  }

  private static int await(Process process, long seconds) {
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the fuzzer does not end");
      }
      return process.exitValue();
    } catch (InterruptedException stopped) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  private static Result result(int code, String output, Path found) throws IOException {
    Matcher done = DONE.matcher(output);
    if (code == 0 && done.find()) {
      return new Result.Clean(Long.parseLong(done.group(1)), Long.parseLong(done.group(2)));
    }
    List<String> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(found)) {
      for (Path file : files.toList()) {
        inputs.add(HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    int exception = output.lastIndexOf("== Java Exception");
    String told = exception < 0 ? output : output.substring(exception);
    String tail = told.substring(Math.max(0, told.length() - TAIL_CHARACTERS));
    return new Result.Broken(String.join(" ", inputs), "exit code " + code + "\n" + tail);
  }

  /** The bytes of a text that stands for itself, as a seed. */
  public static byte[] seed(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** An input whose first byte chooses what it is given to. */
  public static byte[] seed(int choice, byte[] rest) {
    byte[] seed = new byte[1 + rest.length];
    seed[0] = (byte) choice;
    System.arraycopy(rest, 0, seed, 1, rest.length);
    return seed;
  }

  /** What stands behind the first byte. */
  public static byte[] rest(byte[] input) {
    return input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
  }
}
