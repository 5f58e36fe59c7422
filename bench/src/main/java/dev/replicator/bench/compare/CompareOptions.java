package dev.replicator.bench.compare;

import dev.replicator.bench.Arguments;
import dev.replicator.bench.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a comparison does.
 *
 * @param minutes after which nothing new is begun; 0 for as long as it takes
 * @param out where the report goes besides the terminal
 * @param keep leaves behind what a run that failed was made of
 * @param in below which directory trees are made; the file system of it is what is measured on
 */
record CompareOptions(
    List<Workload> workloads,
    List<Tool> tools,
    Size size,
    long minutes,
    Optional<Path> out,
    boolean keep,
    Path in) {
  static CompareOptions of(Arguments arguments) {
    CompareOptions options =
        new CompareOptions(
            chosen(arguments, "--workload", Suite.workloads(), Workload::name),
            chosen(arguments, "--tool", Suite.tools(), Tool::name),
            Size.named(arguments.text("--size", "small")),
            arguments.count("--minutes", 0),
            Optional.of(arguments.text("--out", "")).filter(s -> !s.isEmpty()).map(Path::of),
            arguments.flag("--keep"),
            Path.of(arguments.text("--in", System.getProperty("java.io.tmpdir", "/tmp"))));
    arguments.end();
    return options;
  }

  private static <T> List<T> chosen(
      Arguments arguments, String option, List<T> all, Function<T, String> name) {
    List<String> wanted = arguments.list(option);
    List<String> known = all.stream().map(name).toList();
    for (String word : wanted) {
      if (!known.contains(word)) {
        throw new UsageException(
            "%s %s: there are %s".formatted(option, word, String.join(", ", known)));
      }
    }
    return all.stream()
        .filter(each -> wanted.isEmpty() || wanted.contains(name.apply(each)))
        .toList();
  }
}
