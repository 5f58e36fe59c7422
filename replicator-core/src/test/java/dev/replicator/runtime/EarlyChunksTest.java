package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.content.ChunkedContent;
import dev.replicator.content.Chunker;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.Limits;
import dev.replicator.model.Message.ChunkAhead;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.port.Tree.StagedFile;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyChunksTest {
  private static final RelativePath PATH = RelativePath.of("large");
  private static final NodeId PEER = EngineOnDisk.node(1);
  private static final NodeId OTHER = EngineOnDisk.node(2);
  private static final int HOLE_FROM = 2 * 1_024 * 1_024;
  private static final int HOLE_TO = 3 * 1_024 * 1_024;

  @TempDir private Path directory;
  private Optional<LinuxTree> tree = Optional.empty();
  private Optional<Parts> parts = Optional.empty();
  private Optional<EarlyChunks> early = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "only Linux keeps parts");
    Path root = Files.createDirectories(directory.resolve("root"));
    LinuxTree opened = LinuxTree.open(root, directory.resolve("state"));
    tree = Optional.of(opened);
    parts = Optional.of(new Parts(opened));
    early = Optional.of(new EarlyChunks(parts(), new FreeSpace(opened, parts())));
  }

  @AfterEach
  void close() {
    tree.ifPresent(LinuxTree::close);
  }

  private Parts parts() {
    return parts.orElseThrow();
  }

  private EarlyChunks early() {
    return early.orElseThrow();
  }

  /** Five megabytes with a hole. */
  private static byte[] octets(int seed) {
    byte[] octets = new byte[5 * 1_024 * 1_024];
    new Random(seed).nextBytes(octets);
    Arrays.fill(octets, HOLE_FROM, HOLE_TO, (byte) 0);
    return octets;
  }

  private static ChunkedContent content(byte[] octets) {
    Chunker chunker = new Chunker();
    chunker.push(octets, 0, octets.length);
    return chunker.finish().orElseThrow();
  }

  private static ChunkAhead ahead(RelativePath path, long reading, long offset, byte[] octets) {
    return new ChunkAhead(reading, path, offset, Bytes.of(octets));
  }

  private static ChunkAhead ahead(long offset, byte[] octets) {
    return ahead(PATH, 1, offset, octets);
  }

  private boolean tell(NodeId peer, ChunkAhead chunk) {
    return early().put(peer, chunk) && early().writeNext(_ -> true);
  }

  private boolean tell(ChunkAhead chunk) {
    return tell(PEER, chunk);
  }

  /** Tells all chunks of a file that begin before {@code end}. */
  private int tell(byte[] octets, int end) {
    int told = 0;
    int offset = 0;
    for (Chunk chunk : content(octets).chunks().chunks()) {
      int length = (int) chunk.length();
      if (chunk instanceof Chunk.Data && offset < end) {
        assertTrue(tell(ahead(offset, Arrays.copyOfRange(octets, offset, offset + length))));
        told++;
      }
      offset += length;
    }
    return told;
  }

  private EarlyChunks.Opened open(byte[] octets) throws Exception {
    ChunkedContent content = content(octets);
    return early().open(PATH, content.file(), content.chunks());
  }

  private static byte[] read(SeekableByteChannel channel) throws IOException {
    ByteBuffer read = ByteBuffer.allocate((int) channel.size());
    channel.position(0);
    while (read.hasRemaining() && channel.read(read) >= 0) {
      // Until it is full.
    }
    return read.array();
  }

  private List<Path> staged() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void areInTheFileThatIsStaged() throws Exception {
    byte[] octets = octets(1);
    int told = tell(octets, octets.length);

    EarlyChunks.Opened opened = open(octets);
    try (StagedFile file = opened.file()) {
      EarlyChunks.Written written = opened.ahead().orElseThrow();
      assertEquals(told, written.chunks().size());
      assertTrue(written.isRight());
      assertEquals(octets.length - (HOLE_TO - HOLE_FROM), opened.bytes());
      assertArrayEquals(octets, read(file.channel()));
    }
    try (StagedFile again = parts().open(content(octets).file())) {
      assertArrayEquals(octets, read(again.channel()), "it is a part like any other");
    }
  }

  @Test
  void areNotTakenForWhatTheyAreNot() throws Exception {
    byte[] octets = octets(1);
    int told = tell(octets, HOLE_FROM);
    byte[] changed = octets.clone();
    changed[1_000_000] ^= 1;

    EarlyChunks.Opened opened = open(changed);
    try (StagedFile file = opened.file()) {
      EarlyChunks.Written written = opened.ahead().orElseThrow();
      assertFalse(written.isRight(), "zeros are to be written as well");
      assertEquals(told, written.chunks().size());
      assertTrue(file.channel().size() > 0);
    }
  }

  @Test
  void areDroppedWhereTheFileHasAHole() throws Exception {
    byte[] octets = octets(1);
    tell(octets, HOLE_FROM);
    assertTrue(tell(ahead(HOLE_TO - 1, new byte[] {7})));

    EarlyChunks.Opened opened = open(octets);
    try (StagedFile file = opened.file()) {
      assertTrue(opened.ahead().isEmpty());
      assertEquals(0, file.channel().size());
    }
    assertEquals(1, staged().size());
  }

  @Test
  void giveWayToWhatAnEarlierAttemptLeft() throws Exception {
    byte[] octets = octets(1);
    try (StagedFile part = parts().open(content(octets).file())) {
      part.channel().write(ByteBuffer.wrap(octets, 0, 4));
    }
    tell(octets, octets.length);

    EarlyChunks.Opened opened = open(octets);
    try (StagedFile file = opened.file()) {
      assertTrue(opened.ahead().isEmpty());
      assertEquals(4, file.channel().size());
    }
    assertEquals(1, staged().size());
  }

  @Test
  void areWrittenOnceToAPlace() {
    assertTrue(tell(ahead(10, new byte[] {1, 2, 3})));
    assertFalse(tell(ahead(10, new byte[] {1, 2, 3})));
    assertFalse(tell(ahead(9, new byte[] {1, 2})));
    assertFalse(tell(ahead(12, new byte[] {1})));
    assertFalse(tell(ahead(0, new byte[100])));
    assertTrue(tell(ahead(13, new byte[] {4})));
    assertTrue(tell(ahead(9, new byte[] {0})));
  }

  @Test
  void areThoseOfAFewFilesAndOfOnePeerForEach() {
    assertTrue(tell(ahead(0, new byte[] {1})));
    assertFalse(tell(OTHER, ahead(1, new byte[] {1})));
    assertTrue(tell(ahead(PATH, 2, 1, new byte[] {1})), "it is read again");
    for (int file = 1; file < Limits.FILES_AHEAD_MAX; file++) {
      assertTrue(tell(ahead(RelativePath.of("f" + file), 2 + file, 0, new byte[] {1})));
    }
    assertFalse(tell(ahead(RelativePath.of("one more"), 99, 0, new byte[] {1})));
  }

  @Test
  void areDroppedWhenTheyComeTooLate() throws Exception {
    byte[] octets = octets(1);
    tell(octets, HOLE_FROM);
    open(octets).file().close();

    assertFalse(tell(ahead(HOLE_TO, new byte[] {1})));
    assertTrue(tell(ahead(PATH, 2, HOLE_TO, new byte[] {1})), "of the next reading");
  }

  @Test
  void areDroppedWhenNobodyIsToHaveThem() throws Exception {
    ChunkAhead chunk = ahead(0, new byte[] {1});
    assertTrue(early().put(PEER, chunk));
    assertFalse(early().writeNext(_ -> false));

    assertFalse(early().put(PEER, chunk));
    assertEquals(List.of(), staged());
  }

  @Test
  void areDroppedWhenTheirChangeDoesNotCome() throws Exception {
    assertTrue(tell(ahead(0, new byte[] {1})));
    assertTrue(early().sweep());
    assertTrue(tell(ahead(1, new byte[] {1})));
    assertTrue(early().sweep());
    assertEquals(1, staged().size());

    assertFalse(early().sweep());
    assertEquals(List.of(), staged());
    assertFalse(tell(ahead(2, new byte[] {1})));
  }

  @Test
  void leaveNothingWhenAllEnds() throws Exception {
    assertTrue(tell(ahead(0, new byte[] {1})));

    early().close();

    assertEquals(List.of(), staged());
    assertFalse(tell(ahead(PATH, 2, 0, new byte[] {1})));
  }

  @Test
  void waitForTheDiskInBoundedNumber() {
    int taken = 0;
    while (early().put(PEER, ahead((long) taken << 20, new byte[Limits.CHUNK_BYTES_MAX]))) {
      taken++;
    }
    assertEquals(Limits.BYTES_AHEAD_WAITING_MAX / Limits.CHUNK_BYTES_MAX - 1, taken);

    assertTrue(early().writeNext(_ -> true));
    assertTrue(early().put(PEER, ahead(0, new byte[1])));
  }

  @Test
  void areWrittenWhenTheirFileBeginsToBeStaged() throws Exception {
    byte[] octets = octets(1);
    int told = tell(octets, HOLE_FROM);
    ChunkAhead last = ahead(HOLE_TO, Arrays.copyOfRange(octets, HOLE_TO, HOLE_TO + 1_000));
    assertTrue(early().put(PEER, last));
    assertTrue(early().put(PEER, ahead(RelativePath.of("other"), 9, 0, new byte[] {1})));

    EarlyChunks.Opened opened = open(octets);
    try (StagedFile file = opened.file()) {
      assertEquals(told + 1, opened.ahead().orElseThrow().chunks().size());
    }
    assertTrue(early().writeNext(_ -> true));
    assertFalse(early().writeNext(_ -> true));
  }

  /** A file that begins with a hole may not have one here. */
  @Test
  void fillNoDiskWhateverPlacesTheyHave() {
    FakeDisk disk = new FakeDisk();
    FakeTree fake = new FakeTree(disk);
    Parts onFake = new Parts(fake);
    FreeSpace space = new FreeSpace(fake, onFake);
    early = Optional.of(new EarlyChunks(onFake, space));
    disk.leave(100L * 1_024 * 1_024);

    assertFalse(tell(ahead(100L * 1_024 * 1_024, new byte[] {1})));
    assertFalse(tell(ahead(Long.MAX_VALUE - Limits.CHUNK_BYTES_MAX, new byte[] {1})));
    assertTrue(tell(ahead(0, new byte[] {1})));
    disk.leave(1_024);
    assertFalse(tell(ahead(1, new byte[] {1})));
  }

  @Test
  void areGivenUpBeforeAnythingElseIs() throws Exception {
    FakeDisk disk = new FakeDisk();
    FakeTree fake = new FakeTree(disk);
    Parts onFake = new Parts(fake);
    FreeSpace space = new FreeSpace(fake, onFake);
    early = Optional.of(new EarlyChunks(onFake, space));
    assertTrue(tell(ahead(0, new byte[] {1})));
    assertEquals(1, fake.staged().size());

    space.require(1);
    assertEquals(1, fake.staged().size());
    disk.leave(0);
    assertThrows(TreeException.class, () -> space.require(1));
    assertEquals(0, fake.staged().size());
  }
}
