package dev.replicator.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.ChunkList;
import dev.replicator.model.Digest;
import dev.replicator.model.Dot;
import dev.replicator.model.Element;
import dev.replicator.model.Entry;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Siblings;
import dev.replicator.model.VersionVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final NodeId PEER = EngineOnDisk.node(2);
  private static final Digest FILE = Digest.of(new byte[32]);
  private static final Message.InlineContent CONTENT =
      new Message.InlineContent(FILE, ChunkList.EMPTY, Bytes.copyOf(new byte[] {7}));

  private final LocalMesh mesh = new LocalMesh();
  private final List<Message> sent = new ArrayList<>();
  private final ContentCache cache = new ContentCache();
  private final Outbox outbox =
      new Outbox(Noting.messages(mesh.link(EngineOnDisk.node(1)), sent::add), cache);

  @AfterEach
  void close() {
    mesh.close();
  }

  private void send(Entry entry) {
    send(outbox, entry);
  }

  private static void send(Outbox out, Entry entry) {
    Dot dot = new Dot(new ReplicaId(1), 1);
    Record record =
        new Record(
            VersionVector.of(dot),
            Siblings.of(List.of(new Element<>(dot, entry, 1, 1, false, new TreeSet<>()))),
            Siblings.none(),
            Siblings.none());
    Change change = new Change(1, RelativePath.of("f"), record, 0);
    JournalId journal = new JournalId(Bytes.copyOf(new byte[16]));
    out.send(
        PEER,
        new Message.Changes(journal, 0, 1, List.of(change), List.of(), Optional.empty()),
        true);
  }

  private static void sendAhead(Outbox out) {
    out.sendAhead(1, RelativePath.of("f"), 7, new byte[] {1, 2, 3}, 2);
  }

  @Test
  void sendsChunksToThoseWhoGetContentUnasked() {
    sendAhead(outbox);
    assertEquals(List.of(), sent);
    send(Entry.DIRECTORY);
    sent.clear();

    sendAhead(outbox);

    Bytes data = Bytes.of(new byte[] {1, 2});
    assertEquals(List.of(new Message.ChunkAhead(1, RelativePath.of("f"), 7, data)), sent);
    outbox.disconnected(PEER);
    sendAhead(outbox);
    assertEquals(1, sent.size());
  }

  @Test
  void sendsNoChunksWhereOthersWait() {
    Outbox full =
        new Outbox(Noting.full(Noting.messages(mesh.link(EngineOnDisk.node(1)), sent::add)), cache);
    send(full, Entry.DIRECTORY);
    sent.clear();

    sendAhead(full);

    assertEquals(List.of(), sent);
  }

  private List<List<Message.Content>> contents() {
    return sent.stream()
        .map(message ->
            switch (message) {
              case Message.Changes run -> run.contents();
              case Message.Ahead ahead -> List.<Message.Content>of(ahead.content());
              default -> throw new AssertionError(message);
            })
        .toList();
  }

  /** Who was to send it ahead gets his turn when the change has left already. */
  @Test
  void sendsNoContentAheadThatWentWithItsChange() {
    cache.put(CONTENT);
    send(new Entry.File(FILE, 1));

    outbox.sendAhead(FILE);

    assertEquals(List.of(List.of(CONTENT)), contents());
  }

  @Test
  void sendsNoContentWithItsChangeThatWentAhead() {
    send(Entry.DIRECTORY);
    cache.put(CONTENT);
    outbox.sendAhead(FILE);

    send(new Entry.File(FILE, 1));

    assertEquals(List.of(List.of(), List.of(CONTENT), List.of()), contents());
  }
}
