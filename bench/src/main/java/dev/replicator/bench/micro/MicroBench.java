package dev.replicator.bench.micro;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the micro benchmarks and tells their medians, and how many times longer the Java library
 * takes where it does the same. Medians: a mean would measure what else the machine does.
 */
public final class MicroBench {
  private static final String OURS = "By(Tree|Watcher)$";
  private static final String LIBRARY = "ByJava";
  private static final double MEDIAN = 50;

  private MicroBench() {}

  /**
   * @param pattern of the names of the benchmarks that run
   */
  public static void run(String pattern) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("dev\\.replicator\\.bench\\.micro\\..*" + pattern)
                    .forks(1)
                    .jvmArgsAppend("-Dslf4j.internal.verbosity=ERROR")
                    .warmupIterations(3)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1))
                    .shouldFailOnError(true)
                    .build())
            .run();
    Map<String, Double> scores = new TreeMap<>();
    for (RunResult result : results) {
      Result<?> primary = result.getPrimaryResult();
      scores.put(name(result), primary.getStatistics().getPercentile(MEDIAN));
    }
    System.out.println();
    scores.forEach((name, micros) -> {
      Double library = scores.get(name.replaceFirst(OURS, LIBRARY));
      if (library != null && !library.equals(micros)) {
        System.out.printf(
            "%-24s%12.2f us, the Java library %10.2f us: %.2f times%n",
            name, micros, library, library / micros);
      } else if (!name.endsWith(LIBRARY)) {
        System.out.printf("%-24s%12.2f us%n", name, micros);
      }
    });
  }

  /** What was measured, and of how much: {@code chunk bytes=65536}. */
  private static String name(RunResult result) {
    BenchmarkParams params = result.getParams();
    return Stream.concat(
            Stream.of(result.getPrimaryResult().getLabel()),
            params.getParamsKeys().stream().map(key -> key + "=" + params.getParam(key)))
        .collect(Collectors.joining(" "));
  }
}
