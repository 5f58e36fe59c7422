package dev.replicator.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Digest;
import dev.replicator.model.HistoryItem;
import dev.replicator.port.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VaultTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final long BLOCK = Holdings.BLOCK_BYTES;
  private static final Predicate<Digest> NONE = digest -> false;

  private final Path directory;
  private final HandClock clock = new HandClock();
  private final Set<Digest> known = new TreeSet<>();

  VaultTest(@TempDir Path base) {
    this.directory = base.resolve("vault");
  }

  /** A clock that a test sets. */
  private static final class HandClock implements Clock {
    private long millis = 1_700_000_000_000L;

    @Override
    public long wallMillis() {
      return millis;
    }

    @Override
    public long monotonicNanos() {
      return millis * 1_000_000;
    }

    @Override
    public String bootId() {
      return "boot";
    }

    @Override
    public long bootMillis() {
      return 0;
    }

    void advance(Duration time) {
      millis += time.toMillis();
    }

    Instant now() {
      return Instant.ofEpochMilli(millis);
    }
  }

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectories(directory);
  }

  private Vault open() throws IOException {
    return Vault.open(directory, clock);
  }

  private static Digest digest(String hexByte) {
    return Digest.ofHex(hexByte.repeat(32));
  }

  private void put(Vault vault, Digest digest, String content) throws IOException {
    known.add(digest);
    vault.put(digest, channel -> channel.write(bytes(content)));
  }

  private static ByteBuffer bytes(String content) {
    return ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
  }

  private static String read(Vault vault, Digest digest) throws IOException {
    try (SeekableByteChannel channel = vault.open(digest)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
      channel.read(buffer);
      return new String(buffer.array(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void givesBackWhatWasPut() throws Exception {
    Vault vault = open();
    put(vault, digest("ab"), "content");

    assertTrue(vault.holds(digest("ab")));
    assertEquals(Optional.of(7L), vault.size(digest("ab")));
    assertEquals("content", read(vault, digest("ab")));
    assertEquals("content", read(open(), digest("ab")));
  }

  /** As when what is damaged was replaced, after somebody set the clock back. */
  @Test
  void givesBackWhatCameLastWhateverTheClockSaid() throws Exception {
    Vault vault = open();
    put(vault, digest("ab"), "damaged");
    clock.advance(Duration.ofDays(-1));
    put(vault, digest("ab"), "content");
    assertEquals("content", read(vault, digest("ab")));
    vault.takeStock();
    assertEquals("content", read(open(), digest("ab")));
  }

  @Test
  void knowsNothingOfOtherDigests() throws Exception {
    Vault vault = open();
    put(vault, Digest.ofHex("ab".repeat(31) + "00"), "content");

    assertFalse(vault.holds(digest("ab")));
    assertEquals(Optional.empty(), vault.size(digest("ab")));
    assertThrows(NoSuchFileException.class, () -> vault.open(digest("ab")));
    vault.remove(digest("ab"));
    assertTrue(vault.holds(Digest.ofHex("ab".repeat(31) + "00")));
  }

  @Test
  void takesAFileThatIsMovedToItsPlace() throws Exception {
    Vault vault = open();
    Path moved = Files.writeString(directory.resolveSibling("displaced"), "old");

    Files.move(moved, vault.place(digest("cd")));

    assertEquals("old", read(vault, digest("cd")));
  }

  @Test
  void keepsItsContentFromOthers() throws Exception {
    Vault vault = open();
    Path place = vault.place(digest("cd"));
    Files.writeString(place, "old");
    put(vault, digest("ab"), "new");

    for (Path shard = place.getParent();
        shard != null && !shard.equals(directory);
        shard = shard.getParent()) {
      assertEquals("rwx------", permissions(shard));
    }
    try (var files = Files.walk(directory.resolve("ab"))) {
      Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      assertEquals("rw-------", permissions(file));
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void storesNothingOfAWriteThatFails() throws Exception {
    Vault vault = open();

    assertThrows(
        IOException.class,
        () ->
            vault.put(
                digest("ab"),
                channel -> {
                  channel.write(bytes("half"));
                  throw new IOException("thrown by a test");
                }));

    assertFalse(vault.holds(digest("ab")));
    assertEquals(0, vault.takeStock().size());
  }

  @Test
  void forgetsWhatWasBeingWrittenAtACrash() throws Exception {
    open();
    Path unfinished = Files.writeString(directory.resolve("incoming").resolve("x"), "half");

    open();

    assertFalse(Files.exists(unfinished));
  }

  /** A file that somebody still has open is copied, within the shard. */
  @Test
  void forgetsWhatWasBeingCopiedAtACrash() throws Exception {
    Vault vault = open();
    put(vault, digest("ab"), "content");
    Path place = vault.place(digest("ab"));
    Path draft = Files.writeString(place.resolveSibling("0123456789abcdef.part"), "half");
    Files.setLastModifiedTime(draft, FileTime.from(clock.now()));
    clock.advance(Duration.ofHours(23));
    assertEquals(1, vault.takeStock().size());
    assertTrue(Files.exists(draft));
    clock.advance(Duration.ofHours(2));

    assertEquals(1, vault.takeStock().size());

    assertFalse(Files.exists(draft));
    assertTrue(vault.holds(digest("ab")));
  }

  @Test
  void removesEveryObjectOfADigest() throws Exception {
    Vault vault = open();
    put(vault, digest("ab"), "one");
    put(vault, digest("ab"), "one");

    vault.remove(digest("ab"));

    assertFalse(vault.holds(digest("ab")));
    assertEquals(0, vault.takeStock().size());
  }

  private Vault.Swept sweep(Vault vault, long bytesMax, Predicate<Digest> exempt)
      throws IOException {
    Holdings holdings = vault.takeStock();
    known.stream().filter(exempt).forEach(holdings::need);
    vault.beginSweep(holdings, bounds(bytesMax));
    return vault.endSweep(exempt);
  }

  private Bounds bounds(long bytesMax) {
    return new Bounds(clock.now(), WEEK, bytesMax);
  }

  @Test
  void sweepTakesNothingThatIsPutAnewWhileItGoesOn() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "once");
    put(vault, digest("bb"), "once");
    clock.advance(WEEK.plusDays(1));

    assertEquals(
        Set.of(digest("aa"), digest("bb")),
        vault.beginSweep(vault.takeStock(), bounds(10 * BLOCK)));
    assertFalse(vault.keeps(digest("aa")));
    assertTrue(vault.holds(digest("aa")));
    put(vault, digest("aa"), "once");
    vault.endSweep(NONE);

    assertTrue(vault.keeps(digest("aa")));
    assertFalse(vault.holds(digest("bb")));
  }

  @Test
  void sweepsWhatCameTooLongAgoWhateverItsOwnTime() throws Exception {
    Vault vault = open();
    Path old = vault.place(digest("aa"));
    Files.writeString(old, "old");
    Files.setLastModifiedTime(old, FileTime.from(clock.now().plus(WEEK)));
    clock.advance(Duration.ofDays(4));
    Path young = vault.place(digest("bb"));
    Files.writeString(young, "young");
    Files.setLastModifiedTime(young, FileTime.from(Instant.EPOCH));
    clock.advance(Duration.ofDays(4));

    Vault.Swept swept = sweep(vault, 10 * BLOCK, NONE);

    assertEquals(new Vault.Swept(1, BLOCK, false), swept);
    assertFalse(vault.holds(digest("aa")));
    assertTrue(vault.holds(digest("bb")));
  }

  @Test
  void sweepsTheOldestFirstWhenThereIsTooMuch() throws Exception {
    Vault vault = open();
    for (String name : new String[] {"cc", "aa", "bb"}) {
      put(vault, digest(name), "four");
      clock.advance(Duration.ofHours(1));
    }

    Vault.Swept swept = sweep(vault, 3 * BLOCK - 1, NONE);

    assertEquals(new Vault.Swept(1, BLOCK, false), swept);
    assertFalse(vault.holds(digest("cc")));
    assertEquals(2 * BLOCK, vault.filling().level().bytes());
  }

  @Test
  void neverSweepsWhatIsExempt() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "conflict");
    clock.advance(Duration.ofDays(30));
    put(vault, digest("bb"), "four");

    sweep(vault, BLOCK, digest("aa")::equals);

    assertTrue(vault.holds(digest("aa")));
    assertTrue(vault.holds(digest("bb")));
  }

  @Test
  void countsTheNewerOfTwoArrivals() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "same");
    clock.advance(Duration.ofDays(5));
    put(vault, digest("aa"), "same");
    clock.advance(Duration.ofDays(5));

    sweep(vault, 10 * BLOCK, NONE);

    assertEquals("same", read(vault, digest("aa")));
    assertEquals(1, objects());
  }

  @Test
  void sweepsTheOlderOfTwoEqualObjectsOnceItIsSureWhatItIs() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "same");
    put(vault, digest("aa"), "same");

    sweep(vault, 10 * BLOCK, digest("aa")::equals);
    assertEquals(2, objects());

    clock.advance(Duration.ofMinutes(2));
    sweep(vault, 10 * BLOCK, digest("aa")::equals);

    assertTrue(vault.holds(digest("aa")));
    assertEquals(1, objects());
  }

  @Test
  void givesTwoArrivalsOfOneMomentTwoPlaces() throws Exception {
    Vault vault = open();
    Path first = vault.place(digest("aa"));
    Path second = vault.place(digest("aa"));
    // Both places are known before either is taken: two threads that keep equal contents.
    Files.writeString(second, "two");
    Files.writeString(first, "one");

    assertEquals("two", read(vault, digest("aa")));
  }

  /** By the disk, whatever the vault says. */
  private long objects() throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void letsNothingGoBecauseSomethingLargerDidNotFit() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "four");
    clock.advance(Duration.ofHours(1));
    put(vault, digest("bb"), "large".repeat(3_000));
    clock.advance(Duration.ofHours(1));

    sweep(vault, 2 * BLOCK, NONE);

    assertTrue(vault.holds(digest("aa")));
    assertFalse(vault.holds(digest("bb")));
  }

  @Test
  void keepsAPhotoOfYesterdayBesideABusyLog() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "photo");
    List<HistoryItem> history = new ArrayList<>();
    history.add(Versions.left("photo", clock.millis, digest("aa")));
    clock.advance(Duration.ofDays(1));
    for (int version = 0; version < 100; version++) {
      Digest log = Digest.ofHex(String.format("%02x", version) + "00".repeat(31));
      put(vault, log, "log");
      history.addFirst(Versions.left("log", clock.millis, log));
      clock.advance(Duration.ofSeconds(4));
    }

    Holdings holdings = vault.takeStock();
    Thinning thinning = new Thinning(holdings, clock.millis);
    history.forEach(thinning::add);
    thinning.end();
    vault.beginSweep(holdings, bounds(50 * BLOCK));
    vault.endSweep(NONE);

    assertTrue(vault.holds(digest("aa")));
    assertEquals(46, objects());
  }

  /** What is exempt took the room of everything that was older. */
  @Test
  void doesNotCountWhatIsExempt() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "four");
    clock.advance(Duration.ofHours(1));
    put(vault, digest("bb"), "conflict".repeat(3_000));

    sweep(vault, 2 * BLOCK, digest("bb")::equals);

    assertTrue(vault.holds(digest("aa")));
    assertTrue(vault.holds(digest("bb")));
  }

  /** They were chosen by each sweep, and kept by each, and nothing else ever went. */
  @Test
  void findsWhatIsDueBehindAnyNumberOfExemptOnes() throws Exception {
    Holdings holdings = new Holdings();
    for (int number = 0; number < 2 * Vault.LEAVING_MAX; number++) {
      Digest conflict = Digest.ofHex(String.format("%08x", number) + "00".repeat(28));
      holdings.add(conflict, 0, 1);
      holdings.need(conflict);
    }
    Vault vault = open();
    put(vault, digest("ff"), "four");
    holdings.add(digest("ff"), clock.millis, 4);
    clock.advance(WEEK.plusDays(1));

    vault.beginSweep(holdings, bounds(10 * BLOCK));
    Vault.Swept swept = vault.endSweep(NONE);

    assertEquals(new Vault.Swept(1, BLOCK, false), swept);
  }

  @Test
  void saysWhenTooMuchHasArrivedSinceTheLastSweep() throws Exception {
    Vault vault = open();
    AtomicInteger told = new AtomicInteger();
    vault.filling().whenOver(told::incrementAndGet);
    put(vault, digest("aa"), "four");
    sweep(vault, 2 * BLOCK, NONE);
    put(vault, digest("bb"), "four");
    assertEquals(0, told.get());

    Path place = vault.place(digest("cc"));
    Files.writeString(place, "four");
    vault.arrived(place);

    assertEquals(1, told.get());
    assertEquals(3 * BLOCK, vault.filling().level().bytes());
  }

  @Test
  void tellsHowFarBackItGoes() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "four");
    clock.advance(Duration.ofDays(5));
    long since = clock.millis;
    put(vault, digest("bb"), "four");
    put(vault, digest("cc"), "four");
    clock.advance(Duration.ofDays(3));
    assertEquals(Filling.Level.UNKNOWN, vault.filling().level());

    sweep(vault, 10 * BLOCK, NONE);

    assertEquals(new Filling.Level(2 * BLOCK, 10 * BLOCK, 2, since), vault.filling().level());
  }

  /** A sweep that a crash, or a failure, ended in the middle. */
  @Test
  void keepsEverythingOfASweepThatNeverEnds() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "four");
    clock.advance(WEEK.plusDays(1));
    vault.beginSweep(vault.takeStock(), bounds(10 * BLOCK));

    assertTrue(open().keeps(digest("aa")));
    vault.beginSweep(vault.takeStock(), bounds(10 * BLOCK));
    vault.endSweep(NONE);
    assertFalse(vault.holds(digest("aa")));
  }

  @Test
  void keepsWhatIsPutAnewUnderAClockThatWasSetBack() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "four");
    put(vault, digest("bb"), "four");
    vault.beginSweep(vault.takeStock(), bounds(BLOCK));
    clock.advance(Duration.ofDays(-400));
    put(vault, digest("aa"), "four");

    vault.endSweep(NONE);

    assertTrue(vault.keeps(digest("aa")));
    assertEquals(1, objects());
  }
}
