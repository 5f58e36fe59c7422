package dev.replicator.bench.compare;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A tool of one process beside each tree, either of which may be away. */
abstract class TwoProcesses implements Pair {
  /** Beside the first tree, and beside the second. */
  Optional<Child> a = Optional.empty();

  Optional<Child> b = Optional.empty();

  private List<Child> running() {
    return Stream.of(a, b).flatMap(Optional::stream).toList();
  }

  /** It works by itself. */
  @Override
  public final void settle() {}

  @Override
  public final void halt() {
    a.ifPresent(Child::close);
    a = Optional.empty();
  }

  @Override
  public final List<Long> processes() {
    return running().stream().map(Child::process).toList();
  }

  @Override
  public final void requireAlive() {
    running().forEach(Child::requireAlive);
  }

  @Override
  public final void close() {
    running().forEach(Child::close);
    a = Optional.empty();
    b = Optional.empty();
  }
}
