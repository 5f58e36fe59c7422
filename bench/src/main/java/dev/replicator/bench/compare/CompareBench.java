package dev.replicator.bench.compare;

import dev.replicator.bench.Arguments;
import dev.replicator.bench.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Runs every workload with every tool, one after the other on the same disk, and reports. */
public final class CompareBench {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final int CLEAN_UPS_MAX = 10;
  private static final long CLEAN_UP_PAUSE_NANOS = 100_000_000;

  private final CompareOptions options;
  private final Path home;
  private final long began = System.nanoTime();
  private volatile Optional<Pair> running = Optional.empty();

  private CompareBench(CompareOptions options, Path home) {
    this.options = options;
    this.home = home;
  }

  /** Whether every tool that is here did what it was asked. */
  public static boolean run(Arguments arguments) throws IOException {
    CompareOptions options = CompareOptions.of(arguments);
    Path home = Files.createTempDirectory(options.in(), "replicator-compare-").toRealPath();
    try {
      Comparison comparison = compare(options, home);
      System.out.print(TextReport.of(comparison));
      if (options.out().isPresent()) {
        write(comparison, Files.createDirectories(options.out().get()));
      }
      return comparison.isSound();
    } finally {
      if (options.keep()) {
        System.err.println("what failed is kept in " + home);
      }
    }
  }

  static Comparison compare(CompareOptions options, Path home) throws IOException {
    return new CompareBench(options, home).compare();
  }

  private static void write(Comparison comparison, Path out) throws IOException {
    Files.writeString(out.resolve("compare.json"), JsonReport.of(comparison));
    List<String> charts = Charts.write(comparison, out);
    StringBuilder document = new StringBuilder(MarkdownReport.of(comparison));
    document.append("\n## Charts\n\n");
    charts.forEach(chart -> document.append("![%s](%s)\n".formatted(chart, chart)));
    Files.writeString(out.resolve("compare.md"), document);
  }

  /**
   * Somebody who stops us in the middle is left with nothing. The thread that is measuring does not
   * know and may make another file or two, so this looks again.
   */
  private void cleanUp() {
    running.ifPresent(Pair::close);
    Child.endAll();
    for (int i = 0; i < CLEAN_UPS_MAX && !options.keep() && Files.exists(home); i++) {
      try {
        Shell.delete(home);
      } catch (IOException | BenchException notEmpty) {
        // Looked at again.
      }
      LockSupport.parkNanos(CLEAN_UP_PAUSE_NANOS);
    }
  }

  private Comparison compare() throws IOException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp));
    Environment environment = Environment.of(home);
    List<Comparison.Installed> tools = new ArrayList<>();
    for (Tool tool : options.tools()) {
      tools.add(
          new Comparison.Installed(
              tool.name(), tool.version(), tool.debianPackage(), tool.settings()));
    }
    List<Result> results = new ArrayList<>();
    for (Workload workload : options.workloads()) {
      for (int i = 0; i < tools.size(); i++) {
        Tool tool = options.tools().get(i);
        Outcome outcome = outcome(workload, tool, tools.get(i).version());
        Result result = new Result(workload.name(), tool.name(), outcome);
        System.err.println(progress(result));
        results.add(result);
      }
    }
    return new Comparison(
        environment,
        options.size(),
        options.workloads().stream()
            .map(workload -> Comparison.Described.of(workload, options.size()))
            .toList(),
        tools,
        results);
  }

  private Outcome outcome(Workload workload, Tool tool, Optional<String> version)
      throws IOException {
    Optional<Trait> lacks =
        workload.needs().stream().filter(trait -> !tool.traits().contains(trait)).findFirst();
    if (lacks.isPresent()) {
      return new Outcome.Unsuited(lacks.get().lack());
    }
    if (version.isEmpty()) {
      return new Outcome.Missing(tool.debianPackage());
    }
    if (options.minutes() > 0 && System.nanoTime() - began > options.minutes() * MINUTE_NANOS) {
      return new Outcome.NotRun();
    }
    Path place = home.resolve(workload.name() + "-" + tool.name());
    try (Link link = new Link(workload.link())) {
      List<Measure> measures = measure(workload, tool, new Site(place, link));
      Shell.delete(place);
      return new Outcome.Measured(measures);
    } catch (BenchException failure) {
      return failed(place, String.valueOf(failure.getMessage()));
    } catch (IOException | UncheckedIOException failure) {
      return failed(place, failure.toString());
    }
  }

  private Outcome failed(Path place, String reason) throws IOException {
    if (!options.keep()) {
      Shell.delete(place);
    }
    return new Outcome.Failed(reason);
  }

  private List<Measure> measure(Workload workload, Tool tool, Site site) throws IOException {
    Files.createDirectories(site.a());
    workload.prepare(site.a(), options.size());
    Shell.age(site.a());
    Files.createDirectories(site.b().getParent());
    Shell.copy(site.a(), site.b());
    try (Pair pair = tool.open(site)) {
      running = Optional.of(pair);
      Trial trial = new Trial(site, tool, pair, options.size());
      trial.awaitLive();
      List<Measure> measures = workload.run(trial);
      pair.requireAlive();
      // Nothing counts that left the trees different.
      trial.identical(List.of());
      return measures;
    } finally {
      running = Optional.empty();
    }
  }

  private static String progress(Result result) {
    String outcome =
        switch (result.outcome()) {
          case Outcome.Measured measured -> {
            List<String> words = new ArrayList<>();
            measured
                .measures()
                .forEach(each -> words.add(each.name() + " " + each.unit().text(each.value())));
            yield String.join(", ", words);
          }
          case Outcome.Failed failed -> "FAILED: " + failed.reason();
          case Outcome.Missing missing -> "missing: " + missing.debianPackage();
          case Outcome.NotRun _ -> "not run, the time is over";
          case Outcome.Unsuited unsuited -> "left out: " + unsuited.reason();
        };
    return "%s, %s: %s".formatted(result.workload(), result.tool(), outcome);
  }
}
