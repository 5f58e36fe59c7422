package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Materialised;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Put;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A tree in which a directory is to take the place of another one. */
interface DirectoriesUnderTest extends TreeUnderTest {
  /** How a process ends in the middle. */
  final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  default void requireReplacement() {
    assumeTrue(tree().capabilities().groups() && stamps(), "path by path only");
  }

  default Optional<Materialised> expected(RelativePath path) throws TreeException {
    return Optional.of(materialised(path.toString()));
  }

  static void add(List<GroupMember> members, RelativePath path, Intent intent) {
    members.add(new GroupMember(path, intent));
  }

  /** Puts the directory, and tells how each member ended. */
  default Map<RelativePath, Exchanged> replaced(List<GroupMember> members) {
    var done = assertInstanceOf(Arrived.Done.class, tree().arrive(members));
    Map<RelativePath, Exchanged> ended = new TreeMap<>();
    for (Put put : done.members()) {
      ended.put(put.path(), put.exchanged());
    }
    assertEquals(members.size(), ended.size());
    return ended;
  }
}
