package dev.replicator.cli.cluster;

import dev.replicator.cli.config.PeerConfig;
import dev.replicator.cli.config.PeerStore;
import dev.replicator.model.Bytes;
import dev.replicator.model.Change;
import dev.replicator.model.Digest;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Record;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.Sequence;
import dev.replicator.model.VersionVector;
import dev.replicator.net.identity.KeyText;
import dev.replicator.net.identity.NodeKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** A node whose key is trusted, and that speaks the protocol in order to say what it should not. */
final class HostilePeer implements AutoCloseable {
  private static final long NOON_MILLIS = 1_767_268_800_000L;
  private static final AtomicLong REQUESTS = new AtomicLong(1_000_000);
  private static final RelativePath NOWHERE = RelativePath.of("~");
  private static final Digest RULES = Digest.of(new byte[Digest.LENGTH_BYTES]);

  private final TestNode victim;
  private final List<TestNode> all;
  private final NodeKey key = NodeKey.ephemeral();
  private final PeerConfig config;
  private final Identity identity = new Identity(anyReplica(), anyJournal());
  final Contents contents = new Contents();
  private Optional<HostileSession> session = Optional.empty();
  private Message.Hello greeting;
  private long told;

  private HostilePeer(TestNode victim, List<TestNode> all) throws IOException {
    this.victim = victim;
    this.all = List.copyOf(all);
    String name = "hostile-" + key.node().fingerprint();
    config = new PeerConfig(name, Optional.empty(), key.node(), "a test");
    new PeerStore(victim.state()).add(config);
    victim.post("/v1/reload");
    greeting = hello(VersionVector.EMPTY, Optional.empty());
  }

  /**
   * A new one, trusted by {@code victim} and connected to it, that said nothing wrong yet.
   *
   * @param all those that hear of it, and forget it in the end
   */
  static HostilePeer of(TestNode victim, List<TestNode> all) throws IOException {
    HostilePeer peer = new HostilePeer(victim, all);
    peer.connect();
    return peer;
  }

  static ReplicaId anyReplica() {
    return new ReplicaId(ThreadLocalRandom.current().nextLong());
  }

  static JournalId anyJournal() {
    byte[] octets = new byte[JournalId.LENGTH_BYTES];
    ThreadLocalRandom.current().nextBytes(octets);
    return new JournalId(Bytes.of(octets)).bornAt(NOON_MILLIS);
  }

  Message.Hello hello(VersionVector clock, Optional<Sequence> holds) {
    return new Message.Hello(identity, clock, holds, Optional.empty(), Optional.empty(), RULES);
  }

  /** Ends the session, if there is one, and begins the next, with its own first message. */
  void connect(Message.Hello first) throws IOException {
    leave();
    NodeId other = KeyText.parse(victim.status().node().id());
    HostileSession opened = HostileSession.open(key, other, victim.address(), contents);
    session = Optional.of(opened);
    opened.tell(first);
    greeting = (Message.Hello) opened.await(Message.Hello.class, hello -> true);
  }

  void connect() throws IOException {
    connect(hello(VersionVector.EMPTY, Optional.empty()));
  }

  /** What the victim said of itself when this session began. */
  Message.Hello greeting() {
    return greeting;
  }

  HostileSession session() {
    return session.orElseThrow();
  }

  ReplicaId replica() {
    return identity.replica();
  }

  void tell(RelativePath path, Record record) throws IOException {
    session().tell(new Message.Told(List.of(new Change(0, path, record, 0))));
  }

  /** The next run of the own journal. */
  Message.Changes run(Optional<VersionVector> mark, Change... changes) {
    long after = told;
    told = Arrays.stream(changes).mapToLong(Change::number).max().orElse(after);
    return new Message.Changes(identity.journal(), after, told, List.of(changes), List.of(), mark);
  }

  /** A run of nothing that follows {@code after}, which nobody told. */
  Message.Changes run(Optional<VersionVector> mark, long after) {
    return new Message.Changes(identity.journal(), after, after, List.of(), List.of(), mark);
  }

  /** Returns once everything that was told before has been taken in. */
  void awaitTaken() throws IOException {
    long request = REQUESTS.incrementAndGet();
    session().tell(new Message.Compare(request, NOWHERE, Optional.of(NOWHERE), List.of()));
    session().await(Message.Compared.class, it -> it.request() == request);
  }

  private void leave() {
    session.ifPresent(HostileSession::close);
    session = Optional.empty();
  }

  @Override
  public void close() throws IOException {
    leave();
    for (TestNode node : all) {
      new PeerStore(node.state()).remove(config);
      if (node.isRunning()) {
        node.post("/v1/reload");
      }
    }
  }
}
