package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.content.ChunkedContent;
import dev.replicator.host.MachineClock;
import dev.replicator.kernel.Effect;
import dev.replicator.kernel.Outcome;
import dev.replicator.linux.LinuxTree;
import dev.replicator.model.Attributes;
import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Entry;
import dev.replicator.model.EntryType;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.RelativePath;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.port.Tree;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.vault.Vault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts versions of a peer at one path as the engine does, with tree, vault and all that works on
 * the disk, and knows what it found there as the replica would.
 */
final class CollidingNode implements AutoCloseable {
  private static final RelativePath PATH = RelativePath.of("f");
  private static final int DELETED_EACH = 16;
  private static final long SETTLED_NANOS = 3 * SecondLooks.PAUSE_MILLIS * 1_000_000;

  private final LinuxTree tree;
  private final Vault vault;
  private final Inspector inspector;
  private final DiskWork disk;
  private final LocalMesh mesh = new LocalMesh();
  private final Attributes attributes;
  private final TokenWriter writer;
  private final Map<String, Materialised> late = new TreeMap<>();
  private final TreeMap<String, Long> outcomes = new TreeMap<>();

  /** What came to the vault, and when the last of its like did. */
  private final LinkedHashMap<Digest, Long> arrived = new LinkedHashMap<>();

  private Optional<Materialised> known = Optional.empty();
  private long versions;

  CollidingNode(Path root, Path state, TokenWriter writer) throws Exception {
    this.writer = writer;
    this.tree = LinuxTree.open(root, state);
    tree.pin(tree.identity());
    MachineClock clock = MachineClock.open();
    this.vault = Vault.open(tree.storage().resolve("vault"), clock);
    ContentCache cache = new ContentCache();
    this.inspector = new Inspector(tree, clock, cache, 0);
    LocalContent content = new LocalContent(new FakeJournal(), tree, vault, cache, inspector);
    Transfer transfer = new Transfer(mesh.link(NodeId.of(new byte[32])));
    this.disk =
        new DiskWork(
            tree,
            vault,
            inspector,
            new Assembler(content, cache, transfer),
            content,
            new EarlyStaging(tree));
    Tree.Look.Found there = (Tree.Look.Found) tree.look(RelativePath.ROOT);
    this.attributes =
        new Attributes(
            EntryType.FILE, 0644, there.attributes().owner(), there.attributes().group());
  }

  Map<String, Long> outcomes() {
    return outcomes;
  }

  /** Puts one version; tells whether the user wrote during that. */
  boolean collide() throws Exception {
    observe();
    versions++;
    Intent intent =
        versions % DELETED_EACH == 0 && known.isPresent()
            ? new Intent(known, Target.ABSENT, Knowledge.NONE, Optional.empty(), "")
            : staged();
    long before = writer.steps();
    Outcome outcome = exchange(intent, versions % 2 == 0);
    if (outcome instanceof Outcome.BeingWritten) {
      outcomes.merge("BeingWritten", 1L, Long::sum);
      outcome = exchange(intent, false);
    }
    boolean collided = before % 2 != 0 || writer.steps() != before;
    writer.applied();
    outcomes.merge(outcome.getClass().getSimpleName(), 1L, Long::sum);
    take(outcome);
    if (outcome.cameToNothing()) {
      disk.discard(intent.stagedName());
    }
    followLate();
    lookAgain(false, SETTLED_NANOS);
    return collided;
  }

  private Outcome exchange(Intent intent, boolean sparing) {
    return disk.conclude(PATH, intent, disk.exchange(new Effect.Exchange(PATH, intent, sparing)));
  }

  private void observe() {
    if (inspector.inspect(PATH, known, false, false, Long.MAX_VALUE)
        instanceof Inspector.Result.Seen seen) {
      switch (seen.observation()) {
        case Observation.Found found ->
            known = Optional.of(materialised(found.stamp(), found.actual()));
        case Observation.Gone gone -> known = Optional.empty();
        case Observation.Unchanged unchanged -> {}
        case Observation.Unsettled unsettled -> {}
        case Observation.Unclosed unclosed -> {}
        case Observation.Unreadable unreadable -> {}
        case Observation.RootLost lost -> throw new IllegalStateException(lost.toString());
      }
    }
  }

  private static Materialised materialised(Stamp stamp, Target actual) {
    return new Materialised(stamp, actual, actual.attributes(), Knowledge.NONE);
  }

  private Intent staged() throws Exception {
    byte[] octets = "R%012d\n".formatted(versions).getBytes(StandardCharsets.US_ASCII);
    Instant mtime = Instant.ofEpochSecond(1_700_000_000 + versions);
    try (Tree.StagedFile file = tree.stageFile()) {
      file.channel().write(ByteBuffer.wrap(octets));
      Stamp stamp = file.seal(octets.length, mtime, attributes);
      ChunkedContent content;
      try (SeekableByteChannel channel = tree.readStaged(file.name())) {
        content = inspector.chunk(channel, octets.length).orElseThrow();
      }
      Target target = new Target(content.file(), mtime, attributes);
      return new Intent(known, target, Knowledge.NONE, Optional.of(stamp), file.name());
    }
  }

  private void take(Outcome outcome) {
    switch (outcome) {
      case Outcome.Placed placed -> {
        inVault(known);
        known = Optional.of(materialised(placed.stamp(), placed.actual()));
      }
      case Outcome.Removed removed -> {
        inVault(known);
        known = Optional.empty();
      }
      case Outcome.Overtaken it -> {
        disk.journaled(it.displaced());
        inVault(it.displaced().actual().entry());
        put(it.stamp(), it.actual());
      }
      case Outcome.StillWritten it -> {
        late.put(it.displaced(), known.orElseThrow());
        put(it.stamp(), it.actual());
      }
      case Outcome.MovedAway it -> throw new IllegalStateException("moved unasked");
      case Outcome.Unexpected it -> {}
      case Outcome.BeingWritten it -> throw new IllegalStateException("spared unasked");
      case Outcome.Failed it -> throw new IllegalStateException(it.toString());
    }
  }

  private void put(Stamp stamp, Target actual) {
    known =
        actual.entry().isPresent() ? Optional.of(materialised(stamp, actual)) : Optional.empty();
  }

  private void inVault(Optional<Materialised> left) {
    if (left.isPresent()) {
      inVault(left.get().entry());
    }
  }

  /** What left is to be there under its digest. */
  private void inVault(Entry entry) {
    Digest digest = ((Entry.File) entry).digest();
    arrived.remove(digest);
    arrived.put(digest, System.nanoTime());
  }

  private void lookAgain(boolean all, long nanos) throws IOException {
    for (SecondLooks.Written it : disk.secondLooks().look(all)) {
      outcomes.merge("SecondLook", 1L, Long::sum);
      if (!disk.missing(it.displaced().was().entry()).isEmpty()) {
        arrived.remove(((Entry.File) it.displaced().was().entry()).digest());
      }
      inVault(it.found().actual().entry());
    }
    long now = System.nanoTime();
    while (!arrived.isEmpty() && now - arrived.firstEntry().getValue() >= nanos) {
      verify(arrived.pollFirstEntry().getKey());
    }
  }

  /** Seen once, it may go. */
  private void verify(Digest digest) throws IOException {
    assertTrue(vault.holds(digest), "not in the vault");
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try (SeekableByteChannel channel = vault.open(digest)) {
      Channels.newInputStream(channel).transferTo(octets);
    }
    try (SeekableByteChannel channel = vault.open(digest)) {
      Entry.File there = inspector.chunk(channel, octets.size()).orElseThrow().file();
      assertEquals(digest, there.digest(), "the vault holds something else under a digest");
    }
    writer.found(octets.toString(StandardCharsets.ISO_8859_1));
    vault.remove(digest);
  }

  private void followLate() throws Exception {
    for (Map.Entry<String, Materialised> entry : Map.copyOf(late).entrySet()) {
      Tree.Displaced now = tree.displaced(entry.getKey(), entry.getValue());
      switch (now) {
        case Tree.Displaced.BeingWritten still -> {}
        case Tree.Displaced.Untouched untouched -> {
          if (disk.isKept(new Displaced(entry.getKey(), PATH, entry.getValue()))) {
            inVault(entry.getValue().entry());
            late.remove(entry.getKey());
          }
        }
        case Tree.Displaced.Written written -> {
          Observation.Found found = disk.displaced(written.look(), PATH, entry.getKey());
          disk.journaled(found);
          inVault(found.actual().entry());
          late.remove(entry.getKey());
          outcomes.merge("LateWrite", 1L, Long::sum);
        }
      }
    }
  }

  /** Once the writer has ended: nothing waits anywhere but in the tree. */
  void settle(Path file) throws Exception {
    followLate();
    assertEquals(Map.of(), late);
    assertEquals(List.of(), tree.staged());
    assertTrue(disk.keeper().unkept().isEmpty());
    lookAgain(true, 0);
    assertFalse(disk.secondLooks().isWaiting());
    lookAgain(true, 0);
    writer.found(Files.exists(file) ? TokenWriter.read(file) : "");
  }

  @Override
  public void close() {
    tree.close();
    mesh.close();
  }
}
