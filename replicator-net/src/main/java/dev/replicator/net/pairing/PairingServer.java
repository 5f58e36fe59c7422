package dev.replicator.net.pairing;

import dev.replicator.model.NodeId;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.InboundPairing;
import dev.replicator.net.session.Peer;
import dev.replicator.port.Clock;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inviting side: checks who wants to join, uses the invitation up, hands the new peer to the
 * daemon and answers with the cluster.
 */
public final class PairingServer implements InboundPairing {
  private static final Logger LOG = LoggerFactory.getLogger(PairingServer.class);

  /** The daemon that invites. Called on workers. */
  public interface Host {
    String name();

    /** All peers of this node. */
    List<Peer> peers();

    List<String> roots();

    /**
     * Trusts {@code joiner} from now on and keeps that: when this returns it has been written down.
     *
     * @throws RuntimeException when it cannot be kept: the joiner is told that it failed
     */
    void paired(Peer joiner);
  }

  private final NodeId self;
  private final Host host;
  private final Invitations invitations;
  private final TreeSummary summary;
  private final Clock clock;
  private final Executor worker;
  private final Attempts attempts = new Attempts();

  public PairingServer(
      NodeId self,
      Host host,
      Invitations invitations,
      TreeSummary summary,
      Clock clock,
      Executor worker) {
    this.self = self;
    this.host = host;
    this.invitations = invitations;
    this.summary = summary;
    this.clock = clock;
    this.worker = worker;
  }

  @Override
  public boolean open() {
    return invitations.anyOpen(clock.wallMillis());
  }

  @Override
  public void accepted(ChannelPipeline pipeline, NodeId joiner, InetSocketAddress from) {
    PairingHandler handler = new PairingHandler(this, worker, joiner, from);
    pipeline.addLast(new PairingHandler.RequestDecoder(), handler);
  }

  /** The answer to a request; an accepted one that is no dry run has changed the cluster. */
  PairingCodec.Answer answer(PairingCodec.Request request, NodeId joiner, InetSocketAddress from) {
    PairingCodec.Answer answer = decide(request, joiner, from);
    LOG.info(
        "pairing from={} name={} {}",
        from.getAddress().getHostAddress(),
        request.name(),
        answer.refusal().map(refusal -> "refused: " + refusal).orElse("accepted"));
    return answer;
  }

  void summarise(PairingCodec.Request request, SummaryWriter writer) {
    Set<String> wanted = new HashSet<>(request.roots());
    for (String root : host.roots()) {
      if (wanted.contains(root)) {
        writer.begin(root);
        summary.each(root, writer::add);
      }
    }
    writer.end();
  }

  private PairingCodec.Answer decide(
      PairingCodec.Request request, NodeId joiner, InetSocketAddress from) {
    long now = clock.wallMillis();
    // The monotonic clock: setting the other one must not give more attempts.
    if (!attempts.allow(from.getAddress(), clock.monotonicNanos() / 1_000_000)) {
      return PairingCodec.Answer.refused(
          Refusal.RATE_LIMITED, "too many attempts: try again in a minute");
    }
    if (request.version() != PairingCodec.VERSION) {
      return PairingCodec.Answer.refused(
          Refusal.VERSION, "the inviter speaks pairing version " + PairingCodec.VERSION);
    }
    return switch (invitations.find(request.invitation(), now)) {
      case Invitations.Lookup.Unknown _ ->
          PairingCodec.Answer.refused(
              Refusal.UNKNOWN_INVITATION, "the inviter does not know this invitation");
      case Invitations.Lookup.Used _ ->
          PairingCodec.Answer.refused(Refusal.USED, "the invitation was used already");
      case Invitations.Lookup.Expired _ ->
          PairingCodec.Answer.refused(Refusal.EXPIRED, "the invitation has expired");
      case Invitations.Lookup.Open open -> check(open, request, joiner, from);
    };
  }

  private PairingCodec.Answer check(
      Invitations.Lookup.Open open,
      PairingCodec.Request request,
      NodeId joiner,
      InetSocketAddress from) {
    byte[] proof = Proof.of(open.verifier(), request.invitation(), self, joiner, request.dryRun());
    if (!MessageDigest.isEqual(proof, request.proof())) {
      return PairingCodec.Answer.refused(
          Refusal.BAD_PROOF, "the secret is not the one of the invitation");
    }
    Peer peer;
    try {
      peer = new Peer(request.name(), address(request.listen(), from), joiner);
    } catch (IllegalArgumentException e) {
      return PairingCodec.Answer.refused(Refusal.OTHER, "the address: " + e.getMessage());
    }
    List<Peer> others =
        host.peers().stream().filter(other -> !other.node().equals(joiner)).toList();
    PairingCodec.Answer welcome =
        new PairingCodec.Answer(Optional.empty(), "", host.name(), others, host.roots());
    if (request.dryRun()) {
      return welcome;
    }
    if (!invitations.consume(request.invitation())) {
      return PairingCodec.Answer.refused(Refusal.USED, "the invitation was used already");
    }
    host.paired(peer);
    return welcome;
  }

  /** Where the joiner can be dialled: what it says, its host taken from what is seen if needed. */
  private static String address(String listen, InetSocketAddress from) {
    if (listen.isEmpty()) {
      return "";
    }
    Address said = Address.parse(listen);
    if (said.port() == 0) {
      return "";
    }
    String seen = from.getAddress().getHostAddress();
    return (said.isWildcard() ? new Address(seen, said.port()) : said).toString();
  }
}
