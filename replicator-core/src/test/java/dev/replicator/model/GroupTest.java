package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTest {
  private static final RelativePath TOP = RelativePath.of("plugins/x");

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, Long.MAX_VALUE, -1})
  void tellsItsDirectoryFromAnyMember(long seed) {
    Group group = Group.of(TOP, seed);

    assertFalse(group.isNone());
    assertEquals(Optional.of(TOP), group.top(TOP));
    assertEquals(Optional.of(TOP), group.top(RelativePath.of("plugins/x/a/b")));
    assertEquals(Optional.of(TOP), group.closed().top(RelativePath.of("plugins/x/a")));
    assertEquals(Optional.empty(), group.top(RelativePath.of("plugins")));
    assertEquals(Optional.empty(), group.top(RelativePath.ROOT));
  }

  @Test
  void tellsOfADirectoryAtTheTopAndAtTheGreatestDepth() {
    RelativePath top = RelativePath.of("x");
    assertEquals(Optional.of(top), Group.of(top, 3).top(RelativePath.of("x/y")));

    RelativePath deep = RelativePath.of("d" + "/d".repeat(Limits.PATH_DEPTH_MAX - 1));
    assertEquals(Optional.of(deep), Group.of(deep, 3).top(deep));
  }

  @Test
  void isTheSameWhenClosed() {
    Group group = Group.of(TOP, 5);

    assertFalse(group.isClosed());
    assertTrue(group.closed().isClosed());
    assertTrue(group.isSame(group.closed()));
    assertFalse(group.isSame(Group.of(TOP, 6)));
    assertNotEquals(group, group.closed());
  }

  @Test
  void ofNoGroupIsNothing() {
    assertTrue(Group.NONE.isNone());
    assertEquals(Optional.empty(), Group.NONE.top(TOP));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, -1, Long.MAX_VALUE, Long.MIN_VALUE})
  void knowsWhatItsDirectoryLeftBehind(long seed) {
    RelativePath before = RelativePath.of("a/b/c");
    Group group = Group.of(TOP, seed);
    Group departure = group.departure(before);

    assertEquals(Optional.of(before), departure.top(before.child("d")));
    assertTrue(departure.isDeparture());
    assertFalse(group.isDeparture());
    assertTrue(group.isLeftBy(departure));
    assertTrue(group.closed().isLeftBy(departure));
    assertFalse(group.isLeftBy(group));
    assertFalse(departure.isLeftBy(departure));
    assertFalse(Group.of(TOP, seed + 1).isLeftBy(departure));
  }
}
