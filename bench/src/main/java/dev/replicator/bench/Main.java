package dev.replicator.bench;

import dev.replicator.bench.compare.CompareBench;
import dev.replicator.bench.micro.MicroBench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** The entry of {@code ./replicator bench}. */
public final class Main {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final String HELP =
      """
      Usage: replicator bench lag [--files N] [--size BYTES] [--rate N] [--warm-up N] [--seed N]
                                  [--json FILE] [--keep]
             replicator bench scan [--files N] [--size BYTES] [--seed N] [--in DIRECTORY]
                                   [--json FILE]
             replicator bench compare [--workload W...] [--tool T...] [--size tiny|small|full]
                                      [--minutes N] [--out DIR] [--in DIR] [--keep]
             replicator bench micro [PATTERN]
             replicator bench tree DIRECTORY [--profile demo|S|M|L|XL] [--seed N] [--shrink N]

      lag    starts two nodes on loopback, writes files on one and measures until the other shows
             them, then the other way round; ends with 1 when the trees differ afterwards
             --files   in each direction (100), of which the first 20 are counted apart as cold
             --size    of each file in bytes (65536)
             --rate    files per second (5)
             --warm-up files in each direction before the first is counted, without a pause (0)
             --json    also writes the figures into FILE
             --keep    leaves the nodes' directories behind
      scan   starts a node over a tree that it never saw, then twice again over what it knows;
             seconds, CPU seconds and MiB of each start: heap used and live, allocated, resident
             --files   in the tree (100000); --size of each in bytes (100)
             --in      keeps tree and journal in DIRECTORY, or measures over those that are there
      compare  runs ours and what is used today in turn on the same disk and prints a table, ratios
             first; ends with 1 when a tool that is installed failed
             --workload only these, --tool only these; --out also writes JSON, Markdown and charts
             --minutes begins nothing new after that
             --in      makes the trees below DIR (/tmp); --keep leaves those behind that failed
      micro  JMH over scan, stat, open and event dispatch beside the Java library, over chunks,
             digests, delta, codec, merge and journal, or over those whose name PATTERN matches
      tree   writes a wp-content tree like those of real sites into an empty DIRECTORY
             --profile how large: demo a few MiB, S some 8 GiB, M 80, L 350, XL 800; ends before
             the disk is full; --shrink divides all sizes of media (1)
      """;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) {
    try {
      if (arguments.isEmpty() || arguments.contains("--help")) {
        System.out.print(HELP);
        return arguments.isEmpty() ? USAGE : DONE;
      }
      Arguments rest = new Arguments(arguments.subList(1, arguments.size()));
      return switch (arguments.getFirst()) {
        case "lag" -> LagBench.run(LagOptions.of(rest)) ? DONE : FAILED;
        case "scan" -> scan(rest);
        case "compare" -> CompareBench.run(rest) ? DONE : FAILED;
        case "micro" -> micro(rest);
        case "tree" -> tree(rest);
        default -> throw new UsageException("no bench is called " + arguments.getFirst());
      };
    } catch (UsageException wrong) {
      System.err.println("replicator bench: " + wrong.getMessage());
      System.err.print(HELP);
      return USAGE;
    } catch (IOException | BenchException failure) {
      System.err.println("replicator bench: " + failure.getMessage());
      return FAILED;
    }
  }

  private static int scan(Arguments arguments) throws IOException {
    ScanBench.run(ScanOptions.of(arguments));
    return DONE;
  }

  private static int micro(Arguments arguments) {
    String pattern = arguments.operand("PATTERN", "");
    arguments.end();
    try {
      MicroBench.run(pattern);
      return DONE;
    } catch (RunnerException failure) {
      throw new BenchException(String.valueOf(failure.getMessage()));
    }
  }

  private static int tree(Arguments arguments) throws IOException {
    TreeProfile profile = TreeProfile.named(arguments.text("--profile", "demo"));
    long seed = arguments.number("--seed", 1);
    long shrink = arguments.number("--shrink", 1);
    Path directory = Path.of(arguments.operand("DIRECTORY"));
    arguments.end();
    System.out.println(new TreeGenerator(profile.shrunk(shrink), seed).writeInto(directory));
    return DONE;
  }
}
