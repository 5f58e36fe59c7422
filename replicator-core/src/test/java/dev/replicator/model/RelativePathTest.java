package dev.replicator.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelativePathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "..",
        "/",
        "/abs",
        "a//b",
        "a/./b",
        "a/../b",
        "a/",
        "../",
        "./",
        "a/..",
        "a/.",
        "a\0b",
        "\0",
        "..//a",
        "a/b/../../../etc"
      })
  void refusesWhatCouldLeadOutOfTheRoot(String text) {
    assertThrows(IllegalArgumentException.class, () -> RelativePath.of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", "a/b", "...", ".a", "a.", "-", "--", " ", "a\nb", "..a/b..", "`id`", "é", "\\"
      })
  void takesEveryOtherNameAsItIs(String text) {
    RelativePath path = RelativePath.of(text);
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), path.toArray());
    assertEquals(path, RelativePath.of(path.toArray()));
  }

  @Test
  void keepsNamesApartThatAreNotUtf8() {
    RelativePath one = RelativePath.of(new byte[] {'a', (byte) 0xff});
    RelativePath other = RelativePath.of(new byte[] {'a', (byte) 0xfe});
    assertNotEquals(one, other);
    assertEquals("a\\xff", one.toString());
    assertTrue(one.text().isEmpty());
  }

  @Test
  void holdsTheLimitsOfNamesPathsAndDepth() {
    RelativePath.of("a".repeat(Limits.NAME_BYTES_MAX));
    RelativePath.of("a/".repeat(Limits.PATH_DEPTH_MAX - 1) + "a");
    assertThrows(
        IllegalArgumentException.class,
        () -> RelativePath.of("a".repeat(Limits.NAME_BYTES_MAX + 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> RelativePath.of("a/".repeat(Limits.PATH_DEPTH_MAX) + "a"));
    assertThrows(IllegalArgumentException.class, () -> RelativePath.of(new byte[1_024 * 1_024]));
  }

  @Test
  void knowsParentNameAndDescent() {
    RelativePath path = RelativePath.of("a/b/c");
    assertEquals(RelativePath.of("a/b"), path.parent());
    assertEquals("c", new String(path.name(), StandardCharsets.UTF_8));
    assertEquals(3, path.depth());
    assertTrue(path.isWithin(RelativePath.of("a")));
    assertTrue(path.isWithin(path));
    assertTrue(path.isWithin(RelativePath.ROOT));
    assertFalse(RelativePath.of("ab").isWithin(RelativePath.of("a")));
    assertFalse(RelativePath.of("a").isWithin(path));
    assertTrue(RelativePath.of("").isRoot());
  }
}
