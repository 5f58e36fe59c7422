package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.GroupMember;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a tree puts a directory with all that is in it in the place of another one. */
interface ReplacementContract extends DirectoriesUnderTest {
  RelativePath OLD = RelativePath.of("plugins/old");
  RelativePath CHANGED = OLD.child("changed");
  RelativePath DEEP = RelativePath.of("plugins/old/d/deep");
  RelativePath STAYS = RelativePath.of("plugins/old/d/stays");
  RelativePath FRESH = RelativePath.of("plugins/old/d/fresh");
  RelativePath GONE = OLD.child("gone");
  RelativePath GONE_DIRECTORY = OLD.child("e");
  RelativePath GONE_WITHIN = GONE_DIRECTORY.child("within");

  /** The version that is there. */
  private void install() {
    for (RelativePath directory : List.of(OLD.parent(), OLD, DEEP.parent(), GONE_DIRECTORY)) {
      user().makeDirectory(directory);
    }
    user().write(CHANGED, "changed before");
    user().write(DEEP, "deep before");
    user().write(STAYS, "stays");
    user().write(GONE, "gone");
    user().write(GONE_WITHIN, "within");
  }

  /** The next version, staged. */
  private List<GroupMember> staged() throws TreeException {
    List<GroupMember> members = new ArrayList<>();
    DirectoriesUnderTest.add(members, OLD, stagedIntent(expected(OLD), directoryTarget(0750)));
    DirectoriesUnderTest.add(members, CHANGED, fileIntent(expected(CHANGED), "changed after"));
    DirectoriesUnderTest.add(
        members, DEEP.parent(), stagedIntent(expected(DEEP.parent()), directoryTarget(0700)));
    DirectoriesUnderTest.add(members, DEEP, fileIntent(expected(DEEP), "deep after"));
    DirectoriesUnderTest.add(members, FRESH, fileIntent(Optional.empty(), "fresh"));
    DirectoriesUnderTest.add(
        members, GONE_DIRECTORY, removal(expected(GONE_DIRECTORY).orElseThrow()));
    DirectoriesUnderTest.add(members, GONE_WITHIN, removal(expected(GONE_WITHIN).orElseThrow()));
    DirectoriesUnderTest.add(members, GONE, removal(expected(GONE).orElseThrow()));
    return members;
  }

  private static String displaced(Map<RelativePath, Exchanged> ended, RelativePath path) {
    return displaced(ended.getOrDefault(path, new Exchanged.Unexpected()));
  }

  private static String displaced(Exchanged exchanged) {
    return switch (exchanged) {
      case Exchanged.Done done -> done.displaced();
      case Exchanged.Removed removed -> removed.displaced();
      case Exchanged.Overtaken overtaken -> overtaken.displaced();
      case Exchanged.Unexpected unexpected -> "";
      case Exchanged.BeingWritten written -> "";
      case Exchanged.Failed failed -> "";
    };
  }

  /** What waits in staging is what was told of, and nothing else. */
  private void assertNoMoreIsLeft(Map<RelativePath, Exchanged> ended) throws TreeException {
    TreeSet<String> told = new TreeSet<>();
    ended.values().forEach(exchanged -> told.add(displaced(exchanged)));
    told.remove("");
    assertEquals(List.copyOf(told), tree().staged());
  }

  private void assertNewVersion() throws TreeException {
    assertEquals("changed after", user().read(CHANGED));
    assertEquals("deep after", user().read(DEEP));
    assertEquals("fresh", user().read(FRESH));
    assertFalse(user().exists(GONE));
    assertEquals(0750, found(OLD).attributes().mode());
    assertEquals(0700, found(DEEP.parent()).attributes().mode());
  }

  private void assertOldVersion() {
    assertEquals("changed before", user().read(CHANGED));
    assertEquals("deep before", user().read(DEEP));
    assertEquals("stays", user().read(STAYS));
    assertEquals("gone", user().read(GONE));
    assertEquals("within", user().read(GONE_WITHIN));
    assertFalse(user().exists(FRESH));
  }

  @Test
  default void putsADirectoryInThePlaceOfAnother() throws Exception {
    requireReplacement();
    install();
    long inode = found(STAYS).stamp().inode();

    Map<RelativePath, Exchanged> ended = replaced(staged());

    assertNewVersion();
    assertFalse(user().exists(GONE_DIRECTORY));
    assertEquals("stays", user().read(STAYS));
    assertEquals(inode, found(STAYS).stamp().inode());
    assertEquals(1, found(STAYS).stamp().links());
    assertEquals("changed before", readStaged(displaced(ended, CHANGED)));
    assertEquals("deep before", readStaged(displaced(ended, DEEP)));
    assertEquals("gone", readStaged(displaced(ended, GONE)));
    assertInstanceOf(Exchanged.Removed.class, ended.get(GONE_DIRECTORY));
    assertNoMoreIsLeft(ended);
  }

  @Test
  default void tellsTheStampsOfWhatItPutInThePlaceOfAnother() throws Exception {
    requireReplacement();
    install();

    Map<RelativePath, Exchanged> ended = replaced(staged());

    for (RelativePath file : List.of(CHANGED, DEEP, FRESH)) {
      var done = assertInstanceOf(Exchanged.Done.class, ended.get(file));
      assertEquals(found(file).stamp(), done.stamp());
    }
  }

  @Test
  default void leavesWhatIsThereAndNoMemberUnderItsName() throws Exception {
    requireReplacement();
    install();
    user().write(OLD.child("unknown"), "unknown");
    user().link(OLD.child("link"), TreeUnderTest.bytes("unknown"));

    assertNoMoreIsLeft(replaced(staged()));

    assertEquals("unknown", user().read(OLD.child("unknown")));
    assertEquals(TreeUnderTest.bytes("unknown"), found(OLD.child("link")).linkTarget());
  }

  @Test
  default void replacesNothingWhereADirectoryIsUnknown() throws Exception {
    requireReplacement();
    install();
    user().makeDirectory(OLD.child("cache"));

    var failed = assertInstanceOf(Arrived.Failed.class, tree().arrive(staged()));

    assertEquals(Problem.Kind.OBSTRUCTED, failed.problem().kind());
    assertOldVersion();
    assertEquals(List.of(), tree().staged());
    assertEquals(1, found(STAYS).stamp().links());
  }

  @Test
  default void replacesNothingWhereAMemberIsNotAsExpected() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    user().write(DEEP, "somebody's");

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertEquals("somebody's", user().read(DEEP));
    assertEquals("changed before", user().read(CHANGED));
    assertEquals(List.of(), tree().staged());
    assertEquals(1, found(STAYS).stamp().links());
  }

  @Test
  default void replacesNothingWhereTheDirectoryIsGone() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    user().move(OLD, RelativePath.of("plugins/elsewhere"));

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertFalse(user().exists(OLD));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void replacesNothingWhereAMemberIsMissing() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    user().remove(DEEP);

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertFalse(user().exists(DEEP));
    assertEquals("changed before", user().read(CHANGED));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void findsWhatSomebodyMadeInTheLastMoment() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().write(OLD.child("made"), "made");
      user().makeDirectory(RelativePath.of("plugins/old/d/made"));
      user().write(RelativePath.of("plugins/old/d/made/within"), "made within");
    });

    assertNoMoreIsLeft(replaced(members));

    assertNewVersion();
    assertEquals("made", user().read(OLD.child("made")));
    assertEquals("made within", user().read(RelativePath.of("plugins/old/d/made/within")));
  }

  @Test
  default void keepsWhatSomebodyWroteToWhatItReplacedInTheLastMoment() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().write(CHANGED, "theirs, in place");
      user().replace(DEEP, "theirs, by a rename");
      user().write(GONE, "theirs, of what goes");
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertNewVersion();
    for (RelativePath path : List.of(CHANGED, DEEP, GONE)) {
      var overtaken = assertInstanceOf(Exchanged.Overtaken.class, ended.get(path));
      assertTrue(readStaged(overtaken.displaced()).startsWith("theirs"), path::toString);
    }
    assertNoMoreIsLeft(ended);
  }

  @Test
  default void saysThatNobodyHasWhatSomebodyTookAwayInTheLastMoment() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().remove(DEEP);
      user().remove(GONE);
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertEquals("changed after", user().read(CHANGED));
    assertFalse(user().exists(DEEP));
    assertFalse(user().exists(GONE));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(DEEP));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(GONE));
    assertNoMoreIsLeft(ended);
  }

  @Test
  default void followsWhatSomebodyDidInTheLastMomentToWhatStays() throws Exception {
    requireReplacement();
    install();
    RelativePath deleted = OLD.child("deleted");
    RelativePath written = OLD.child("written");
    user().write(deleted, "deleted");
    user().write(written, "written");
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().replace(STAYS, "another");
      user().remove(deleted);
      user().write(written, "written in place");
    });

    assertNoMoreIsLeft(replaced(members));

    assertNewVersion();
    assertEquals("another", user().read(STAYS));
    assertFalse(user().exists(deleted));
    assertEquals("written in place", user().read(written));
  }

  @Test
  default void leavesADirectoryThatIsToGoForWhatSomebodyMadeInIt() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    RelativePath made = GONE_DIRECTORY.child("made");
    inTheWindow(() -> user().write(made, "made"));

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertNewVersion();
    assertEquals("made", user().read(made));
    assertFalse(user().exists(GONE_WITHIN));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(GONE_DIRECTORY));
    assertNoMoreIsLeft(ended);
  }

  @Test
  default void leavesWhatSomebodyMadeInTheLastMomentWhereANewFileWasToBe() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    inTheWindow(() -> user().write(FRESH, "theirs"));

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertEquals("theirs", user().read(FRESH));
    assertEquals("changed after", user().read(CHANGED));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(FRESH));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  default void clearsStagingOfADirectoryThatNeverTookItsPlace(int gathered) throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    Map<RelativePath, Stamp> stayed = Map.of(STAYS, found(STAYS).stamp());
    Runnable crash =
        () -> {
          throw new Killed();
        };
    if (gathered == 4) {
      inTheWindow(crash);
    } else {
      whileGathering(gathered, crash);
    }
    assertThrows(Killed.class, () -> tree().arrive(members));
    Tree reopened = reopen();

    reopened.disperse(members, stayed);
    for (GroupMember member : members) {
      // What is new and was moved into the directory that waits is not found at once.
      Settled unclear =
          member.path().equals(FRESH) && gathered == 4
              ? new Settled.Unclear()
              : new Settled.NotApplied();
      assertEquals(
          unclear, reopened.settle(member.path(), member.intent()), member.path()::toString);
    }
    reopened.disband(members);

    assertEquals(List.of(), reopened.staged());
    assertOldVersion();
    assertEquals(1, found(STAYS).stamp().links());
  }

  @Test
  default void endsAReplacementThatWasCutOff() throws Exception {
    requireReplacement();
    install();
    List<GroupMember> members = staged();
    Map<RelativePath, Stamp> stayed = Map.of(STAYS, found(STAYS).stamp());
    inTheWindow(() -> {
      user().write(CHANGED, "theirs");
      user().write(OLD.child("made"), "made");
      afterTheChange(() -> {
        throw new Killed();
      });
    });
    assertThrows(Killed.class, () -> tree().arrive(members));
    Tree reopened = reopen();

    reopened.disperse(members, stayed);

    assertNewVersion();
    assertEquals("stays", user().read(STAYS));
    assertEquals(1, found(STAYS).stamp().links());
    assertEquals("made", user().read(OLD.child("made")));
    for (GroupMember member : members) {
      Settled settled = reopened.settle(member.path(), member.intent());
      if (member.path().equals(CHANGED)) {
        var overtaken = assertInstanceOf(Settled.Overtaken.class, settled);
        assertEquals("theirs", readStaged(overtaken.displaced()));
      } else {
        assertInstanceOf(Settled.Applied.class, settled, member.path()::toString);
      }
    }
    reopened.disperse(members, stayed);
    reopened.disband(members);
    assertNewVersion();
  }
}
