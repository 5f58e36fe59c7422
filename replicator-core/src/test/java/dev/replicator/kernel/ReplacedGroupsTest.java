package dev.replicator.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Entry;
import dev.replicator.model.Group;
import dev.replicator.model.Limits;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A node that has a directory, and hears of the next version of it. */
class ReplacedGroupsTest extends GroupScenario {
  private Effect.Stage stageOf(RelativePath path) {
    return effects.stream()
        .filter(Effect.Stage.class::isInstance)
        .map(Effect.Stage.class::cast)
        .filter(stage -> stage.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  private void put(RelativePath path, int inode) {
    Target target = stageOf(path).target();
    step(new Event.Staged(path, target, "before" + inode, stamp(inode)));
    step(new Event.Exchanged(path, new Outcome.Placed(stamp(inode), target)));
  }

  @Test
  void endsAReplacementDuringWhichMoreIsToldThanItHolds() {
    merge();
    tell(TOP, Entry.DIRECTORY, Group.NONE);
    tell(FILE, file(SMALL), Group.NONE);
    mark();
    put(TOP, 101);
    put(FILE, 102);
    effects.clear();
    tell(FILE, file(SMALL + 1), GROUP);
    tellClosed(GROUP);
    mark();
    stageAll();
    var members = placing().getFirst().members();
    for (int i = 0; i <= Limits.GROUP_MEMBERS_MAX; i++) {
      tell(TOP.child("n" + i), file(SMALL), Group.NONE);
    }
    mark();
    Map<RelativePath, Outcome> placed = new TreeMap<>();
    members.forEach(member ->
        placed.put(
            member.path(),
            new Outcome.Placed(stamp(500 + placed.size()), member.intent().target())));

    step(new Event.GroupPlaced(TOP, new GroupOutcome.Placed(placed)));

    assertEquals(0, journal.intents().size());
    assertEquals(
        placed.get(FILE),
        journal
            .materialised(FILE)
            .map(here -> new Outcome.Placed(here.stamp(), here.actual()))
            .orElseThrow());
  }
}
