package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.journal.RocksJournal;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.Record;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootState;
import dev.replicator.model.Siblings;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a crash left may take any time to read: nobody waits for it, and nothing of it is lost. */
class LongRecoveryTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final RelativePath F = RelativePath.of("f");
  private static final Dot THEIRS = new Dot(new ReplicaId(9), 1);
  private static final byte[] OLD = filled('o');
  private static final byte[] NEW = filled('n');

  @TempDir Path directory;
  private final LocalMesh mesh = new LocalMesh();
  private Optional<Tree> raw = Optional.empty();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private static byte[] filled(char octet) {
    byte[] content = new byte[Limits.INLINE_BYTES_MAX + 1];
    Arrays.fill(content, (byte) octet);
    return content;
  }

  @AfterEach
  void close() {
    released.countDown();
    mesh.close();
  }

  private Path state() {
    return directory.resolve("state-a");
  }

  private FileEngine engine(String slowCall) throws Exception {
    return EngineOnDisk.at(directory, "a")
        .linux()
        .trees(tree -> slow(tree, slowCall))
        .open(EngineOnDisk.node(1), EngineOnDisk.node(2), mesh.link(EngineOnDisk.node(1)));
  }

  /** One kind of call waits for as long as the test wants. */
  private Tree slow(Tree tree, String call) {
    raw = Optional.of(tree);
    return (Tree)
        Proxy.newProxyInstance(
            Tree.class.getClassLoader(),
            new Class<?>[] {Tree.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(call)) {
                entered.countDown();
                released.await();
              }
              try {
                return method.invoke(tree, arguments);
              } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
              }
            });
  }

  private static void await(BooleanSupplier condition, FileEngine engine) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> "not in time: " + engine.report());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private static void awaitLive(FileEngine engine) {
    await(() -> engine.report().state() == RootReport.State.LIVE, engine);
  }

  private void awaitEntered() throws InterruptedException {
    assertTrue(entered.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the slow call is made");
  }

  private LinuxTree tree() throws Exception {
    LinuxTree tree = LinuxTree.open(directory.resolve("a"), state());
    tree.pin(tree.identity());
    return tree;
  }

  /** What has {@code name}, in staging or in the vault. */
  private Optional<Path> find(String name) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> String.valueOf(file.getFileName()).startsWith(name)).findFirst();
    } catch (IOException | UncheckedIOException moved) {
      return find(name);
    }
  }

  private boolean isKept(Digest digest) {
    return find(digest.toHex()).isPresent();
  }

  /** A first life that knows {@code f}. */
  private void begin(byte[] content) throws Exception {
    Files.createDirectories(directory.resolve("a"));
    Files.write(directory.resolve("a/f"), content);
    FileEngine first = engine("nothing");
    first.start();
    awaitLive(first);
    first.stop();
  }

  private RocksJournal journal() throws IOException {
    return RocksJournal.open(state().resolve("journal"));
  }

  private Materialised known() throws IOException {
    try (RocksJournal journal = journal()) {
      return journal.materialised(F).orElseThrow();
    }
  }

  private static Digest digest(Materialised known) {
    return ((Entry.File) known.entry()).digest();
  }

  private static Tree.Staged stage(Tree tree, byte[] content) throws Exception {
    try (Tree.StagedFile file = tree.stageFile()) {
      file.channel().write(ByteBuffer.wrap(content));
      Tree.Look.Found like = (Tree.Look.Found) tree.look(F);
      return new Tree.Staged(
          file.name(), file.seal(content.length, Instant.EPOCH, like.attributes()));
    }
  }

  /** The daemon was killed before anything was done with what it had staged; its name. */
  private String stageAndCrash() throws Exception {
    try (LinuxTree tree = tree()) {
      return stage(tree, OLD).name();
    }
  }

  /** The daemon was killed between an exchange and its entry in the journal; the displaced name. */
  private String exchangeAndCrash() throws Exception {
    return applyAndCrash(
        (tree, intent) -> ((Tree.Exchanged.Done) tree.exchange(F, intent)).displaced());
  }

  /** What the daemon did of an intent before it was killed; tells a name in staging. */
  private interface Apply {
    String begin(Tree tree, Intent intent);
  }

  private String applyAndCrash(Apply apply) throws Exception {
    try (LinuxTree tree = tree();
        RocksJournal journal = journal()) {
      Materialised before = journal.materialised(F).orElseThrow();
      Tree.Staged staged = stage(tree, NEW);
      Entry.File file;
      try (SeekableByteChannel channel = tree.readStaged(staged.name())) {
        Inspector inspector = new Inspector(tree, MachineClock.open(), new ContentCache(), 0);
        file = inspector.chunk(channel, NEW.length).orElseThrow().file();
      }
      SortedSet<Dot> dots = new TreeSet<>(Set.of(THEIRS));
      Target target = new Target(file, Instant.EPOCH, before.actual().attributes());
      Intent intent =
          new Intent(
              Optional.of(before),
              target,
              new Knowledge(dots, dots, dots, new TreeSet<>()),
              Optional.of(staged.stamp()),
              staged.name());
      Record old = journal.record(F).orElseThrow().record();
      long clock = old.clockMax() + 1;
      Record record =
          new Record(
              old.context().with(THEIRS),
              Siblings.of(List.of(Element.written(THEIRS, file, clock, List.of()))),
              Siblings.of(List.of(Element.written(THEIRS, Instant.EPOCH, clock, List.of()))),
              Siblings.of(List.of(Element.written(THEIRS, target.attributes(), clock, List.of()))));
      RootState root = journal.root().orElseThrow();
      journal.append(
          List.of(
              new JournalWrite.PutRecord(
                  F, new RecordState(record, root.nextNumber(), Optional.empty(), 0, List.of())),
              new JournalWrite.PutIntent(F, intent),
              new JournalWrite.PutRoot(
                  root.withNextNumber(root.nextNumber() + 1)
                      .withClocks(root.clock().with(THEIRS), root.hybridClock()))));
      return apply.begin(tree, intent);
    }
  }

  private byte[] shown() throws IOException {
    return Files.readAllBytes(directory.resolve("a/f"));
  }

  @Test
  void rootOpensWhileALeftoverIsRead() throws Exception {
    begin(OLD);
    String leftover = stageAndCrash();
    Digest content = digest(known());
    FileEngine engine = engine("readStaged");
    engine.start();
    try {
      awaitEntered();
      awaitLive(engine);
      assertTrue(find(leftover).isPresent());
      assertFalse(isKept(content));

      released.countDown();
      await(() -> find(leftover).isEmpty(), engine);
      assertTrue(isKept(content));
    } finally {
      engine.stop();
    }
  }

  @Test
  void whatIsStagedMeanwhileIsNoLeftover() throws Exception {
    begin(OLD);
    String leftover = stageAndCrash();
    String unused = applyAndCrash((tree, intent) -> intent.stagedName());
    FileEngine engine = engine("discard");
    engine.start();
    try {
      awaitEntered();
      String fresh = stage(raw.orElseThrow(), NEW).name();

      released.countDown();
      await(() -> find(leftover).isEmpty() && find(unused).isEmpty(), engine);
      awaitLive(engine);
      assertTrue(find(fresh).isPresent());
    } finally {
      engine.stop();
    }
  }

  @Test
  void leftoverThatWasNotReadWaitsForTheNextStart() throws Exception {
    begin(OLD);
    String leftover = stageAndCrash();
    Digest content = digest(known());
    FileEngine interrupted = engine("readStaged");
    interrupted.start();
    awaitEntered();
    awaitLive(interrupted);
    interrupted.stop();
    assertTrue(find(leftover).isPresent());

    FileEngine next = engine("nothing");
    next.start();
    try {
      await(() -> find(leftover).isEmpty(), next);
      assertTrue(isKept(content));
    } finally {
      next.stop();
    }
  }

  /** Whether a file in staging, in the vault or in the tree has this content. */
  private boolean isSomewhere(byte[] content) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.size(file) == content.length
            && Arrays.equals(content, Files.readAllBytes(file))) {
          return true;
        }
      }
      return false;
    } catch (IOException | UncheckedIOException moved) {
      return isSomewhere(content);
    }
  }

  /** The journal holds for {@code f} the stamp that it has now, and that all was synced since. */
  private void believe() throws Exception {
    try (LinuxTree tree = tree();
        RocksJournal journal = journal()) {
      Materialised known = journal.materialised(F).orElseThrow();
      Tree.Look.Found now = (Tree.Look.Found) tree.look(F);
      RootState root = journal.root().orElseThrow();
      journal.append(
          List.of(
              new JournalWrite.PutMaterialised(F, known.withStamp(now.stamp())),
              new JournalWrite.PutRoot(root.withCheckpoint(Long.MAX_VALUE))));
    }
  }

  /** Somebody wrote twice within a tick of the clock, and the first was read in between. */
  @ParameterizedTest
  @ValueSource(ints = {10, Limits.INLINE_BYTES_MAX + 1})
  void whatWasYoungWhenItGaveWayIsReadAgain(int size) throws Exception {
    byte[] again = Arrays.copyOf(filled('2'), size);
    begin(Arrays.copyOf(filled('1'), size));
    Files.write(directory.resolve("a/f"), again);
    believe();
    exchangeAndCrash();
    FileEngine engine = engine("nothing");
    engine.start();
    try {
      awaitLive(engine);
      await(() -> engine.report().conflicts() == 1, engine);
    } finally {
      engine.stop();
    }
    assertTrue(isSomewhere(again));
  }

  @Test
  void whatIsStillWrittenWhenTheDaemonEndsIsReadAgainByTheNext() throws Exception {
    begin(new byte[] {'1'});
    Files.write(directory.resolve("a/f"), new byte[] {'2'});
    believe();
    Path displaced = find(exchangeAndCrash()).orElseThrow();
    FileEngine engine = engine("nothing");
    try (SeekableByteChannel writer = Files.newByteChannel(displaced, StandardOpenOption.WRITE)) {
      engine.start();
      awaitLive(engine);
      engine.stop();
      assertTrue(writer.isOpen());
    }
    assertEquals(1, stillWritten());
    FileEngine next = engine("nothing");
    next.start();
    try {
      await(() -> next.report().conflicts() == 1, next);
    } finally {
      next.stop();
    }
  }

  private int stillWritten() throws IOException {
    try (RocksJournal journal = journal()) {
      return journal.displaced().size();
    }
  }

  @Test
  void rootOpensWhileALargeVersionThatWasDisplacedIsKept() throws Exception {
    begin(OLD);
    Digest old = digest(known());
    String displaced = exchangeAndCrash();
    Files.write(directory.resolve("a/g"), OLD);
    FileEngine engine = engine("displaced");
    engine.start();
    try {
      awaitEntered();
      engine.pulse().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      await(() -> engine.report().census().present() == 2, engine);
      assertEquals(RootReport.State.SCANNING, engine.report().state());
      assertTrue(find(displaced).isPresent());

      released.countDown();
      awaitLive(engine);
      await(() -> find(displaced).isEmpty(), engine);
      assertTrue(isKept(old));
      assertArrayEquals(NEW, shown());
      assertEquals(0, engine.report().conflicts());
    } finally {
      engine.stop();
    }
    try (RocksJournal journal = journal()) {
      assertTrue(journal.intents().isEmpty());
      assertEquals(
          Set.of(THEIRS), journal.record(F).orElseThrow().record().contents().dots(), "no write");
    }
  }

  /** Somebody wrote to it between the exchange and the crash. */
  @ParameterizedTest
  @ValueSource(ints = {3, Limits.INLINE_BYTES_MAX + 1})
  void rootOpensWhileALargeWriteThatWasDisplacedIsRead(int bytesBefore) throws Exception {
    begin(Arrays.copyOf(OLD, bytesBefore));
    Digest old = digest(known());
    String displaced = exchangeAndCrash();
    Files.write(find(displaced).orElseThrow(), OLD, StandardOpenOption.APPEND);
    FileEngine engine = engine("readStaged");
    engine.start();
    try {
      awaitEntered();
      await(() -> engine.report().state() == RootReport.State.SCANNING, engine);
      assertArrayEquals(NEW, shown());
      assertTrue(find(displaced).isPresent());

      released.countDown();
      awaitLive(engine);
      await(() -> find(displaced).isEmpty(), engine);
      assertFalse(isKept(old), "nobody holds what was written over");
      await(() -> engine.report().conflicts() == 1, engine);
    } finally {
      engine.stop();
    }
  }

  /** The watchdog asks for a pulse, and a disk may be slow to tell what stands where. */
  @Test
  void hasAPulseWhileIntentsAreSettled() throws Exception {
    begin(OLD);
    String displaced = exchangeAndCrash();
    FileEngine engine = engine("settle");
    engine.start();
    try {
      awaitEntered();
      assertTrue(engine.pulse().isDone());
      assertEquals(RootReport.State.STARTING, engine.report().state());

      released.countDown();
      await(() -> find(displaced).isEmpty(), engine);
    } finally {
      engine.stop();
    }
  }
}
