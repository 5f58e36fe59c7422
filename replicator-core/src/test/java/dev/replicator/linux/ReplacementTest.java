package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.model.GroupMember;
import dev.replicator.model.Materialised;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Settled;
import dev.replicator.port.TreeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Directories that take the place of others on a real disk, where only that can show it. */
class ReplacementTest extends LinuxTreeFixture {
  private static final RelativePath TOP = RelativePath.of("plugins/shop");
  private static final RelativePath FILE = TOP.child("file");
  private static final RelativePath STAYS = TOP.child("stays");

  private Optional<Materialised> expected(RelativePath path) throws TreeException {
    return Optional.of(materialised(path.toString()));
  }

  private List<GroupMember> installed() throws TreeException {
    user().makeDirectory(TOP.parent());
    user().makeDirectory(TOP);
    user().write(FILE, "before");
    user().write(STAYS, "stays");
    List<GroupMember> members = new ArrayList<>();
    members.add(new GroupMember(TOP, stagedIntent(expected(TOP), directoryTarget(0750))));
    members.add(new GroupMember(FILE, fileIntent(expected(FILE), "after")));
    return members;
  }

  @Test
  void givesBackAnotherReleaseThatWasExchangedJustBeforeACrash() throws Exception {
    List<GroupMember> members = installed();
    Map<RelativePath, Stamp> stayed = Map.of(STAYS, found(STAYS).stamp());
    RelativePath theirs = TOP.child("photos").child("only-copy");
    inTheWindow(() -> {
      user().move(TOP, RelativePath.of("plugins/aside"));
      user().makeDirectory(TOP);
      user().makeDirectory(theirs.parent());
      user().write(theirs, "theirs");
      afterTheChange(() -> {
        throw new IllegalStateException("killed");
      });
    });
    assertThrows(IllegalStateException.class, () -> tree().arrive(members));
    Tree reopened = reopen();

    reopened.disperse(members, stayed);
    Settled settled = reopened.settle(TOP, members.getFirst().intent());
    reopened.disband(members);

    assertInstanceOf(Settled.NotApplied.class, settled);
    assertEquals("theirs", user().read(theirs));
    assertFalse(user().exists(FILE));
    assertEquals("before", user().read(RelativePath.of("plugins/aside/file")));
  }

  @Test
  void replacesNoDirectoryThatIsDeeperThanItCouldBeTakenApart() throws Exception {
    List<GroupMember> members = installed();
    RelativePath deep = TOP;
    for (int i = 0; i <= Replacement.DEPTH_MAX; i++) {
      deep = deep.child("d");
      user().makeDirectory(deep);
      members.add(new GroupMember(deep, removal(materialised(deep.toString()))));
    }

    var failed = assertInstanceOf(Arrived.Failed.class, tree().arrive(members));

    assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
    assertEquals("before", user().read(FILE));
    assertEquals(List.of(), tree().staged());
  }
}
