package dev.replicator.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.GroupMember;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.port.Tree.Arrived;
import dev.replicator.port.Tree.Exchanged;
import dev.replicator.port.Tree.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of what somebody does while a directory takes the place of another one. */
interface LastMomentContract extends DirectoriesUnderTest {
  RelativePath TOP = RelativePath.of("themes/shop");
  RelativePath DIRECTORY = TOP.child("d");
  RelativePath WITHIN = DIRECTORY.child("within");
  RelativePath STAYS = TOP.child("stays");
  RelativePath CHANGED = TOP.child("changed");
  RelativePath NEW = TOP.child("new");
  RelativePath NEW_WITHIN = NEW.child("within");

  private void install() {
    requireReplacement();
    List.of(TOP.parent(), TOP, DIRECTORY).forEach(user()::makeDirectory);
    user().write(WITHIN, "within");
    user().write(STAYS, "stays");
    user().write(CHANGED, "changed before");
  }

  /** The next version, staged. */
  private List<GroupMember> staged() throws TreeException {
    install();
    List<GroupMember> members = new ArrayList<>();
    DirectoriesUnderTest.add(members, TOP, stagedIntent(expected(TOP), directoryTarget(0750)));
    DirectoriesUnderTest.add(
        members, DIRECTORY, stagedIntent(expected(DIRECTORY), directoryTarget(0750)));
    DirectoriesUnderTest.add(members, CHANGED, fileIntent(expected(CHANGED), "changed after"));
    DirectoriesUnderTest.add(members, NEW, stagedIntent(Optional.empty(), directoryTarget(0750)));
    DirectoriesUnderTest.add(members, NEW_WITHIN, fileIntent(Optional.empty(), "new"));
    return members;
  }

  /** What the journal knows beside the members. */
  private Map<RelativePath, Stamp> stayed() throws TreeException {
    return Map.of(STAYS, found(STAYS).stamp(), WITHIN, found(WITHIN).stamp());
  }

  private void assertNewVersion() {
    assertEquals("changed after", user().read(CHANGED));
    assertEquals("new", user().read(NEW_WITHIN));
  }

  private void killed(List<GroupMember> members) {
    afterTheChange(() -> {
      throw new Killed();
    });
    assertThrows(Killed.class, () -> tree().arrive(members));
  }

  /** Settles as a start does. */
  private Map<RelativePath, Settled> restarted(
      List<GroupMember> members, Map<RelativePath, Stamp> stayed) throws TreeException {
    Tree reopened = reopen();
    reopened.disperse(members, stayed);
    Map<RelativePath, Settled> settled = new TreeMap<>();
    for (GroupMember member : members) {
      settled.put(member.path(), reopened.settle(member.path(), member.intent()));
    }
    return settled;
  }

  @Test
  default void keepsADirectoryThatWasMadeWhereANewOneComes() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().makeDirectory(NEW);
      user().write(NEW.child("theirs"), "theirs");
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertNewVersion();
    assertEquals("theirs", user().read(NEW.child("theirs")));
    assertInstanceOf(Exchanged.Done.class, ended.get(NEW));
    assertInstanceOf(Exchanged.Done.class, ended.get(NEW_WITHIN));
    assertEquals(1, tree().staged().size());
  }

  @Test
  default void keepsAFileThatWasMadeWhereANewDirectoryComes() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> user().write(NEW, "theirs"));

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertNewVersion();
    var overtaken = assertInstanceOf(Exchanged.Overtaken.class, ended.get(NEW));
    assertEquals("theirs", readStaged(overtaken.displaced()));
    assertInstanceOf(Exchanged.Done.class, ended.get(NEW_WITHIN));
  }

  @Test
  default void leavesWhatWasWrittenAnewAfterItWasRemoved() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().remove(STAYS);
      user().remove(CHANGED);
      afterTheChange(() -> {
        user().write(STAYS, "written anew");
        user().replace(CHANGED, "written anew");
      });
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertTrue(user().read(STAYS).startsWith("written anew"));
    assertEquals("written anew", user().read(CHANGED));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(CHANGED));
  }

  @Test
  default void takesAwayWhatWasRemovedInTheLastMoment() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().remove(STAYS);
      user().remove(CHANGED);
      user().remove(WITHIN);
      user().remove(DIRECTORY);
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    for (RelativePath removed : List.of(STAYS, CHANGED, WITHIN, DIRECTORY)) {
      assertFalse(user().exists(removed), removed::toString);
    }
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(CHANGED));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(DIRECTORY));
    assertEquals("new", user().read(NEW_WITHIN));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void followsAMoveWithinTheDirectory() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().move(STAYS, TOP.child("moved"));
      user().move(WITHIN, TOP.child("changed within"));
    });

    replaced(members);

    assertNewVersion();
    assertFalse(user().exists(STAYS));
    assertFalse(user().exists(WITHIN));
    assertEquals("stays", user().read(TOP.child("moved")));
    assertEquals("within", user().read(TOP.child("changed within")));
  }

  @Test
  default void leavesALinkThatTookThePlaceOfTheDirectory() throws Exception {
    List<GroupMember> members = staged();
    RelativePath aside = RelativePath.of("themes/aside");
    inTheWindow(() -> {
      user().move(TOP, aside);
      user().link(TOP, TreeUnderTest.bytes("../releases/2"));
    });

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertEquals(TreeUnderTest.bytes("../releases/2"), found(TOP).linkTarget());
    assertEquals("changed before", user().read(aside.child("changed")));
    assertEquals("stays", user().read(aside.child("stays")));
    assertEquals(1, found(aside.child("stays")).stamp().links());
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void leavesAnotherDirectoryThatTookThePlaceOfTheDirectory() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().move(TOP, RelativePath.of("themes/aside"));
      user().makeDirectory(TOP);
      user().write(CHANGED, "of another release");
    });

    assertEquals(new Arrived.Unexpected(), tree().arrive(members));

    assertEquals("of another release", user().read(CHANGED));
    assertFalse(user().exists(STAYS));
    assertEquals(List.of(), tree().staged());
  }

  @Test
  default void givesTheNewDirectoryTheModeThatTheOldOneGotInTheLastMoment() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().changeMode(DIRECTORY, 0777);
      user().changeMode(TOP, 0711);
    });

    replaced(members);

    assertEquals(0777, found(DIRECTORY).attributes().mode());
    assertEquals(0711, found(TOP).attributes().mode());
  }

  @Test
  default void keepsAFileThatTookThePlaceOfADirectory() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().remove(WITHIN);
      user().remove(DIRECTORY);
      user().write(DIRECTORY, "theirs");
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    var overtaken = assertInstanceOf(Exchanged.Overtaken.class, ended.get(DIRECTORY));
    assertEquals("theirs", readStaged(overtaken.displaced()));
    assertNewVersion();
  }

  @Test
  default void leavesADirectoryThatTookThePlaceOfAFile() throws Exception {
    List<GroupMember> members = staged();
    inTheWindow(() -> {
      user().remove(CHANGED);
      user().makeDirectory(CHANGED);
      user().write(CHANGED.child("theirs"), "theirs");
    });

    Map<RelativePath, Exchanged> ended = replaced(members);

    assertEquals("theirs", user().read(CHANGED.child("theirs")));
    assertInstanceOf(Exchanged.Unexpected.class, ended.get(CHANGED));
    assertEquals("new", user().read(NEW_WITHIN));
  }

  @Test
  default void keepsAReplacementOfTheLastMomentThroughACrash() throws Exception {
    List<GroupMember> members = staged();
    Map<RelativePath, Stamp> stayed = stayed();
    inTheWindow(() -> {
      user().replace(STAYS, "theirs");
      afterTheChange(() -> {
        throw new Killed();
      });
    });
    assertThrows(Killed.class, () -> tree().arrive(members));

    restarted(members, stayed);

    assertNewVersion();
    assertEquals("theirs", user().read(STAYS));
  }

  @Test
  default void bringsNothingBackThatWasRemovedWhileNobodyTookTheOldOneApart() throws Exception {
    List<GroupMember> members = staged();
    Map<RelativePath, Stamp> stayed = stayed();
    killed(members);
    user().remove(STAYS);
    user().remove(WITHIN);
    user().remove(DIRECTORY);

    restarted(members, stayed);

    assertNewVersion();
    assertFalse(user().exists(STAYS));
    assertFalse(user().exists(DIRECTORY));
  }

  @Test
  default void leavesWhatWasWrittenWhileNobodyTookTheOldOneApart() throws Exception {
    List<GroupMember> members = staged();
    Map<RelativePath, Stamp> stayed = stayed();
    killed(members);
    user().replace(STAYS, "written since");
    user().replace(CHANGED, "written since, too");

    Map<RelativePath, Settled> settled = restarted(members, stayed);

    assertEquals("written since", user().read(STAYS));
    assertEquals("written since, too", user().read(CHANGED));
    assertInstanceOf(Settled.Applied.class, settled.get(TOP));
    assertInstanceOf(Settled.Applied.class, settled.get(NEW));
  }
}
