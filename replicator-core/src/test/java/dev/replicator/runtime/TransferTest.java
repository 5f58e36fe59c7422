package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.content.AssemblyPlan;
import dev.replicator.content.Digests;
import dev.replicator.model.Chunk;
import dev.replicator.model.Digest;
import dev.replicator.model.Entry;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferTest {
  private static final RelativePath PATH = RelativePath.of("photo.jpg");
  private static final Digest FILE = Digests.of(new byte[] {1});

  private final NodeId self = EngineOnDisk.node(1);
  private final NodeId peer = EngineOnDisk.node(2);
  private final LocalMesh mesh = new LocalMesh();
  private final Transfer transfer = new Transfer(mesh.link(self));

  @AfterEach
  void close() {
    mesh.close();
  }

  /** It would wait as long as that peer, connected again, answers all others. */
  @Test
  void waitsForNoAnswerToWhatWasNeverSent() {
    FetchException list =
        assertThrows(
            FetchException.class, () -> transfer.manifest(peer, PATH, new Entry.File(FILE, 1)));
    assertEquals("peer " + peer + " is not connected", list.getMessage());

    Chunk.Data chunk = new Chunk.Data(FILE, 1);
    List<AssemblyPlan.MissingChunk> missing =
        List.of(new AssemblyPlan.MissingChunk(0, chunk, List.of(0L)));
    FetchException chunks =
        assertThrows(
            FetchException.class, () -> transfer.chunks(peer, PATH, FILE, missing, (_, _) -> {}));
    assertEquals("peer " + peer + " is not connected", chunks.getMessage());
  }
}
