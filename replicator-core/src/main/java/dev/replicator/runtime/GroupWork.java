package dev.replicator.runtime;

import dev.replicator.kernel.Effect;
import dev.replicator.kernel.GroupOutcome;
import dev.replicator.kernel.Outcome;
import dev.replicator.model.Entry;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to the disk of directories that are put as a whole. Thread-safe. */
final class GroupWork {
  private static final Logger LOG = LoggerFactory.getLogger(GroupWork.class);

  private final Tree tree;
  private final DiskWork disk;

  GroupWork(Tree tree, DiskWork disk) {
    this.tree = tree;
    this.disk = disk;
  }

  /** Puts a directory with all that is in it; nothing of it waits in staging any more. */
  GroupOutcome place(Effect.PlaceGroup effect) {
    return effect
        .from()
        .map(from -> move(from, effect.top(), effect.members()))
        .orElseGet(() -> arrive(effect.members()));
  }

  /**
   * What is at {@code from} gets another name. Its stamps are those that are known, but for the
   * ctime that a renamed file has: what somebody did in the last moment is found by the look that
   * follows.
   */
  private GroupOutcome move(RelativePath from, RelativePath to, List<GroupMember> members) {
    TreeMap<RelativePath, Materialised> there = new TreeMap<>();
    for (GroupMember member : members) {
      member.intent().expected().ifPresent(was -> there.put(member.path(), was));
    }
    Optional<Problem> problem = tree.move(from, to, there);
    if (problem.isPresent()) {
      return new GroupOutcome.NotPlaced(problem.get());
    }
    Map<RelativePath, Outcome> ended = new TreeMap<>();
    there.forEach((path, was) -> {
      ended.put(path, new Outcome.MovedAway());
      path.moved(from, to)
          .ifPresent(moved -> ended.put(moved, new Outcome.Placed(was.stamp(), was.actual())));
    });
    Optional.ofNullable(there.get(from))
        .filter(was -> was.entry() instanceof Entry.File)
        .ifPresent(file -> ended.put(to, new Outcome.Placed(renamed(to, file), file.actual())));
    return new GroupOutcome.Placed(ended);
  }

  private Stamp renamed(RelativePath to, Materialised was) {
    try {
      if (tree.look(to) instanceof Tree.Look.Found found && found.isRenamed(was)) {
        disk.changed(was.stamp(), found.stamp());
        return found.stamp();
      }
      return was.stamp();
    } catch (TreeException unseen) {
      return was.stamp();
    }
  }

  private GroupOutcome arrive(List<GroupMember> members) {
    return switch (tree.arrive(members)) {
      case Tree.Arrived.Done done -> {
        Map<RelativePath, Tree.Exchanged> ended = new HashMap<>();
        done.members().forEach(put -> ended.put(put.path(), put.exchanged()));
        Map<RelativePath, Outcome> placed = new TreeMap<>();
        for (GroupMember member : members) {
          Tree.Exchanged exchanged = ended.get(member.path());
          if (exchanged != null) {
            placed.put(member.path(), conclude(member, exchanged));
          }
        }
        done.kept().forEach(disk::rescue);
        yield new GroupOutcome.Placed(placed);
      }
      case Tree.Arrived.Unexpected taken ->
          new GroupOutcome.NotPlaced(new Problem(Problem.Kind.BUSY, "it is not as expected there"));
      case Tree.Arrived.Failed failed -> new GroupOutcome.NotPlaced(failed.problem());
    };
  }

  /** One that cannot be concluded is looked at by itself, and the others are not told of it. */
  private Outcome conclude(GroupMember member, Tree.Exchanged exchanged) {
    try {
      return disk.conclude(member.path(), member.intent(), exchanged);
    } catch (RuntimeException broken) {
      LOG.error("cannot tell how {} ended", member.path(), broken);
      return new Outcome.Unexpected();
    }
  }

  /** Ends the replacement of a directory that a crash cut off. */
  void disperse(List<GroupMember> members, Map<RelativePath, Stamp> stayed) {
    try {
      tree.disperse(members, stayed);
    } catch (TreeException failure) {
      LOG.warn("cannot take apart a directory in staging: {}", failure.problem());
    }
  }

  /** Removes what was staged for a directory that did not appear. */
  void disband(List<GroupMember> members) {
    try {
      tree.disband(members);
    } catch (TreeException failure) {
      LOG.warn("cannot clear staging: {}", failure.problem());
    }
  }
}
