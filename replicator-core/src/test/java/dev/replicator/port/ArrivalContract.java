package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Put;
import dev.replicator.port.Tree.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a tree puts a directory with all that is in it. */
interface ArrivalContract extends TreeUnderTest {
  RelativePath TOP = RelativePath.of("plugins/x");

  /** A directory with a file, a link, and a directory with a file. */
  private List<GroupMember> staged() throws TreeException {
    if (!user().exists(TOP.parent())) {
      user().makeDirectory(TOP.parent());
    }
    List<GroupMember> members = new ArrayList<>();
    members.add(member(TOP, stagedIntent(Optional.empty(), directoryTarget(0750))));
    members.add(member(TOP.child("a"), fileIntent(Optional.empty(), "one")));
    members.add(member(TOP.child("d"), stagedIntent(Optional.empty(), directoryTarget(0700))));
    members.add(member(TOP.child("d").child("f"), fileIntent(Optional.empty(), "two")));
    members.add(member(TOP.child("l"), stagedIntent(Optional.empty(), linkTarget("a"))));
    return members;
  }

  private static GroupMember member(RelativePath path, Intent intent) {
    return new GroupMember(path, intent);
  }

  private void requireGroups() {
    assumeTrue(tree().capabilities().groups(), "path by path only");
  }

  private void assertNothingIsLeft() throws TreeException {
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void putsADirectoryWithAllThatIsInIt() throws Exception {
    requireGroups();
    List<GroupMember> members = staged();

    var done = assertInstanceOf(Arrived.Done.class, tree().arrive(members));

    assertEquals("one", user().read(TOP.child("a")));
    assertEquals("two", user().read(TOP.child("d").child("f")));
    assertEquals(0750, found(TOP).attributes().mode());
    assertEquals(0700, found(TOP.child("d")).attributes().mode());
    assertEquals(TreeUnderTest.bytes("a"), found(TOP.child("l")).linkTarget());
    assertNothingIsLeft();
    assertEquals(
        members.stream().map(GroupMember::path).toList(),
        done.members().stream().map(Put::path).toList());
  }

  @Test
  default void tellsWhatTheMembersWereBeforeAnybodyCouldReachThem() throws Exception {
    requireGroups();
    assumeTrue(stamps(), "a file is not known again here");
    List<GroupMember> members = staged();
    RelativePath written = TOP.child("d").child("f");
    afterTheChange(() -> user().write(written, "theirs, and longer"));

    var done = assertInstanceOf(Arrived.Done.class, tree().arrive(members));

    for (Put put : done.members()) {
      var ended = assertInstanceOf(Exchanged.Done.class, put.exchanged());
      boolean same = found(put.path()).stamp().equals(ended.stamp());
      boolean directory = put.path().equals(TOP) || put.path().equals(TOP.child("d"));
      assertTrue(directory || same != put.path().equals(written), put::toString);
      assertEquals(ended.actual().attributes(), found(put.path()).attributes());
    }
    var last = assertInstanceOf(Exchanged.Done.class, done.members().get(3).exchanged());
    assertEquals(3, last.stamp().size());
  }

  @Test
  default void putsNothingWhereTheNameIsTaken() throws Exception {
    requireGroups();
    List<GroupMember> members = staged();
    user().makeDirectory(TOP);

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertFalse(user().exists(TOP.child("a")));
    assertNothingIsLeft();
  }

  @Test
  default void putsNothingWhereTheNameIsTakenInTheLastMoment() throws Exception {
    requireGroups();
    List<GroupMember> members = staged();
    inTheWindow(() -> user().makeDirectory(TOP));

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertFalse(user().exists(TOP.child("a")));
    assertNothingIsLeft();
  }

  @Test
  default void putsNothingWhenAMemberIsMissing() throws Exception {
    requireGroups();
    List<GroupMember> members = staged();
    tree().discard(members.get(3).intent().stagedName());

    var failed = assertInstanceOf(Arrived.Failed.class, tree().arrive(members));

    assertEquals(Problem.Kind.INPUT_OUTPUT, failed.problem().kind());
    assertFalse(user().exists(TOP));
    assertNothingIsLeft();
  }

  @Test
  default void putsNothingWhereItsDirectoryIsMissing() throws Exception {
    requireGroups();
    List<GroupMember> members = staged();
    user().remove(TOP.parent());

    assertInstanceOf(Arrived.Failed.class, tree().arrive(members));

    assertNothingIsLeft();
  }

  @Test
  default void settlesTheMembersOfADirectoryThatHasItsName() throws Exception {
    requireGroups();
    assumeTrue(stamps(), "a file is not known again here");
    List<GroupMember> members = staged();
    tree().arrive(members);

    Tree reopened = reopen();

    for (GroupMember member : members) {
      assertInstanceOf(
          Settled.Applied.class,
          reopened.settle(member.path(), member.intent()),
          member.path()::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  default void clearsStagingOfADirectoryThatNeverGotItsName(int gathered) throws Exception {
    requireGroups();
    List<GroupMember> members = staged();
    String other = stageFile("other", fileTarget("other")).name();
    crashWhileGathering(members, gathered);
    Tree reopened = reopen();
    assertEquals(
        new Settled.NotApplied(),
        reopened.settle(members.getFirst().path(), members.getFirst().intent()));

    reopened.disband(members);

    assertEquals(List.of(other), reopened.staged());
    assertFalse(user().exists(TOP));
    reopened.disband(members);
    assertEquals(List.of(other), reopened.staged());
  }

  @Test
  default void clearsNothingOfADirectoryThatHasItsName() throws Exception {
    requireGroups();
    List<GroupMember> members = staged();
    tree().arrive(members);

    reopen().disband(members);

    assertEquals("one", user().read(TOP.child("a")));
    assertEquals("two", user().read(TOP.child("d").child("f")));
  }

  /** A process that ends after it moved {@code count} members into the directory that waits. */
  private void crashWhileGathering(List<GroupMember> members, int count) {
    class Crash extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }
    Runnable crash =
        () -> {
          throw new Crash();
        };
    if (count == members.size() - 1) {
      inTheWindow(crash);
    } else {
      whileGathering(count, crash);
    }
    try {
      tree().arrive(members);
    } catch (Crash ended) {
      return;
    }
    throw new AssertionError("it went on");
  }
}
