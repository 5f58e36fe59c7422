package dev.replicator.bench;

import io.avaje.jsonb.Jsonb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a lag run, for people and for programs.
 *
 * @param pollFloor time between two looks of the probe: no lag can be told finer
 * @param copyLoop the same files through a bare copy loop over loopback
 * @param steps by node and name of the step: where the time goes as the daemons say
 * @param differences between the trees at the end
 */
record LagReport(
    LagOptions options,
    String watcher,
    Figures pollFloor,
    Figures copyLoop,
    List<Direction> directions,
    Map<String, Map<String, Figures>> steps,
    List<String> differences) {

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(
        "lag: close on one node to visible on the other, %d bytes, %d/s, milliseconds%n"
            .formatted(options.sizeBytes(), options.ratePerSecond()));
    if (options.warmUpFiles() > 0) {
      out.append("after %d files each way to warm up%n".formatted(options.warmUpFiles()));
    }
    out.append(Figures.head(""));
    for (Direction direction : directions) {
      String title = direction.from() + " to " + direction.to();
      out.append(direction.cold().row(title + " (cold)"));
      out.append(direction.warm().row(title));
    }
    out.append(copyLoop.row("floor: bare copy loop"));
    out.append(pollFloor.row("floor: one look"));
    steps.forEach((node, figures) -> {
      if (!figures.isEmpty()) {
        out.append(Figures.head("steps of " + node));
        figures.forEach((name, step) -> out.append(step.row(name)));
      }
    });
    out.append("watcher: %s%n".formatted(watcher));
    directions.forEach(direction -> out.append(explain(direction)));
    if (differences.isEmpty()) {
      out.append("trees: equal%n".formatted());
    } else {
      out.append("trees: DIFFERENT%n".formatted());
      differences.forEach(finding -> out.append("  ").append(finding).append('\n'));
    }
    return out.toString();
  }

  /** What the daemons account for, and what is left: noticing the change, and queues. */
  private String explain(Direction direction) {
    long known =
        p50(direction.from(), "read")
            + p50(direction.from(), "journal")
            + p50(direction.from(), "wire")
            + p50(direction.to(), "journal")
            + p50(direction.to(), "stage")
            + p50(direction.to(), "apply");
    String noticing =
        watcher.contains("directory-watcher")
            ? "watching (this watcher waits for 20 ms of quiet) and queues"
            : "watching and queues";
    return "%s to %s: of %.1f ms the daemons account for %.1f ms; the other %.1f ms are %s%n"
        .formatted(
            direction.from(),
            direction.to(),
            direction.warm().p50() / 1_000.0,
            known / 1_000.0,
            Math.max(0, direction.warm().p50() - known) / 1_000.0,
            noticing);
  }

  private long p50(String node, String step) {
    Map<String, Figures> figures = steps.getOrDefault(node, Map.of());
    Figures found = figures.get(step);
    return found == null ? 0 : found.p50();
  }

  String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("bench", "lag");
    map.put("unit", "microseconds");
    map.put("files", options.files());
    map.put("sizeBytes", options.sizeBytes());
    map.put("ratePerSecond", options.ratePerSecond());
    map.put("warmUpFiles", options.warmUpFiles());
    map.put("seed", options.seed());
    map.put("processors", Runtime.getRuntime().availableProcessors());
    map.put("watcher", watcher);
    map.put("pollFloor", pollFloor.toMap());
    map.put("copyLoop", copyLoop.toMap());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Direction direction : directions) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("from", direction.from());
      row.put("to", direction.to());
      row.put("cold", direction.cold().toMap());
      row.put("warm", direction.warm().toMap());
      rows.add(row);
    }
    map.put("directions", rows);
    Map<String, Object> nodes = new LinkedHashMap<>();
    steps.forEach((node, figures) -> {
      Map<String, Object> byName = new LinkedHashMap<>();
      figures.forEach((name, step) -> byName.put(name, step.toMap()));
      nodes.put(node, byName);
    });
    map.put("steps", nodes);
    map.put("treesEqual", differences.isEmpty());
    map.put("differences", differences);
    return Jsonb.builder().build().type(Object.class).toJson(map) + "\n";
  }
}
