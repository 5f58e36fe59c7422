package dev.replicator.net.pairing;

import dev.replicator.net.identity.KeyText;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Tls;
import dev.replicator.net.session.Address;
import dev.replicator.net.session.Peer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** The joining side: one blocking exchange with the inviter that a token names. */
public final class Joiner {
  private final NodeKey key;

  /**
   * What the joining node says of itself.
   *
   * @param listen {@code host:port} where it can be dialled; a wildcard host means "where you see
   *     me", empty means "not at all"
   */
  public record Introduction(String name, String listen, List<String> roots) {
    public Introduction {
      roots = List.copyOf(roots);
      if (!listen.isEmpty()) {
        Address.parse(listen);
      }
    }
  }

  /**
   * What the joining node learns.
   *
   * @param others the peers of the inviter, the joining node left out
   * @param roots of the inviter
   */
  public record Cluster(Peer inviter, List<Peer> others, List<String> roots) {
    public Cluster {
      others = List.copyOf(others);
      roots = List.copyOf(roots);
    }
  }

  public Joiner(NodeKey key) {
    this.key = key;
  }

  /** Uses the invitation up: from now on the inviter trusts this node. */
  public Cluster join(Invitation invitation, Introduction introduction) throws PairingException {
    try (SSLSocket socket = dial(invitation)) {
      return exchange(socket, invitation, introduction, false);
    } catch (IOException e) {
      throw failure(invitation, e);
    }
  }

  /**
   * Changes nothing anywhere: gives what the inviter has in roots of the same names to {@code
   * items}, as (root, item).
   */
  public Cluster dryRun(
      Invitation invitation, Introduction introduction, BiConsumer<String, TreeSummary.Item> items)
      throws PairingException {
    try (SSLSocket socket = dial(invitation)) {
      Cluster cluster = exchange(socket, invitation, introduction, true);
      socket.setSoTimeout(PairingLimits.FRAME_MILLIS_MAX);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      PairingCodec.Part part;
      do {
        part = PairingCodec.part(read(in, PairingLimits.SUMMARY_FRAME_BYTES_MAX));
        String root = part.root();
        if (!part.items().isEmpty() && !introduction.roots().contains(root)) {
          throw new PairingException(Refusal.BROKEN, "the inviter tells of another root");
        }
        part.items().forEach(item -> items.accept(root, item));
      } while (!part.last());
      return cluster;
    } catch (IOException e) {
      throw failure(invitation, e);
    } catch (PairingCodec.Malformed e) {
      throw new PairingException(Refusal.BROKEN, "the inviter sent " + e.getMessage(), e);
    }
  }

  private SSLSocket dial(Invitation invitation) throws IOException, PairingException {
    if (key.node().equals(invitation.inviter())) {
      throw new PairingException(
          Refusal.OTHER, "the token was made on this node: use it on the node that joins");
    }
    Address address = invitation.address();
    // Not closed on success: the TLS socket around it does that.
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(
          new InetSocketAddress(address.host(), address.port()), PairingLimits.EXCHANGE_MILLIS_MAX);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw new PairingException(
          Refusal.UNREACHABLE,
          "nobody answers at %s (%s): is the inviting daemon running, and does a firewall let %s"
              .formatted(address, e.getMessage(), "its port through?"),
          e);
    }
    SSLSocket socket =
        (SSLSocket)
            Tls.pairing(key, invitation.inviter())
                .getSocketFactory()
                .createSocket(plain, address.host(), address.port(), true);
    try {
      Tls.configurePairing(socket);
      socket.setSoTimeout(PairingLimits.EXCHANGE_MILLIS_MAX);
      socket.startHandshake();
      if (!Tls.peerOf(socket.getSession()).equals(invitation.inviter())) {
        throw new CertificateException("another key after the handshake");
      }
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    } catch (CertificateException e) {
      socket.close();
      throw wrongKey(invitation, e);
    }
  }

  private Cluster exchange(
      SSLSocket socket, Invitation invitation, Introduction introduction, boolean dryRun)
      throws IOException, PairingException {
    byte[] proof =
        Proof.of(
            Proof.verifier(invitation.secret()),
            invitation.id(),
            invitation.inviter(),
            key.node(),
            dryRun);
    byte[] request =
        PairingCodec.encode(
            new PairingCodec.Request(
                PairingCodec.VERSION,
                invitation.id(),
                proof,
                introduction.name(),
                introduction.listen(),
                introduction.roots(),
                dryRun));
    if (request.length > PairingLimits.REQUEST_BYTES_MAX) {
      throw new PairingException(
          Refusal.OTHER, "the names of this node and its roots are too long to be told");
    }
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(request.length);
    out.write(request);
    out.flush();
    PairingCodec.Answer answer;
    try {
      answer =
          PairingCodec.answer(
              read(new DataInputStream(socket.getInputStream()), PairingLimits.ANSWER_BYTES_MAX));
    } catch (PairingCodec.Malformed e) {
      throw new PairingException(Refusal.BROKEN, "the inviter sent " + e.getMessage(), e);
    }
    if (answer.refusal().isPresent()) {
      throw new PairingException(answer.refusal().get(), answer.text() + remedy(answer));
    }
    Peer inviter = new Peer(answer.name(), invitation.address().toString(), invitation.inviter());
    return new Cluster(inviter, answer.peers(), answer.roots());
  }

  private static String remedy(PairingCodec.Answer answer) {
    return switch (answer.refusal().orElseThrow()) {
      case UNKNOWN_INVITATION, USED, EXPIRED, BAD_PROOF ->
          ": ask for a new token (replicator invite)";
      case VERSION -> ": bring both nodes to one release of replicator";
      case RATE_LIMITED, WRONG_KEY, NONE_OPEN, UNREACHABLE, BROKEN, OTHER -> "";
    };
  }

  private static byte[] read(DataInputStream in, int bytesMax)
      throws IOException, PairingException {
    int length = in.readInt();
    if (length < 0 || length > bytesMax) {
      throw new PairingException(
          Refusal.BROKEN, "the inviter sent " + Integer.toUnsignedString(length) + " bytes");
    }
    byte[] body = new byte[length];
    in.readFully(body);
    return body;
  }

  private static PairingException failure(Invitation invitation, IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return wrongKey(invitation, failure);
      }
    }
    String text = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no_application_protocol")) {
      return new PairingException(
          Refusal.NONE_OPEN,
          "the inviter has no open invitation: it was used, has expired, or was made with another"
              + " state directory; ask for a new token (replicator invite)",
          failure);
    }
    if (failure instanceof SocketTimeoutException
        || failure instanceof EOFException
        || failure instanceof SocketException) {
      return new PairingException(
          Refusal.UNREACHABLE,
          "the connection to " + invitation.address() + " broke off: " + failure,
          failure);
    }
    String what = failure instanceof SSLException ? "no daemon of ours answers: " : "";
    return new PairingException(
        Refusal.BROKEN, invitation.address() + ": " + what + failure.getMessage(), failure);
  }

  private static PairingException wrongKey(Invitation invitation, Exception cause) {
    return new PairingException(
        Refusal.WRONG_KEY,
        "the node at %s does not have the key %s of the token: another machine answers there, or"
                .formatted(invitation.address(), KeyText.print(invitation.inviter()))
            + " its key was replaced",
        cause);
  }
}
