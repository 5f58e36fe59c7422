package dev.replicator.kernel;

import dev.replicator.model.RelativePath;
import java.util.List;
import java.util.TreeSet;

/**
 * New files that are not read before their writers have closed them: half of one is of use to
 * nobody, least of all in the place of a whole one. The watcher tells of the close. Who waits for
 * all that is there has them read as they are.
 */
final class Unclosed {
  /** Those beyond are read at once. */
  static final int FILES_MAX = 1_024;

  private final Bounds bounds;
  private final TreeSet<RelativePath> files = new TreeSet<>();
  private List<RelativePath> awaited = List.of();

  Unclosed(Bounds bounds) {
    this.bounds = bounds;
  }

  /** Whether one that a look finds at {@code path} is left to its writer. */
  boolean mayWait(RelativePath path) {
    return files.size() < bounds.remembered(FILES_MAX)
        && awaited.stream().noneMatch(path::isWithin);
  }

  void add(RelativePath path) {
    files.add(path);
  }

  /** Somebody looks at {@code path}: he tells what is there. */
  void remove(RelativePath path) {
    files.remove(path);
  }

  /** Somebody waits for all that is below these. */
  void await(List<RelativePath> scopes) {
    awaited = scopes;
  }

  List<RelativePath> within(RelativePath scope) {
    return files.stream().filter(path -> path.isWithin(scope)).toList();
  }
}
