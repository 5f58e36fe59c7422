package dev.replicator.vault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Digest;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VaultTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Predicate<Digest> NONE = digest -> false;

  private final Path directory;
  private final HandClock clock = new HandClock();

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

  private static void put(Vault vault, Digest digest, String content) throws IOException {
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
    assertEquals(0, vault.usedBytes());
  }

  @Test
  void forgetsWhatWasBeingWrittenAtACrash() throws Exception {
    open();
    Path unfinished = Files.writeString(directory.resolve("incoming").resolve("x"), "half");

    open();

    assertFalse(Files.exists(unfinished));
  }

  @Test
  void removesEveryObjectOfADigest() throws Exception {
    Vault vault = open();
    put(vault, digest("ab"), "one");
    put(vault, digest("ab"), "one");

    vault.remove(digest("ab"));

    assertFalse(vault.holds(digest("ab")));
    assertEquals(0, vault.usedBytes());
  }

  private Vault.Swept sweep(Vault vault, long bytesMax, Predicate<Digest> exempt)
      throws IOException {
    vault.beginSweep(clock.now(), bytesMax, WEEK);
    return vault.endSweep(exempt);
  }

  @Test
  void sweepTakesNothingThatIsPutAnewWhileItGoesOn() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "once");
    put(vault, digest("bb"), "once");
    clock.advance(WEEK.plusDays(1));

    assertEquals(Set.of(digest("aa"), digest("bb")), vault.beginSweep(clock.now(), 1_000, WEEK));
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

    Vault.Swept swept = sweep(vault, 1_000, NONE);

    assertEquals(new Vault.Swept(1, 3, 5), swept);
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

    Vault.Swept swept = sweep(vault, 8, NONE);

    assertEquals(new Vault.Swept(1, 4, 8), swept);
    assertFalse(vault.holds(digest("cc")));
    assertEquals(8, vault.usedBytes());
  }

  @Test
  void neverSweepsWhatIsExempt() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "conflict");
    clock.advance(Duration.ofDays(30));
    put(vault, digest("bb"), "four");

    sweep(vault, 4, digest("aa")::equals);

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

    Vault.Swept swept = sweep(vault, 1_000, NONE);

    assertEquals(new Vault.Swept(1, 4, 4), swept);
    assertEquals("same", read(vault, digest("aa")));
  }

  @Test
  void sweepsTheOlderOfTwoEqualObjectsAtOnce() throws Exception {
    Vault vault = open();
    put(vault, digest("aa"), "same");
    put(vault, digest("aa"), "same");

    Vault.Swept swept = sweep(vault, 1_000, digest("aa")::equals);

    assertEquals(new Vault.Swept(1, 4, 4), swept);
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
}
