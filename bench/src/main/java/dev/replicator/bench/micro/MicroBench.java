package dev.replicator.bench.micro;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the micro benchmarks and tells how many times longer the Java library takes. Medians: a mean
 * would measure what else the machine does.
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
      scores.put(primary.getLabel(), primary.getStatistics().getPercentile(MEDIAN));
    }
    System.out.println();
    scores.forEach((name, micros) -> {
      Double library = scores.get(name.replaceFirst(OURS, LIBRARY));
      if (library != null && !name.endsWith(LIBRARY)) {
        System.out.printf(
            "%-16s%10.2f us, the Java library %10.2f us: %.2f times%n",
            name, micros, library, library / micros);
      }
    });
  }
}
