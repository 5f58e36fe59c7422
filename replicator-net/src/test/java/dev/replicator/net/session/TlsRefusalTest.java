package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.replicator.net.identity.KeyText;
import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever has no pinned key gets no byte of ours. */
@Timeout(60)
final class TlsRefusalTest {
  private final NodeKey pinned = NodeKey.ephemeral();
  private Node node;

  @BeforeEach
  void startNode() throws ListenException {
    node = Node.started("node");
    node.network.put(new Peer("raw", "", pinned.node()));
  }

  @AfterEach
  void closeNode() {
    node.close();
  }

  private void isRefused(SSLContext context, SSLParameters parameters) throws Exception {
    try (SSLSocket socket = RawPeer.tls(node, context, parameters)) {
      // With TLS 1.3 a refused client learns it with its first read.
      assertThrows(
          IOException.class,
          () -> {
            socket.startHandshake();
            if (socket.getInputStream().read() < 0) {
              throw new IOException("closed");
            }
          });
    }
    try (RawPeer raw = RawPeer.connect(pinned, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      raw.send(new Control.Ping(1));
    }
  }

  private static SSLContext withoutKey() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManager anybody =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    context.init(null, new TrustManager[] {anybody}, null);
    return context;
  }

  @Test
  void refusesAClientWithoutACertificate() throws Exception {
    isRefused(withoutKey(), RawPeer.speaking(Tls.SESSION_PROTOCOL));
  }

  @Test
  void refusesAKeyThatIsNotPinned() throws Exception {
    isRefused(Tls.pairing(NodeKey.ephemeral(), node.id()), RawPeer.speaking(Tls.SESSION_PROTOCOL));
  }

  @Test
  void refusesPairingWhileNoInvitationIsOpen() throws Exception {
    isRefused(Tls.pairing(NodeKey.ephemeral(), node.id()), RawPeer.speaking(Tls.PAIRING_PROTOCOL));
  }

  @Test
  void refusesAProtocolThatIsNotOurs() throws Exception {
    isRefused(Tls.pairing(pinned, node.id()), RawPeer.speaking("h2", "http/1.1"));
  }

  @Test
  void refusesAPinnedKeyThatNamesNoProtocol() throws Exception {
    isRefused(Tls.pairing(pinned, node.id()), RawPeer.speaking());
  }

  @Test
  void refusesOlderVersionsOfTls() throws Exception {
    SSLParameters old = RawPeer.speaking(Tls.SESSION_PROTOCOL);
    old.setProtocols(new String[] {"TLSv1.2"});

    isRefused(Tls.pairing(pinned, node.id()), old);
  }

  @Test
  void closesOnPlainText() throws Exception {
    try (Socket socket = RawPeer.tcp(node)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      byte[] answer = in.readAllBytes();
      assertTrue(answer.length < 32, "more than an alert came back");
    }
  }

  @Test
  void doesNotDialANodeWithAnotherKeyThanExpected() throws Exception {
    NodeKey expected = NodeKey.ephemeral();
    try (Node dialler = Node.started("dialler")) {
      node.network.put(dialler.silentPeer());

      dialler.network.put(new Peer("node", node.address(), expected.node()));

      assertEquals(
          "at its address answers a node that is not trusted here, with the key "
              + KeyText.print(node.key.node())
              + ", and not node with the key "
              + KeyText.print(expected.node())
              + "; if that machine has a new key, `replicator peer remove node` here and pair it"
              + " again",
          dialler.nextError());
    }
  }

  /** A machine that has a new key, and was paired again: two entries have its address. */
  @Test
  void namesTheDeadOneOfTwoEntriesForOneAddress() throws Exception {
    NodeKey before = NodeKey.ephemeral();
    try (Node dialler = Node.started("dialler")) {
      node.network.put(dialler.silentPeer());
      dialler.network.put(new Peer("node-new", node.address(), node.key.node()));
      dialler.inbox.awaitConnected();

      dialler.network.put(new Peer("node", node.address(), before.node()));

      assertEquals(
          "at its address answers node-new, which is trusted, and not node with the key "
              + KeyText.print(before.node())
              + "; if that machine has a new key since, this entry is dead: `replicator peer remove"
              + " node` here and on every node that lists it",
          dialler.nextError());
    }
  }

  /** As the node that came in the place of a dead one, and is told of that one by the others. */
  @Test
  void knowsItselfAtTheAddressOfAPeer() throws Exception {
    node.network.put(new Peer("predecessor", node.address(), NodeKey.ephemeral().node()));

    String error = node.nextError();
    assertTrue(error.startsWith("this node itself, or a copy of it, answers at that"), error);
  }

  @Test
  void doesNotTakeAnotherPinnedPeerForTheOneItDials() throws Exception {
    try (Node dialler = Node.started("dialler");
        Node other = Node.started("other")) {
      node.network.put(dialler.silentPeer());
      dialler.network.put(new Peer("node", "", node.id()));

      dialler.network.put(new Peer("other", node.address(), other.id()));

      String error = dialler.nextError();
      assertTrue(
          error.startsWith("at its address answers node, which is trusted, and not other "), error);
    }
  }

  @Test
  void saysThatThePeerDoesNotTrustUs() throws Exception {
    try (Node stranger = Node.started("stranger")) {
      stranger.network.put(node.peer());

      String error = stranger.nextError();

      assertTrue(error.contains("does not trust this node's key; pair this node"), error);
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    String address = node.address();
    node.close();
    try (Node dialler = Node.started("dialler")) {
      dialler.network.put(new Peer("node", address, node.id()));

      assertEquals("connection refused", dialler.nextError());
    }
  }

  @Test
  void knowsItsOwnNodeId() {
    assertEquals(node.id(), NodeKey.nodeOf(node.key.certificate().getPublicKey()));
  }
}
