package dev.replicator.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One life of the daemon over the tree.
 *
 * @param readyMillis from its start to its "ready"
 * @param readyCpuMillis of all its threads until then
 * @param liveMillis from the start of its root until all that the scan found was taken in
 * @param compared entries that the first whole scan compared, and in what time
 * @param cpuMillis of all its threads, from "ready" to the end
 */
record ScanPhase(
    String name,
    long readyMillis,
    long readyCpuMillis,
    long liveMillis,
    long compared,
    long scanMillis,
    long cpuMillis,
    ProcessFigures.Heap heap,
    long residentPeakMib,
    long residentMib,
    long journalMib) {
  static String head() {
    return "%-12s%9s%9s%9s%10s%9s%10s%9s%8s%8s%9s%8s%9s%9s%n"
        .formatted(
            "", "ready s", "CPU s", "live s", "entries", "scan s", "per s", "CPU s", "heap", "live",
            "alloc", "RSS", "RSS max", "journal");
  }

  String row() {
    return "%-12s%9.2f%9.2f%9.2f%10d%9.2f%10.0f%9.2f%8d%8d%9d%8d%9d%9d%n"
        .formatted(
            name,
            readyMillis / 1_000.0,
            readyCpuMillis / 1_000.0,
            liveMillis / 1_000.0,
            compared,
            scanMillis / 1_000.0,
            compared * 1_000.0 / Math.max(1, liveMillis),
            cpuMillis / 1_000.0,
            heap.used(),
            heap.live(),
            heap.allocated(),
            residentMib,
            residentPeakMib,
            journalMib);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("phase", name);
    map.put("readyMillis", readyMillis);
    map.put("readyCpuMillis", readyCpuMillis);
    map.put("liveMillis", liveMillis);
    map.put("entries", compared);
    map.put("scanMillis", scanMillis);
    map.put("cpuMillis", cpuMillis);
    map.put("heapUsedMib", heap.used());
    map.put("heapLiveMib", heap.live());
    map.put("allocatedMib", heap.allocated());
    map.put("residentMib", residentMib);
    map.put("residentPeakMib", residentPeakMib);
    map.put("journalMib", journalMib);
    return map;
  }
}
