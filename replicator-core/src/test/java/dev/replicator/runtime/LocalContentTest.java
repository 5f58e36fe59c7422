package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.content.Digests;
import dev.replicator.host.MachineClock;
import dev.replicator.model.Bytes;
import dev.replicator.model.Chunk;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Message;
import dev.replicator.simulation.FakeDisk;
import dev.replicator.simulation.FakeJournal;
import dev.replicator.simulation.FakeTree;
import dev.replicator.vault.Vault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chunk list of a large file, of which a peer asks for a few chunks at a time. */
class LocalContentTest {
  private static final ChunkList LARGE = list(3, 4);
  private static final Digest FILE = Digests.of(LARGE);

  private final FakeJournal journal = new FakeJournal();
  private final ContentCache cache = new ContentCache();
  private Optional<LocalContent> content = Optional.empty();

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    MachineClock clock = MachineClock.open();
    FakeTree tree = new FakeTree(new FakeDisk());
    Vault vault = Vault.open(directory.resolve("vault"), clock);
    Inspector inspector = new Inspector(tree, clock, cache, 0);
    content = Optional.of(new LocalContent(journal, tree, vault, cache, inspector));
  }

  private static ChunkList list(int... lengths) {
    List<Chunk> chunks = new ArrayList<>();
    for (int length : lengths) {
      chunks.add(new Chunk.Data(Digests.of(new byte[length]), length));
    }
    return new ChunkList(chunks);
  }

  private Optional<ChunkList> asked(Digest file) {
    return content.orElseThrow().chunks(file);
  }

  @Test
  void isReadFromTheJournalOnce() {
    journal.append(List.of(new JournalWrite.PutChunks(FILE, LARGE)));
    assertEquals(Optional.of(LARGE), asked(FILE));

    journal.append(List.of(new JournalWrite.DropChunks(FILE)));
    assertEquals(Optional.of(LARGE), asked(FILE));
  }

  @Test
  void staysWhenThatOfASmallFileIsAskedForBetweenTwoQuestions() {
    ChunkList small = list(5);
    journal.append(
        List.of(
            new JournalWrite.PutChunks(FILE, LARGE),
            new JournalWrite.PutChunks(Digests.of(small), small)));
    asked(FILE);
    assertEquals(Optional.of(small), asked(Digests.of(small)));

    journal.append(List.of(new JournalWrite.DropChunks(FILE)));
    assertEquals(Optional.of(LARGE), asked(FILE));
  }

  @Test
  void isNotRememberedOfWhatAPeerSaysAndNobodyVerified() {
    ChunkList other = list(6, 7);
    cache.put(new Message.InlineContent(FILE, other, Bytes.of(new byte[13])));
    assertEquals(Optional.of(other), asked(FILE));

    journal.append(List.of(new JournalWrite.PutChunks(FILE, LARGE)));
    assertEquals(Optional.of(LARGE), asked(FILE));
  }
}
