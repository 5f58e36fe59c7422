package dev.replicator.net.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.model.Bytes;
import dev.replicator.model.Digest;
import dev.replicator.model.EntryType;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Pins;
import dev.replicator.net.identity.Tls;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.MessageCodec;
import dev.replicator.net.session.Peer;
import dev.replicator.net.session.PeerNetwork;
import dev.replicator.net.session.SessionTimes;
import dev.replicator.port.Clock;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An inviting daemon on loopback and nodes that join it. */
@Timeout(120)
final class PairingTest {
  private static final Peer THIRD = new Peer("third", "192.0.2.3:7411", NodeId.of(new byte[32]));

  @TempDir Path state;

  private final AtomicLong wallMillis = new AtomicLong(1_000_000);
  private final AtomicLong nanos = new AtomicLong();
  private final NodeKey inviter = NodeKey.ephemeral();
  private final NodeKey joining = NodeKey.ephemeral();
  private final BlockingQueue<Peer> paired = new LinkedBlockingQueue<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private int items = 3;
  private InvitationFiles invitations;
  private PeerNetwork network;

  private final class FakeHost implements PairingServer.Host {
    @Override
    public String name() {
      return "inviter";
    }

    @Override
    public List<Peer> peers() {
      return List.of(THIRD);
    }

    @Override
    public List<String> roots() {
      return List.of("uploads", "secrets");
    }

    @Override
    public void paired(Peer joiner) {
      paired.add(joiner);
    }
  }

  private final class FakeClock implements Clock {
    @Override
    public long wallMillis() {
      return wallMillis.get();
    }

    @Override
    public long monotonicNanos() {
      return nanos.get();
    }

    @Override
    public String bootId() {
      return "boot";
    }

    @Override
    public long bootMillis() {
      return 0;
    }
  }

  private static final class NoCodec implements MessageCodec {
    @Override
    public byte[] encode(Message message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Message decode(byte[] bytes) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void startInviter() throws Exception {
    invitations = new InvitationFiles(state.resolve("invitations"));
    TreeSummary summary =
        (_, consumer) -> {
          for (int i = 0; i < items; i++) {
            consumer.accept(item(i));
          }
        };
    Clock clock = new FakeClock();
    Pins pins = new Pins();
    network =
        new PeerNetwork(
            new PeerNetwork.Settings(
                "inviter", Address.parse("127.0.0.1:0"), "test", SessionTimes.DEFAULT),
            new Tls(inviter, pins),
            pins,
            new NoCodec(),
            clock,
            (_, _) -> {},
            new PairingServer(
                inviter.node(), new FakeHost(), invitations, summary, clock, workers));
    network.start();
  }

  @AfterEach
  void stopInviter() {
    network.close();
    workers.close();
  }

  private static TreeSummary.Item item(int number) {
    return new TreeSummary.Item(
        RelativePath.of("2026/image-" + number + ".jpg"),
        EntryType.FILE,
        number,
        Optional.of(Digest.of(new byte[32])));
  }

  private Invitation invite() throws Exception {
    return invitations.create(
        network.address(), inviter.node(), Duration.ofMinutes(10), wallMillis.get());
  }

  private static Joiner.Introduction introduction(String listen) {
    return new Joiner.Introduction("joiner", listen, List.of("uploads"));
  }

  private Joiner.Cluster join(Invitation invitation) throws PairingException {
    return new Joiner(joining).join(invitation, introduction("0.0.0.0:7411"));
  }

  private Refusal refusalOf(Invitation invitation) {
    return assertThrows(PairingException.class, () -> join(invitation)).refusal();
  }

  @Test
  void pairsAndTellsTheCluster() throws Exception {
    Invitation invitation = invite();

    Joiner.Cluster cluster = join(Invitation.parse(invitation.token(), wallMillis.get()));

    Peer known = new Peer("inviter", network.address().toString(), inviter.node());
    assertEquals(known, cluster.inviter());
    assertEquals(List.of(THIRD), cluster.others());
    assertEquals(List.of("uploads", "secrets"), cluster.roots());
    assertEquals(new Peer("joiner", "127.0.0.1:7411", joining.node()), paired.take());
  }

  @Test
  void keepsTheAddressThatTheJoinerNames() throws Exception {
    new Joiner(joining).join(invite(), introduction("web2.example.org:7000"));

    assertEquals("web2.example.org:7000", paired.take().address());
  }

  @Test
  void keepsNoAddressOfAJoinerThatCannotBeDialled() throws Exception {
    new Joiner(joining).join(invite(), introduction(""));

    assertEquals("", paired.take().address());
  }

  @Test
  void refusesATokenThatWasUsed() throws Exception {
    Invitation invitation = invite();
    invite();
    join(invitation);

    assertEquals(Refusal.USED, refusalOf(invitation));
    assertEquals(1, paired.size());
  }

  @Test
  void letsInExactlyOneOfManyWhoUseATokenAtOnce() throws Exception {
    Invitation invitation = invite();
    invite();
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      attempts.add(() -> {
        try {
          new Joiner(NodeKey.ephemeral()).join(invitation, introduction(""));
          return true;
        } catch (PairingException e) {
          return false;
        }
      });
    }

    int joined = 0;
    for (Future<Boolean> attempt : workers.invokeAll(attempts)) {
      joined += attempt.get() ? 1 : 0;
    }

    assertEquals(1, joined);
    assertEquals(1, paired.size());
  }

  @Test
  void refusesAWrongSecret() throws Exception {
    Invitation right = invite();
    Invitation wrong =
        new Invitation(
            right.address(),
            right.inviter(),
            right.id(),
            Bytes.copyOf(new byte[16]),
            right.expiryMillis());

    assertEquals(Refusal.BAD_PROOF, refusalOf(wrong));
    join(right);
  }

  @Test
  void refusesATokenThatIsUnknown() throws Exception {
    Invitation right = invite();
    Invitation wrong =
        new Invitation(
            right.address(),
            right.inviter(),
            new InvitationId(Bytes.copyOf(new byte[8])),
            right.secret(),
            right.expiryMillis());

    assertEquals(Refusal.UNKNOWN_INVITATION, refusalOf(wrong));
  }

  @Test
  void refusesATokenThatHasExpired() throws Exception {
    Invitation invitation = invite();
    wallMillis.addAndGet(Duration.ofMinutes(9).toMillis());
    invite();
    wallMillis.addAndGet(Duration.ofMinutes(2).toMillis());

    assertEquals(Refusal.EXPIRED, refusalOf(invitation));
  }

  @Test
  void shakesNoHandsWithStrangersWhileNothingIsOpen() throws Exception {
    Invitation invitation = invite();
    join(invitation);

    assertEquals(Refusal.NONE_OPEN, refusalOf(invitation));
  }

  @Test
  void noticesThatAnotherMachineAnswers() throws Exception {
    Invitation right = invite();
    Invitation elsewhere =
        new Invitation(
            right.address(),
            NodeKey.ephemeral().node(),
            right.id(),
            right.secret(),
            right.expiryMillis());

    assertEquals(Refusal.WRONG_KEY, refusalOf(elsewhere));
    assertTrue(paired.isEmpty());
  }

  @Test
  void refusesToJoinItself() throws Exception {
    Invitation invitation = invite();

    PairingException refused =
        assertThrows(
            PairingException.class, () -> new Joiner(inviter).join(invitation, introduction("")));

    assertEquals(Refusal.OTHER, refused.refusal());
  }

  @Test
  void saysThatNobodyAnswers() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    Invitation right = invite();
    Invitation nowhere =
        new Invitation(
            new Address("127.0.0.1", closed),
            right.inviter(),
            right.id(),
            right.secret(),
            right.expiryMillis());

    assertEquals(Refusal.UNREACHABLE, refusalOf(nowhere));
  }

  @Test
  void limitsAttemptsUntilAMinuteHasPassed() throws Exception {
    Invitation right = invite();
    Invitation wrong =
        new Invitation(
            right.address(),
            right.inviter(),
            right.id(),
            Bytes.copyOf(new byte[16]),
            right.expiryMillis());
    for (int i = 0; i < PairingLimits.ATTEMPTS_PER_ADDRESS_MAX; i++) {
      assertEquals(Refusal.BAD_PROOF, refusalOf(wrong));
    }
    assertEquals(Refusal.RATE_LIMITED, refusalOf(right));

    nanos.addAndGet(Duration.ofSeconds(61).toNanos());

    join(right);
  }

  @Test
  void changesNothingInADryRun() throws Exception {
    Invitation invitation = invite();
    Map<String, List<TreeSummary.Item>> told = new TreeMap<>();

    new Joiner(joining)
        .dryRun(
            invitation,
            introduction(""),
            (root, item) -> told.computeIfAbsent(root, _ -> new ArrayList<>()).add(item));

    assertEquals(Map.of("uploads", List.of(item(0), item(1), item(2))), told);
    assertTrue(paired.isEmpty());
    join(invitation);
  }

  @Test
  void streamsALargeTreeInADryRun() throws Exception {
    items = 20_000;
    List<TreeSummary.Item> told = new ArrayList<>();

    new Joiner(joining).dryRun(invite(), introduction(""), (_, item) -> told.add(item));

    assertEquals(20_000, told.size());
    assertEquals(item(19_999), told.getLast());
  }

  @Test
  void keepsNoSecretOnDisk() throws Exception {
    Invitation invitation = invite();

    try (Stream<Path> files = Files.list(state.resolve("invitations"))) {
      List<Path> all = files.toList();
      assertEquals(1, all.size());
      String text = Files.readString(all.getFirst());
      assertTrue(!text.contains(invitation.secret().toHex()), text);
    }
  }
}
