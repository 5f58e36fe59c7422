package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.replicator.content.Digests;
import dev.replicator.host.MachineClock;
import dev.replicator.kernel.Effect;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Target;
import dev.replicator.port.DiskChannel;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.vault.Vault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holes and copied ranges, on a real disk. */
final class AssemblerOnDiskTest {
  private static final RelativePath PATH = RelativePath.of("f");

  /** More than could be read while a build runs, or than a disk here holds. */
  private static final long HUGE = 8L * 1024 * 1024 * 1024 * 1024;

  private static final int BASE_BYTES = 4 * 1024 * 1024;

  @TempDir private Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private final FakeJournal journal = new FakeJournal();
  private final ContentCache cache = new ContentCache();
  private Optional<LinuxTree> opened = Optional.empty();
  private Optional<Vault> vault = Optional.empty();
  private Optional<Inspector> inspector = Optional.empty();
  private Optional<Assembler> assembler = Optional.empty();

  @BeforeEach
  void open() throws Exception {
    assumeTrue(System.getProperty("os.name", "").equals("Linux"), "by system calls of Linux");
    Path root = Files.createDirectory(directory.resolve("root"));
    opened = Optional.of(LinuxTree.open(root, directory.resolve("state")));
    MachineClock clock = MachineClock.open();
    vault = Optional.of(Vault.open(directory.resolve("vault"), clock));
    inspector = Optional.of(new Inspector(tree(), clock, cache, 0));
    Transfer transfer = new Transfer(mesh.link(NodeId.of(new byte[32])));
    assembler = Optional.of(new Assembler(content(), cache, transfer));
  }

  @AfterEach
  void close() {
    mesh.close();
    opened.ifPresent(LinuxTree::close);
  }

  private LinuxTree tree() {
    return opened.orElseThrow();
  }

  private DiskWork work() {
    return new DiskWork(
        tree(),
        vault.orElseThrow(),
        inspector.orElseThrow(),
        assembler.orElseThrow(),
        content(),
        new EarlyStaging(tree()));
  }

  private Path file() {
    return directory.resolve("root").resolve("f");
  }

  /** Writes {@code bytes} at {@code position} of the user's file. */
  private void write(long position, byte[] bytes) throws IOException {
    try (FileChannel writer =
        FileChannel.open(file(), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      writer.write(ByteBuffer.wrap(bytes), position);
    }
  }

  private Observation.Found there() {
    var seen =
        assertInstanceOf(
            Inspector.Result.Seen.class,
            inspector.orElseThrow().inspect(PATH, Optional.empty(), true, false, Long.MAX_VALUE));
    return assertInstanceOf(Observation.Found.class, seen.observation());
  }

  private Materialised known() {
    Observation.Found found = there();
    Materialised known =
        new Materialised(
            found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE);
    Entry.File file = (Entry.File) found.actual().entry();
    journal.append(
        List.of(
            new JournalWrite.PutMaterialised(PATH, known),
            new JournalWrite.PutChunks(file.digest(), found.chunks())));
    return known;
  }

  private void assemble(Materialised known, SeekableByteChannel channel) throws Exception {
    Entry.File file = (Entry.File) known.entry();
    ChunkList chunks = journal.chunks(file.digest()).orElseThrow();
    Assembler.Order order = new Assembler.Order(PATH, file, Optional.of(known), List.of());
    assembler.orElseThrow().write(order, chunks, channel);
  }

  /** By another program: how much room a file really takes. */
  private static long bytesOnDisk(Path file) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, stat.waitFor());
    return Long.parseLong(blocks.strip()) * 512;
  }

  private Path staged(String name) {
    return tree().storage().resolve("staging").resolve(name);
  }

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  @Timeout(120)
  void readsAndStagesOnlyTheDataOfAFileOfHoles() throws Exception {
    write(HUGE / 2, random(1, 4_096));
    write(HUGE - 1, new byte[1]);
    Observation.Found found = there();
    Entry.File file = (Entry.File) found.actual().entry();
    known();
    List<Chunk> chunks = found.chunks().chunks();

    assertEquals(HUGE, file.size());
    assertEquals(3, chunks.size());
    assertEquals(Limits.HOLE_BLOCK_BYTES, found.chunks().dataBytes());

    DiskWork.StagedTarget copy =
        work().stage(new Effect.Stage(PATH, journal.materialised(PATH), found.actual(), List.of()));

    assertEquals(HUGE, copy.stamp().size());
    assertTrue(bytesOnDisk(staged(copy.name())) <= 64 * 1_024);
  }

  @Test
  void keepsAFileThatEndsInAHoleAsLongAsItIs() throws Exception {
    byte[] data = random(7, Limits.HOLE_BLOCK_BYTES);
    write(0, data);
    write(2 * Limits.HOLE_BLOCK_BYTES - 1, new byte[1]);
    Entry.File file = (Entry.File) there().actual().entry();
    cache.put(new Message.InlineContent(file.digest(), there().chunks(), Bytes.copyOf(data)));

    work().fetches().keep(new Effect.Keep(PATH, file, List.of()));

    assertEquals(Optional.of(file.size()), vault.orElseThrow().size(file.digest()));
    assertTrue(file.size() > data.length);
  }

  @Test
  void leavesPagesOfZerosWithinDataOut() throws Exception {
    byte[] content = random(2, 200_000);
    Arrays.fill(content, 50_000, 150_000, (byte) 0);
    write(0, content);
    Materialised known = known();
    Entry.File file = (Entry.File) known.entry();

    try (Tree.StagedFile staged = tree().stageFile()) {
      assemble(known, new Plain(staged.channel()));
      staged.seal(file.size(), known.actual().mtime(), known.asked());

      assertArrayEquals(content, Files.readAllBytes(staged(staged.name())));
      assertTrue(bytesOnDisk(staged(staged.name())) <= 200_000 - 100_000 + 4 * 4_096);
    }
  }

  /** A crash may come between a copy by the kernel and the look at what was copied. */
  @ParameterizedTest
  @ValueSource(ints = {200_000, 400_000})
  void leavesNothingOfAnEarlierAttemptThatIsNotWhatItShouldBe(int length) throws Exception {
    byte[] content = random(8, length);
    Arrays.fill(content, 70_000, 120_000, (byte) 0);
    write(0, content);
    Materialised known = known();
    Entry.File file = (Entry.File) known.entry();
    byte[] wrong = new byte[length];
    Arrays.fill(wrong, (byte) 0xaa);

    try (Tree.StagedFile staged = tree().stageFile()) {
      staged.channel().write(ByteBuffer.wrap(wrong));
      assemble(known, new Plain(staged.channel()));
      staged.seal(file.size(), known.actual().mtime(), known.asked());

      assertArrayEquals(content, Files.readAllBytes(staged(staged.name())));
    }
  }

  @Test
  void copiesUnchangedRangesInTheKernelAndTakesThemWhenTheyAreWhatTheyShouldBe() throws Exception {
    byte[] content = random(3, BASE_BYTES);
    write(0, content);
    Materialised known = known();
    Entry.File file = (Entry.File) known.entry();

    try (Tree.StagedFile staged = tree().stageFile()) {
      Meddled channel = new Meddled((DiskChannel) staged.channel(), () -> {});
      assemble(known, channel);
      staged.seal(file.size(), known.actual().mtime(), known.asked());

      assertEquals(BASE_BYTES, channel.copied);
      assertEquals(0, channel.written);
      assertArrayEquals(content, Files.readAllBytes(staged(staged.name())));
    }
  }

  @Test
  void takesNothingOfABaseThatWasWrittenToWhileItWasCopied() throws Exception {
    write(0, random(4, BASE_BYTES));
    Materialised known = known();

    try (Tree.StagedFile staged = tree().stageFile()) {
      Meddled channel =
          new Meddled(
              (DiskChannel) staged.channel(), () -> write(BASE_BYTES / 2, new byte[] {1, 2, 3}));
      TreeException missing = assertThrows(TreeException.class, () -> assemble(known, channel));

      assertEquals(Problem.Kind.CONTENT_MISSING, missing.problem().kind());
    }
  }

  /** Of a bad sector; what was copied before it is no hole any more. */
  @Test
  void readsChunkByChunkWhatTheKernelCannotCopyToItsEnd() throws Exception {
    byte[] content = random(11, BASE_BYTES);
    Arrays.fill(content, 70_000, 120_000, (byte) 0);
    write(0, content);
    Materialised known = known();
    Entry.File file = (Entry.File) known.entry();
    byte[] wrong = new byte[BASE_BYTES / 2];
    Arrays.fill(wrong, (byte) 0xaa);

    try (Tree.StagedFile staged = tree().stageFile()) {
      DiskChannel channel = (DiskChannel) staged.channel();
      Deed half =
          () -> {
            channel.position(0).write(ByteBuffer.wrap(wrong));
            throw new IOException("Input/output error");
          };
      assemble(known, new Meddled(channel, half));
      staged.seal(file.size(), known.actual().mtime(), known.asked());

      assertArrayEquals(content, Files.readAllBytes(staged(staged.name())));
    }
  }

  /** As where a file is renamed and written to: its old name goes while the new one comes. */
  @Test
  @Timeout(60)
  void copiesUnchangedRangesOfWhatIsOnItsWayToTheVault() throws Exception {
    byte[] content = random(10, BASE_BYTES);
    write(0, content);
    Materialised known = known();
    ChunkList all = journal.chunks(digest(known)).orElseThrow();
    ChunkList chunks = new ChunkList(all.chunks().subList(0, all.chunks().size() - 1));
    Entry.File file = new Entry.File(Digests.of(chunks), chunks.size());
    LocalContent leaving = content();
    Transfer nobody = new Transfer(mesh.link(NodeId.of(new byte[32])));
    Assembler waiting = new Assembler(leaving, cache, nobody);
    Assembler.Order order =
        new Assembler.Order(RelativePath.of("g"), file, Optional.of(known), List.of());
    Target nothing = new Target(Entry.ABSENT, Instant.EPOCH, known.asked());
    Intent deletion =
        new Intent(Optional.of(known), nothing, Knowledge.NONE, Optional.empty(), "staged");
    leaving.leaving().begin(deletion);
    Files.delete(file());

    try (Tree.StagedFile staged = tree().stageFile()) {
      FutureTask<Integer> written =
          new FutureTask<>(() -> waiting.write(order, chunks, staged.channel(), Optional.empty()));
      Thread assembling = Thread.ofPlatform().start(written);
      while (assembling.isAlive() && assembling.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      vault.orElseThrow().put(digest(known), channel -> channel.write(ByteBuffer.wrap(content)));
      leaving.leaving().end(deletion);
      written.get();
      staged.seal(file.size(), known.actual().mtime(), known.asked());

      byte[] expected = Arrays.copyOf(content, (int) file.size());
      assertArrayEquals(expected, Files.readAllBytes(staged(staged.name())));
    }
  }

  @Test
  void copiesRangesWhereverTheyBegin() throws Exception {
    byte[] content = random(5, 300_000);
    write(0, content);
    write(1_000_000, random(6, 10_000));
    Tree.Look.Found found = assertInstanceOf(Tree.Look.Found.class, tree().look(PATH));
    long[][] ranges = {
      {0, 300_000, 0},
      {1, 8_192, 1},
      {4_096, 100_000, 8_192},
      {5_000, 9_000, 904},
      {7, 70_000, 0},
      {200_000, 810_000, 0},
      {250_000, 100, 3}
    };
    byte[] all = Files.readAllBytes(file());
    for (long[] range : ranges) {
      try (SeekableByteChannel source = tree().read(PATH, found.stamp());
          Tree.StagedFile staged = tree().stageFile()) {
        DiskChannel target = (DiskChannel) staged.channel();

        assertTrue(target.copyFrom(source, range[0], range[1], range[2]));
        staged.seal(range[2] + range[1], Instant.EPOCH, found.attributes());

        byte[] copy = Files.readAllBytes(staged(staged.name()));
        assertArrayEquals(
            Arrays.copyOfRange(all, (int) range[0], (int) (range[0] + range[1])),
            Arrays.copyOfRange(copy, (int) range[2], copy.length));
      }
    }
  }

  /** Something that somebody does, which may fail. */
  private interface Deed {
    void run() throws IOException;
  }

  /** A channel of which the kernel knows nothing. */
  private static class Plain implements SeekableByteChannel {
    private final SeekableByteChannel channel;
    long written;

    Plain(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      int bytes = channel.write(from);
      written += bytes;
      return bytes;
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long fresh) throws IOException {
      channel.position(fresh);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) throws IOException {
      channel.truncate(size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** A staged file, before each copy into which somebody does something. */
  private static final class Meddled extends Plain implements DiskChannel {
    private final DiskChannel disk;
    private final Deed deed;
    long copied;

    Meddled(DiskChannel disk, Deed deed) {
      super(disk);
      this.disk = disk;
      this.deed = deed;
    }

    @Override
    public long nextData(long from) throws IOException {
      return disk.nextData(from);
    }

    @Override
    public boolean copyFrom(SeekableByteChannel source, long from, long length, long to)
        throws IOException {
      deed.run();
      copied += length;
      return disk.copyFrom(source, from, length, to);
    }
  }

  private LocalContent content() {
    return new LocalContent(journal, tree(), vault.orElseThrow(), cache, inspector.orElseThrow());
  }

  private static Digest digest(Materialised there) {
    return ((Entry.File) there.entry()).digest();
  }

  @Test
  @Timeout(120)
  void makesAChunkListThatIsMissingOfTheFileAgain() throws Exception {
    write(0, random(8, BASE_BYTES));
    write(HUGE - 1, new byte[1]);
    Digest file = digest(known());
    ChunkList chunks = journal.chunks(file).orElseThrow();
    journal.append(List.of(new JournalWrite.DropChunks(file)));

    assertEquals(Optional.of(chunks), content().chunks(file));
    write(1, new byte[1]);
    assertEquals(Optional.empty(), content().chunks(file));
  }

  @Test
  void forgetsTheChunkListsOfWhatIsNowhere() throws Exception {
    write(0, random(9, BASE_BYTES));
    Materialised known = known();
    Digest kept = Digests.of(new byte[1]);
    Digest coming = Digests.of(new byte[2]);
    Digest gone = Digests.of(new byte[3]);
    vault.orElseThrow().put(kept, channel -> channel.write(ByteBuffer.wrap(new byte[1])));
    Target target = new Target(new Entry.File(coming, 2), Instant.EPOCH, known.asked());
    journal.append(
        List.of(
            new JournalWrite.PutChunks(kept, ChunkList.EMPTY),
            new JournalWrite.PutChunks(coming, ChunkList.EMPTY),
            new JournalWrite.PutChunks(gone, ChunkList.EMPTY)));
    UnusedChunkLists lists = new UnusedChunkLists(journal, vault.orElseThrow());
    assertEquals(Set.of(coming, gone), Set.copyOf(lists.find()));

    journal.append(
        List.of(
            new JournalWrite.PutIntent(
                RelativePath.of("g"),
                new Intent(Optional.empty(), target, Knowledge.NONE, Optional.empty(), "staged"))));
    assertEquals(
        List.of(new JournalWrite.DropChunks(gone)),
        lists.drops(List.of(digest(known), kept, coming, gone)));
  }
}
