package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.host.MachineClock;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Outcome;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.port.TreeException;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.FakeTree;
import dev.replicator.simulation.Interference;
import dev.replicator.vault.Vault;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an exchange displaced, and a vault that cannot take it. */
class DiskWorkTest {
  private static final RelativePath F = RelativePath.of("f");
  private static final long TICK_NANOS = 4_000_000;
  private static final long LONG_TICK_NANOS = 1_000_000_000_000L;

  private final FakeDisk files = new FakeDisk();
  private final FakeTree tree = new FakeTree(files);
  private final FakeJournal journal = new FakeJournal();
  private final LocalMesh mesh = new LocalMesh();
  private final TreeSet<Interference.Step> broken = new TreeSet<>();
  private Optional<String> writtenMeanwhile = Optional.empty();
  private Optional<Vault> vault = Optional.empty();
  private Optional<Inspector> inspector = Optional.empty();
  private Optional<DiskWork> work = Optional.empty();

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    MachineClock clock = MachineClock.open();
    vault = Optional.of(Vault.open(directory.resolve("vault"), clock));
    ContentCache cache = new ContentCache();
    inspector = Optional.of(new Inspector(tree, clock, cache, 0));
    LocalContent content = new LocalContent(journal, tree, vault(), cache, inspector());
    Transfer transfer = new Transfer(mesh.link(NodeId.of(new byte[32])));
    Assembler assembler = new Assembler(content, cache, transfer);
    work =
        Optional.of(
            new DiskWork(tree, vault(), inspector(), assembler, content, new EarlyStaging(tree)));
    tree.pin(tree.identity());
    tree.interfere(
        new Interference() {
          @Override
          public void before(Interference.Step step, RelativePath path) {
            if (step == Interference.Step.WINDOW) {
              writtenMeanwhile.ifPresent(text -> files.write(path, text));
            }
          }

          @Override
          public Optional<Problem> fault(Interference.Step step, RelativePath path) {
            return broken.contains(step)
                ? Optional.of(Problem.of(Problem.Kind.DISK_FULL))
                : Optional.empty();
          }
        });
    files.write(F, "old");
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Vault vault() {
    return vault.orElseThrow();
  }

  private Inspector inspector() {
    return inspector.orElseThrow();
  }

  private DiskWork work() {
    return work.orElseThrow();
  }

  private Observation.Found there() {
    var seen =
        assertInstanceOf(
            Inspector.Result.Seen.class,
            inspector().inspect(F, Optional.empty(), true, false, Long.MAX_VALUE));
    return assertInstanceOf(Observation.Found.class, seen.observation());
  }

  private static Digest digest(Target target) {
    return ((Entry.File) target.entry()).digest();
  }

  private Intent removal() {
    Observation.Found found = there();
    Materialised expected =
        new Materialised(
            found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE);
    return new Intent(Optional.of(expected), Target.ABSENT, Knowledge.NONE, Optional.empty(), "");
  }

  private Outcome exchange(Intent intent) {
    return work().conclude(F, intent, tree.exchange(F, intent));
  }

  @Test
  void exchangeSucceededThoughTheVaultCannotTakeWhatItDisplaced() throws Exception {
    Digest old = digest(there().actual());
    broken.add(Interference.Step.RELEASE);

    assertEquals(new Outcome.Removed(), exchange(removal()));
    assertEquals(1, tree.staged().size());
    work().keeper().keepAgain();
    assertFalse(vault().holds(old));
    assertEquals(List.of(old), List.copyOf(work().keeper().unkept()));

    broken.clear();
    work().keeper().keepAgain();
    assertTrue(vault().holds(old));
    assertEquals(List.of(), tree.staged());
    assertTrue(work().keeper().unkept().isEmpty());
  }

  /** No stamp tells of it. */
  @Test
  void whatWasWrittenInTheTickInWhichTheFileWasReadIsFoundWhenItIsDisplaced() throws Exception {
    files.tick(TICK_NANOS);
    files.write(F, "first");
    Intent removal = removal();
    Stamp read = removal.expected().orElseThrow().stamp();
    files.write(F, "other");
    Observation.Found written = there();
    assertEquals(read, written.stamp());
    inspector().young().read(read, read.ctimeNanos() / 1_000_000);

    Outcome.Overtaken overtaken = assertInstanceOf(Outcome.Overtaken.class, exchange(removal));
    assertEquals(written.actual(), overtaken.displaced().actual());
    work().journaled(overtaken.displaced());
    assertTrue(vault().holds(digest(written.actual())));
    assertFalse(vault().holds(digest(removal.expected().orElseThrow().actual())));
  }

  @Test
  void whatWasReadInTheTickInWhichItWasWrittenIsKeptWhenItIsStillThat() throws Exception {
    Intent removal = removal();
    Materialised expected = removal.expected().orElseThrow();
    inspector().young().read(expected.stamp(), expected.stamp().ctimeNanos() / 1_000_000);

    assertEquals(new Outcome.Removed(), exchange(removal));
    assertTrue(vault().holds(digest(expected.actual())));
    assertEquals(List.of(), tree.staged());
  }

  /** Where a file system tells whole seconds, what a peer wrote just now is put in that second. */
  @Test
  void whatIsWrittenInTheTickInWhichTheFileWasWrittenAndPutIsFound() throws Exception {
    files.tick(LONG_TICK_NANOS);
    files.write(F, "old");
    Materialised expected = removal().expected().orElseThrow();
    Instant then = Instant.ofEpochSecond(0, expected.stamp().ctimeNanos());
    Target target =
        new Target(new Entry.File(digest(expected.actual()), 3), then, expected.asked());
    Tree.StagedFile file = tree.stageFile();
    file.channel().write(ByteBuffer.wrap("new".getBytes(StandardCharsets.US_ASCII)));
    Stamp staged = file.seal(3, then, target.attributes());
    file.close();
    Intent intent =
        new Intent(Optional.of(expected), target, Knowledge.NONE, Optional.of(staged), file.name());
    Outcome.Placed placed = assertInstanceOf(Outcome.Placed.class, exchange(intent));
    files.write(F, "NEW");
    var now = assertInstanceOf(Tree.Look.Found.class, tree.look(F));
    assertEquals(placed.stamp(), now.stamp(), "no stamp tells");

    Materialised put =
        new Materialised(placed.stamp(), placed.actual(), expected.asked(), Knowledge.NONE);
    var seen =
        assertInstanceOf(
            Inspector.Result.Seen.class,
            inspector().inspect(F, Optional.of(put), false, false, Long.MAX_VALUE));

    assertInstanceOf(Observation.Found.class, seen.observation());
  }

  /** Else a start would take what somebody put there meanwhile for a write over both versions. */
  @Test
  void whatWasNotPutWaitsUntilTheJournalKnowsThat() throws Exception {
    Materialised expected = removal().expected().orElseThrow();
    Target target =
        new Target(new Entry.File(digest(expected.actual()), 3), Instant.EPOCH, expected.asked());
    Tree.StagedFile file = tree.stageFile();
    file.channel().write(ByteBuffer.wrap("new".getBytes(StandardCharsets.US_ASCII)));
    Stamp stamp = file.seal(3, target.mtime(), target.attributes());
    file.close();
    Intent intent =
        new Intent(Optional.of(expected), target, Knowledge.NONE, Optional.of(stamp), file.name());
    files.write(F, "written meanwhile");

    assertEquals(new Outcome.Unexpected(), exchange(intent));

    assertEquals(List.of(file.name()), tree.staged());
    assertEquals(new Tree.Settled.NotApplied(), tree.settle(F, intent));
  }

  @Test
  void localWriteIsToldThoughTheVaultCannotTakeIt() throws Exception {
    Intent intent = removal();
    writtenMeanwhile = Optional.of("theirs");
    broken.add(Interference.Step.RELEASE);

    Outcome.Overtaken overtaken = assertInstanceOf(Outcome.Overtaken.class, exchange(intent));

    work().journaled(overtaken.displaced());
    broken.clear();
    work().keeper().keepAgain();
    assertTrue(vault().holds(digest(overtaken.displaced().actual())));
  }

  @Test
  void localWriteStaysInStagingUntilTheJournalKnowsOfIt() throws Exception {
    Intent intent = removal();
    writtenMeanwhile = Optional.of("theirs");

    Outcome.Overtaken overtaken = assertInstanceOf(Outcome.Overtaken.class, exchange(intent));

    assertEquals(1, tree.staged().size());
    assertTrue(work().isTold(tree.staged().getFirst()));
    assertFalse(vault().holds(digest(overtaken.displaced().actual())));
    work().journaled(overtaken.displaced());
    assertEquals(List.of(), tree.staged());
    assertTrue(vault().holds(digest(overtaken.displaced().actual())));
  }

  @Test
  void localWriteThatCannotBeReadWaitsInStagingAndIsLookedAtAgain() throws Exception {
    Intent intent = removal();
    writtenMeanwhile = Optional.of("theirs");
    broken.add(Interference.Step.READ);

    var unread = assertInstanceOf(Outcome.StillWritten.class, exchange(intent));

    String name = tree.staged().getFirst();
    assertEquals(name, unread.displaced());
    work().rescue(name);
    assertEquals(List.of(name), tree.staged());
    broken.clear();
    work().rescue(name);
    assertEquals(List.of(), tree.staged());
    files.write(F, "theirs");
    assertTrue(vault().holds(digest(there().actual())));
  }

  @Test
  void startRemovesNoFileFromStagingThatTheVaultCannotTake() throws Exception {
    broken.add(Interference.Step.RELEASE);
    exchange(removal());
    String name = tree.staged().getFirst();

    work().rescue(name);

    assertEquals(List.of(name), tree.staged());
  }

  /** What is in the vault is not what its name says. */
  private Effect.Recall damaged(Entry.File file) throws Exception {
    vault().put(file.digest(), channel -> channel.write(octets("0ld")));
    return new Effect.Recall(1, F, file, List.of());
  }

  private static ByteBuffer octets(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private String kept(Digest digest) throws Exception {
    try (SeekableByteChannel channel = vault().open(digest)) {
      ByteBuffer buffer = ByteBuffer.allocate((int) channel.size());
      channel.read(buffer);
      return new String(buffer.array(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void damagedContentStaysInTheVaultWhereThereIsNoOther() throws Exception {
    Entry.File nowhere = new Entry.File(Digest.of(new byte[Digest.LENGTH_BYTES]), 3);
    Effect.Recall recall = damaged(nowhere);
    assertThrows(TreeException.class, () -> work().fetches().recall(recall));
    assertEquals("0ld", kept(nowhere.digest()));
  }

  @Test
  void damagedContentIsReplacedByThatOfAnEqualFile() throws Exception {
    Observation.Found found = there();
    journal.append(
        List.of(
            new JournalWrite.PutMaterialised(
                F,
                new Materialised(
                    found.stamp(), found.actual(), found.actual().attributes(), Knowledge.NONE))));
    work().fetches().recall(damaged((Entry.File) found.actual().entry()));
    assertEquals("old", kept(digest(found.actual())));
  }

  /** It is believed by its name, and may be damaged; what waits in staging was read just now. */
  @Test
  void leftoverGoesToTheVaultAlsoWhenThatHasItsLike() throws Exception {
    Target target = there().actual();
    broken.add(Interference.Step.RELEASE);
    exchange(removal());
    broken.clear();
    damaged((Entry.File) target.entry());
    work().rescue(tree.staged().getFirst());
    assertEquals(List.of(), tree.staged());
    assertEquals("old", kept(digest(target)));
  }
}
