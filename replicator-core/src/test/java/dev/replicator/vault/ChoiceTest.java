package dev.replicator.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Digest;
import dev.replicator.model.HistoryItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes, of versions that are made up: each is told by its number. */
class ChoiceTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final long BLOCK = Holdings.BLOCK_BYTES;
  private static final long SECOND = 1_000;
  private static final long HOUR = 3_600 * SECOND;
  private static final long DAY = 24 * HOUR;

  private final List<Version> versions = new ArrayList<>();
  private final Set<Integer> needed = new HashSet<>();
  private Bounds.Lack lack = Bounds.Lack.NONE;

  /** {@code path} is empty for what no history tells of. */
  private record Version(int number, String path, long leftMillis, long blocks) {
    Digest digest() {
      return Digest.ofHex(String.format("%08x", number * 0x9e37_79b9) + "00".repeat(28));
    }
  }

  private int version(String path, long ageMillis, long blocks) {
    versions.add(new Version(versions.size(), path, NOW - ageMillis, blocks));
    return versions.size() - 1;
  }

  /** The numbers of what goes. */
  private Set<Integer> going(long blocksMax) {
    Map<Digest, Version> newest = new TreeMap<>();
    versions.stream()
        .sorted(Comparator.comparingLong(Version::leftMillis))
        .forEach(version -> newest.put(version.digest(), version));
    Holdings holdings = new Holdings();
    List<Version> held = List.copyOf(newest.values());
    held.forEach(it -> holdings.add(it.digest(), it.leftMillis(), it.blocks() * BLOCK));
    held.stream()
        .filter(it -> needed.contains(it.number()))
        .forEach(it -> holdings.need(it.digest()));
    Thinning thinning = new Thinning(holdings, NOW);
    versions.stream()
        .filter(version -> !version.path().isEmpty())
        .map(it -> Versions.left(it.path(), it.leftMillis(), it.digest()))
        .sorted(
            Comparator.comparing(HistoryItem::path)
                .thenComparing(Comparator.comparingLong(HistoryItem::leftMillis).reversed()))
        .forEach(thinning::add);
    thinning.end();
    Bounds bounds =
        new Bounds(Instant.ofEpochMilli(NOW), Duration.ofDays(7), blocksMax * BLOCK, lack);
    BitSet going = Choice.going(holdings, bounds);
    return going.stream().mapToObj(index -> held.get(index).number()).collect(Collectors.toSet());
  }

  private void busy(String path, long sinceMillis, long everyMillis, long blocks) {
    for (long age = sinceMillis; age >= 0; age -= everyMillis) {
      version(path, age, blocks);
    }
  }

  /** With room for all of it in the vault, and none on the disk. */
  private Set<Integer> goingForWantOf(long reserveBlocks, long fileBlocks) {
    lack = Bounds.Lack.of(0, reserveBlocks * BLOCK, fileBlocks * BLOCK);
    return going(1_000_000);
  }

  @Test
  void aFullDiskTakesWhatIsWorthLeastUntilThereIsEnough() {
    int first = version("log", 6 * DAY, 10);
    for (int hour = 100; hour > 60; hour--) {
      version("log", hour * HOUR, 10);
    }
    int last = version("log", 2 * DAY, 10);
    int photo = version("photo", 5 * DAY, 10);

    Set<Integer> going = goingForWantOf(95, 0);

    assertEquals(10, going.size());
    for (int kept : new int[] {first, last, photo}) {
      assertFalse(going.contains(kept), "version " + kept);
    }
    assertEquals(Set.of(), goingForWantOf(0, 0));
  }

  @Test
  void aFullDiskTakesTheOldestOfWhatWasDeletedWhenNothingElseIsLeft() {
    int older = version("a", 6 * DAY, 10);
    int old = version("b", 5 * DAY, 10);
    int young = version("c", 4 * DAY, 10);
    version("log", 3 * HOUR, 1);
    int between = version("log", 2 * HOUR, 1);
    version("log", HOUR + SECOND, 1);

    assertEquals(Set.of(between, older), goingForWantOf(11, 0));
    assertEquals(Set.of(between, older, old), goingForWantOf(12, 0));
    assertFalse(goingForWantOf(21, 0).contains(young));
  }

  @Test
  void aFullDiskTakesNothingThatIsYoung() {
    version("photo", DAY - SECOND, 10);
    version("page", 3 * HOUR, 10);
    int between = version("page", HOUR, 10);
    version("page", HOUR - SECOND, 10);
    version("page", 0, 10);

    assertEquals(Set.of(between), goingForWantOf(1_000, 0));
  }

  @Test
  void aFullDiskTakesNothingThatARecordNeeds() {
    needed.add(version("conflict", 6 * DAY, 10));
    int other = version("photo", 5 * DAY, 10);

    assertEquals(Set.of(other), goingForWantOf(1_000, 0));
  }

  /** All of it gone, and the file would wait still. */
  @Test
  void nothingGoesForAFileForWhichAllWouldNotDo() {
    int old = version("a", 6 * DAY, 10);
    int young = version("b", 5 * DAY, 10);

    assertEquals(Set.of(old, young), goingForWantOf(0, 20));
    assertEquals(Set.of(), goingForWantOf(0, 21));
    assertEquals(Set.of(old), goingForWantOf(5, 21));
  }

  @Test
  void aBusyFilePushesNobodyElseOut() {
    int photo = version("photo", DAY, 100);
    int first = version("page", 5 * DAY, 1);
    int second = version("page", 3 * DAY, 1);
    int third = version("page", 30 * HOUR, 1);
    int last = version("page", DAY, 1);
    busy("log", 6 * HOUR, 4 * SECOND, 15);

    Set<Integer> going = going(6_000);

    assertTrue(going.size() > 5_000);
    for (int kept : new int[] {photo, first, second, third, last}) {
      assertFalse(going.contains(kept), "version " + kept);
    }
  }

  /** Nor does one of which not even the staggered versions of a week have room. */
  @Test
  void aLargeBusyFilePushesNobodyElseOut() {
    int photo = version("photo", 6 * DAY, 5_000);
    int page = version("page", 3 * DAY, 1);
    version("page", 2 * DAY, 1);
    busy("image", DAY, 16 * SECOND, 1_000);

    Set<Integer> going = going(25_000);

    assertFalse(going.contains(photo));
    assertFalse(going.contains(page));
  }

  @Test
  void versionsOfABusyFileAreLeftOfEachOfItsTimes() {
    busy("log", 6 * DAY, 10 * SECOND, 1);

    Set<Integer> going = going(400);

    List<Long> ages =
        versions.stream()
            .filter(version -> !going.contains(version.number()))
            .map(version -> NOW - version.leftMillis())
            .sorted()
            .toList();
    assertTrue(ages.size() >= 200, "left: " + ages.size());
    for (int at = 1; at < ages.size(); at++) {
      long gap = ages.get(at) - ages.get(at - 1);
      assertTrue(gap <= 40 * SECOND + ages.get(at) / 4, "none from " + ages.get(at) + " " + gap);
    }
  }

  /** Somebody saved a page ten times: what was there for a month is what he wants back. */
  @Test
  void whatWasThereForLongIsMissedMoreThanWhatWasThereForAMoment() {
    version("page", 6 * DAY, 1);
    int month = version("page", DAY, 1);
    busy("page", DAY - SECOND, 60 * SECOND, 1);

    assertFalse(going(100).contains(month));
  }

  @Test
  void theFirstAndTheLastVersionOfAPathStayLongest() {
    int last = version("page", 6 * DAY, 1);
    int first = version("page", 6 * DAY + HOUR, 1);
    busy("log", HOUR, 4 * SECOND, 1);

    Set<Integer> left =
        versions.stream().map(Version::number).collect(Collectors.toCollection(HashSet::new));
    left.removeAll(going(5));

    assertEquals(Set.of(first, last, last + 2, versions.size() - 1), left);
  }

  @Test
  void aContentThatLeftAQuietPathStaysThoughABusyOneHadItToo() {
    version("quiet", DAY, 1);
    busy("busy", HOUR, 4 * SECOND, 1);
    Version quiet = versions.getFirst();
    Version same = versions.get(versions.size() / 2);
    versions.set(0, new Version(same.number(), quiet.path(), quiet.leftMillis(), 1));

    assertFalse(going(20).contains(same.number()));
  }

  @Test
  void whatIsNoVersionOfAPathIsNotThinnedOut() {
    int unknown = version("", 6 * DAY, 1);
    busy("log", HOUR, 4 * SECOND, 1);

    assertFalse(going(10).contains(unknown));
  }

  @Test
  void nothingGoesAsLongAsItFits() {
    busy("log", DAY, 4 * SECOND, 1);

    assertEquals(Set.of(), going(versions.size()));
    assertFalse(going(versions.size() - 1).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void keepsWhatTheBoundsAllowWhateverThereIs(long seed) {
    for (int round = 0; round < 50; round++) {
      SplittableRandom random = new SplittableRandom(seed * 1_000 + round);
      versions.clear();
      needed.clear();
      draw(random);
      long max = random.nextLong(1, 200);
      Set<Integer> going = going(max);
      String told = "seed " + seed + " round " + round;
      long left = 0;
      long all = 0;
      for (Version version : versions) {
        boolean expired = version.leftMillis() < NOW - 7 * DAY;
        if (needed.contains(version.number())) {
          assertFalse(going.contains(version.number()), told);
        } else if (expired) {
          assertTrue(going.contains(version.number()), told);
        } else {
          all += version.blocks();
          left += going.contains(version.number()) ? 0 : version.blocks();
        }
      }
      assertTrue(left <= max, told);
      assertTrue(all > max || left == all, told);
      // Nothing had to go for one that goes itself: each that goes is larger than what is free.
      long free = (max * BLOCK - max * BLOCK / 16) / BLOCK - left;
      for (Version version : versions) {
        boolean fresh = version.leftMillis() >= NOW - 7 * DAY;
        assertTrue(!going.contains(version.number()) || !fresh || version.blocks() > free, told);
      }
      staysTheSame(going, max, told);
    }
  }

  /** What one sweep leaves the next one leaves. */
  private void staysTheSame(Set<Integer> going, long max, String told) {
    versions.removeIf(version -> going.contains(version.number()));
    assertEquals(Set.of(), going(max), told);
  }

  private void draw(SplittableRandom random) {
    String[] paths = {"", "a", "b", "c", "d"};
    int count = random.nextInt(1, 150);
    for (int number = 0; number < count; number++) {
      long age = (1L << random.nextInt(0, 31)) - random.nextInt(1_000_000) / (number + 1);
      int drawn = version(paths[random.nextInt(paths.length)], age, 1L << random.nextInt(0, 8));
      if (random.nextInt(10) == 0) {
        needed.add(drawn);
      }
    }
  }

  /** Which others went, and when, is not seen in what is left. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWentBeforeChangesNothingForWhatStays(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long age = 5 * DAY;
    while (age > 0) {
      version("log", age, 1);
      age -= random.nextLong(SECOND, 20 * 60 * SECOND);
    }
    Set<Integer> atOnce = going(40);
    Map<Integer, Long> blocks = new HashMap<>();
    versions.forEach(version -> blocks.put(version.number(), version.blocks()));
    Set<Integer> before = going(blocks.size() / 2);
    versions.removeIf(version -> before.contains(version.number()));

    Set<Integer> inSteps = going(40);
    inSteps.addAll(before);

    assertEquals(atOnce, inSteps, "seed " + seed);
  }
}
