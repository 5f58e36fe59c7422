package dev.replicator.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.linux.WatchTree.Directory;
import dev.replicator.model.RelativePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class WatchTreeTest {
  private final WatchTree tree = new WatchTree(1);

  private static byte[] name(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Directory add(int watch, Directory parent, String name) {
    return tree.add(watch, parent, name(name));
  }

  private String path(Directory directory) {
    return tree.path(directory).map(RelativePath::toString).orElse("nowhere");
  }

  @Test
  void knowsADirectoryByItsWatchAndByItsPlace() {
    Directory a = add(2, tree.root(), "a");
    Directory b = add(3, a, "b");

    assertEquals(Optional.of(b), tree.directory(3));
    assertEquals(Optional.of(b), tree.child(a, name("b")));
    assertEquals(Optional.of(b), tree.find(RelativePath.of("a/b")));
    assertEquals(Optional.of(tree.root()), tree.find(RelativePath.ROOT));
    assertEquals("a/b", path(b));
    assertEquals("", path(tree.root()));
    assertTrue(tree.isWithin(b, a));
    assertFalse(tree.isWithin(a, b));
  }

  @Test
  void takesAllBelowAlongWhenADirectoryMoves() {
    Directory a = add(2, tree.root(), "a");
    Directory b = add(3, a, "b");
    Directory c = add(4, b, "c");
    Directory other = add(5, tree.root(), "other");

    tree.move(b, other, name("new"));

    assertEquals("other/new/c", path(c));
    assertEquals(Optional.empty(), tree.child(a, name("b")));
  }

  @Test
  void hasNoPathForWhatIsDetached() {
    Directory a = add(2, tree.root(), "a");
    Directory b = add(3, a, "b");

    tree.detach(a);

    assertEquals("nowhere", path(b));
    assertTrue(tree.isDetached(a));
    assertFalse(tree.isDetached(tree.root()));
    assertEquals(List.of(a, b), tree.remove(a));
    assertEquals(1, tree.size());
  }

  @Test
  void tellsWhichDirectoriesAWalkDidNotSee() {
    Directory a = add(2, tree.root(), "a");
    Directory b = add(3, tree.root(), "b");
    a.walk = 7;

    assertEquals(List.of(b), tree.unseen(7));
  }

  @Test
  void isWhatAMapOfPathsIsAfterManyChanges() {
    Random random = new Random(42);
    TreeMap<Integer, String> model = new TreeMap<>();
    model.put(1, "");
    for (int watch = 2; watch < 3_000; watch++) {
      int parent = pick(model, random);
      String path = (at(model, parent) + "/" + watch).replaceFirst("^/", "");
      tree.add(watch, tree.directory(parent).orElseThrow(), name(String.valueOf(watch)));
      model.put(watch, path);
      change(model, random);
    }
    model.forEach((watch, path) -> assertEquals(path, path(tree.directory(watch).orElseThrow())));
    assertEquals(model.size(), tree.size());
  }

  private static int pick(TreeMap<Integer, String> model, Random random) {
    Integer from = model.floorKey(1 + random.nextInt(model.lastKey()));
    return from == null ? 1 : from;
  }

  /** Moves or removes one directory now and then. */
  private void change(TreeMap<Integer, String> model, Random random) {
    int watch = pick(model, random);
    int parent = pick(model, random);
    String from = at(model, watch);
    if (watch == 1 || random.nextInt(3) > 0 || isBelow(at(model, parent), from)) {
      return;
    }
    Directory directory = tree.directory(watch).orElseThrow();
    if (random.nextInt(5) == 0) {
      tree.remove(directory);
      model.values().removeIf(path -> isBelow(path, from));
      return;
    }
    String to = (at(model, parent) + "/" + watch).replaceFirst("^/", "");
    tree.move(directory, tree.directory(parent).orElseThrow(), name(String.valueOf(watch)));
    model.replaceAll(
        (any, path) -> isBelow(path, from) ? to + path.substring(from.length()) : path);
  }

  private static String at(TreeMap<Integer, String> model, int watch) {
    return model.getOrDefault(watch, "");
  }

  private static boolean isBelow(String path, String top) {
    return path.equals(top) || path.startsWith(top + "/");
  }
}
