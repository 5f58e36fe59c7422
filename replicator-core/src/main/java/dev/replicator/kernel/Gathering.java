package dev.replicator.kernel;

import dev.replicator.model.Group;
import dev.replicator.model.Intent;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** One directory of {@link Groups}, from the first that was told of it until it is there. */
final class Gathering {
  final RelativePath top;
  Group group;
  long untilMillis;

  /** However often another one takes its place before it is put. */
  private final long lastMillis;

  long stageAtMillis;

  /** Where it was before, which is deleted with it, when that was told. */
  Optional<RelativePath> from = Optional.empty();

  /** Whether what is placed is moved from there. */
  boolean moving;

  /** Since when nothing came but that nobody has a content. */
  OptionalLong lackingMillis = OptionalLong.empty();

  /** Who told that there is no more; what was written meanwhile comes before their end mark. */
  final TreeSet<NodeId> closedBy = new TreeSet<>();

  boolean whole;
  final ArrayDeque<RelativePath> wanted = new ArrayDeque<>();
  final TreeSet<RelativePath> staging = new TreeSet<>();
  final TreeMap<RelativePath, Event.Staged> staged = new TreeMap<>();
  Map<RelativePath, Intent> placing = Map.of();

  /** What would have been applied by itself meanwhile. */
  final TreeSet<RelativePath> held = new TreeSet<>();

  Gathering(RelativePath top, Group group, long untilMillis, long lastMillis) {
    this.top = top;
    this.group = group;
    this.untilMillis = untilMillis;
    this.lastMillis = lastMillis;
  }

  void waitUntil(long millis) {
    untilMillis = Math.min(millis, lastMillis);
  }

  int members() {
    return wanted.size() + staging.size() + staged.size();
  }

  boolean isFrom(RelativePath path) {
    return from.isPresent() && path.isWithin(from.get());
  }
}
