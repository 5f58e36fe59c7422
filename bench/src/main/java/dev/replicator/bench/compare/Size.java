package dev.replicator.bench.compare;

import dev.replicator.bench.UsageException;
import java.util.List;

/**
 * How much is measured.
 *
 * @param profile of the tree that is copied in
 * @param lagFiles one after the other, or as many as fit into {@code lagSeconds}
 * @param lagGrownFiles written before the lag is measured once more, as of a node that ran for days
 * @param deltaBytes of the file that is changed in place and at its front
 * @param directoryFiles of the directory that is renamed, and of the one that is deleted
 * @param bulkBytes of the file that is on its way while the lag of small ones is measured
 * @param churnSeconds of changes without a pause
 * @param resyncFiles of the tree that is compared in full
 * @param standingFiles of the tree over which memory is measured
 * @param awayChanges made while the peer is away
 * @param patienceSeconds after which a run failed
 */
record Size(
    String name,
    String profile,
    int lagFiles,
    int lagSeconds,
    int lagGrownFiles,
    long deltaBytes,
    int directoryFiles,
    long bulkBytes,
    int churnSeconds,
    int resyncFiles,
    int standingFiles,
    int awayChanges,
    int patienceSeconds) {
  private static final long MIB = 1 << 20;

  private static final List<Size> ALL =
      List.of(
          new Size("tiny", "demo", 10, 2, 20, 4 * MIB, 50, 16 * MIB, 1, 300, 300, 50, 60),
          new Size(
              "small", "site", 200, 4, 7_000, 256 * MIB, 1_000, 256 * MIB, 3, 5_000, 20_000, 500,
              45),
          new Size(
              "full",
              "site",
              1_000,
              60,
              7_000,
              256 * MIB,
              1_000,
              4_096 * MIB,
              20,
              100_000,
              1_000_000,
              10_000,
              3_600));

  static Size named(String name) {
    return ALL.stream()
        .filter(size -> size.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new UsageException("--size is one of tiny, small and full"));
  }
}
