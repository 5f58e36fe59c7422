package dev.replicator.bench.compare;

import java.util.List;
import java.util.Optional;

/** What replicator wants to be, as limits on what was measured. */
sealed interface Aim {
  String REACHED = "reached";
  String MISSED = "missed";
  String NOT_MEASURED = "not measured";

  String says();

  String workload();

  Judged judged(Comparison comparison);

  /** An aim in words, whether it is reached, and the figures that say so. */
  record Judged(String aim, String verdict, String found) {}

  /** A figure of ours is at most so large. */
  record AtMost(String says, String workload, String measure, double limit) implements Aim {
    @Override
    public Judged judged(Comparison comparison) {
      return comparison
          .measure(workload, ReplicatorTool.NAME, measure)
          .map(ours ->
              new Judged(
                  says, ours.value() <= limit ? REACHED : MISSED, ours.unit().text(ours.value())))
          .orElse(new Judged(says, NOT_MEASURED, lack(comparison, workload)));
    }
  }

  /** A figure of ours is less than so many times that of another tool. */
  record Below(String says, String workload, String measure, double factor, String tool)
      implements Aim {
    @Override
    public Judged judged(Comparison comparison) {
      Optional<Measure> ours = comparison.measure(workload, ReplicatorTool.NAME, measure);
      Optional<Measure> theirs = comparison.measure(workload, tool, measure);
      if (ours.isEmpty() || theirs.isEmpty()) {
        return new Judged(says, NOT_MEASURED, lack(comparison, workload));
      }
      double mine = ours.get().value();
      double other = theirs.get().value();
      return new Judged(
          says,
          mine < factor * other ? REACHED : MISSED,
          "%s times: %s beside %s"
              .formatted(
                  Unit.digits(mine / other),
                  ours.get().unit().text(mine),
                  theirs.get().unit().text(other)));
    }
  }

  private static String lack(Comparison comparison, String workload) {
    return comparison
        .result(workload, ReplicatorTool.NAME)
        .map(result ->
            switch (result.outcome()) {
              case Outcome.Failed failed -> "FAILED: " + failed.reason();
              case Outcome.Measured _, Outcome.Missing _, Outcome.NotRun _, Outcome.Unsuited _ ->
                  "";
            })
        .orElse("");
  }

  /** All aims, in the order of their importance. */
  static List<Judged> judge(Comparison comparison) {
    return all().stream().map(aim -> aim.judged(comparison)).toList();
  }

  static List<Aim> all() {
    return List.of(
        new AtMost("lag of a 64 KiB file, p50 at most 2 ms", "lag", "p50", 2),
        new AtMost("lag of a 64 KiB file, p99 at most 10 ms", "lag", "p99", 10),
        new Below("lag, p50 below 3 times a bare copy loop", "lag", "p50", 3, "floor"),
        new AtMost("lag beside bulk, p99 at most 50 ms", "lag-bulk", "p99", 50),
        new AtMost(
            "WordPress tree copied in: identical 0.3 s after the copy",
            "burst",
            "identical after",
            0.3),
        new Below(
            "4 KiB changed in 256 MiB: fewer bytes than rsync",
            "delta",
            "in place, on the wire",
            1,
            "rsync"),
        new Below(
            "4 KiB changed in 256 MiB: less time than rsync", "delta", "in place", 1, "rsync"),
        new AtMost(
            "1,000 files renamed: below 200 KB on the wire", "rename", "on the wire", 200_000),
        new AtMost("1,000 files renamed: at most 100 ms", "rename", "identical after", 0.1),
        new AtMost("1,000 files renamed: none written anew", "rename", "files written anew", 0),
        new Below("resync of an equal tree: below half of rsync", "resync", "equal", 0.5, "rsync"),
        new AtMost("restart to ready: at most 1 s", "standing", "ready after restart", 1),
        new AtMost("resident memory at most 256 MiB", "standing", "resident memory", 256),
        new AtMost("idle: 0 % of a processor", "standing", "idle", 0.2));
  }
}
