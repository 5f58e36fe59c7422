package dev.replicator.net.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.replicator.net.identity.NodeKey;
import dev.replicator.net.identity.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Certificates and hellos that look nearly right get no byte of ours. */
@Timeout(60)
final class TlsNegativesTest {
  private static final char[] PASSWORD = "x".toCharArray();
  private static final byte HANDSHAKE_RECORD = 22;
  private static final byte ALERT_RECORD = 21;
  private static final byte CLIENT_HELLO = 1;

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

  private void isRefused(SSLContext context) throws Exception {
    isRefused(context, RawPeer.speaking(Tls.SESSION_PROTOCOL));
  }

  private void isRefused(SSLContext context, SSLParameters parameters) throws Exception {
    try (SSLSocket socket = RawPeer.tls(node, context, parameters)) {
      assertThrows(IOException.class, () -> shakeHandsAndRead(socket));
    }
  }

  private static void shakeHandsAndRead(SSLSocket socket) throws IOException {
    socket.startHandshake();
    if (socket.getInputStream().read() < 0) {
      throw new IOException("closed");
    }
  }

  private void stillServesThePinnedPeer() throws Exception {
    try (RawPeer raw = RawPeer.connect(pinned, node).opened().withRoot()) {
      node.inbox.awaitConnected();
      raw.send(new Control.Ping(1));
    }
  }

  private static KeyPair pair(String algorithm, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  /** What {@code signer} says of {@code key}. */
  private static X509Certificate certificate(PublicKey key, PrivateKey signer, String signature)
      throws Exception {
    return signed(draft(key, "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"), signer, signature);
  }

  private static JcaX509v3CertificateBuilder draft(PublicKey key, String from, String until) {
    return new JcaX509v3CertificateBuilder(
        new X500Name("CN=replicator"),
        BigInteger.TWO,
        Date.from(Instant.parse(from)),
        Date.from(Instant.parse(until)),
        new X500Name("CN=replicator"),
        key);
  }

  private static X509Certificate signed(
      JcaX509v3CertificateBuilder draft, PrivateKey signer, String signature) throws Exception {
    return new JcaX509CertificateConverter()
        .getCertificate(draft.build(new JcaContentSignerBuilder(signature).build(signer)));
  }

  private static SSLContext showing(PrivateKey secret, X509Certificate... chain) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, PASSWORD);
    store.setKeyEntry("node", secret, PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {new Anybody()}, null);
    return context;
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** So that nothing but its certificate speaks against it. */
  private void pin(KeyPair pair) {
    node.network.put(new Peer("other", "", NodeKey.nodeOf(pair.getPublic())));
  }

  private static X509Certificate ownCertificate(KeyPair pair, String signature) throws Exception {
    return certificate(pair.getPublic(), pair.getPrivate(), signature);
  }

  @Test
  void takesAnOrdinaryKeyThatIsPinned() throws Exception {
    KeyPair pair = pair("EC", 256);
    pin(pair);

    isServed(showing(pair.getPrivate(), ownCertificate(pair, "SHA256withECDSA")));
  }

  private void isServed(SSLContext context) throws Exception {
    try (SSLSocket socket = RawPeer.tls(node, context, RawPeer.speaking(Tls.SESSION_PROTOCOL))) {
      shakeHandsAndRead(socket);
    }
  }

  /** Dates mean nothing here: a node serves for years, and its clock may be wrong. */
  @Test
  void letsThePinnedKeyDecideThoughItsCertificateIsExpiredOrNotValidYet() throws Exception {
    KeyPair pair = pair("EC", 256);
    SSLContext expired = dated(pair, "2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z");
    SSLContext early = dated(pair, "2099-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    isRefused(expired);
    isRefused(early);

    pin(pair);
    isServed(expired);
    isServed(early);
  }

  private static SSLContext dated(KeyPair pair, String from, String until) throws Exception {
    JcaX509v3CertificateBuilder draft = draft(pair.getPublic(), from, until);
    return showing(pair.getPrivate(), signed(draft, pair.getPrivate(), "SHA256withECDSA"));
  }

  /** What a certificate says of its own rights means nothing either. */
  @Test
  void letsThePinnedKeyDecideWhetherItsCertificateSaysItIsAnAuthorityOrNone() throws Exception {
    for (boolean authority : List.of(true, false)) {
      KeyPair pair = pair("EC", 256);
      SSLContext context = showing(pair.getPrivate(), claiming(pair, authority));
      isRefused(context);

      pin(pair);
      isServed(context);
    }
  }

  private static X509Certificate claiming(KeyPair pair, boolean authority) throws Exception {
    JcaX509v3CertificateBuilder draft =
        draft(pair.getPublic(), "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    draft.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    return signed(draft, pair.getPrivate(), "SHA256withECDSA");
  }

  /** Who has one pinned key makes no other: neither one that says it is an authority. */
  @Test
  void refusesAKeyThatAPinnedKeySignedAsIfItWereAnAuthority() throws Exception {
    for (boolean authority : List.of(true, false)) {
      KeyPair signer = pair("EC", 256);
      pin(signer);
      KeyPair made = pair("EC", 256);
      X509Certificate signed =
          certificate(made.getPublic(), signer.getPrivate(), "SHA256withECDSA");
      X509Certificate leaf = claiming(signer, authority);

      isRefused(showing(made.getPrivate(), signed, leaf));
      isRefused(showing(made.getPrivate(), signed));
      isServed(showing(signer.getPrivate(), leaf));
    }
    stillServesThePinnedPeer();
  }

  @Test
  void refusesAPinnedKeyOfAnotherKind() throws Exception {
    KeyPair rsa = pair("RSA", 2_048);
    pin(rsa);
    isRefused(showing(rsa.getPrivate(), ownCertificate(rsa, "SHA256withRSA")));

    KeyPair longer = pair("EC", 384);
    pin(longer);
    isRefused(showing(longer.getPrivate(), ownCertificate(longer, "SHA384withECDSA")));
    stillServesThePinnedPeer();
  }

  @Test
  void refusesAPinnedKeyThatAnAuthoritySigned() throws Exception {
    KeyPair authority = pair("EC", 256);
    KeyPair leaf = pair("EC", 256);
    pin(leaf);
    X509Certificate root = ownCertificate(authority, "SHA256withECDSA");
    X509Certificate signed =
        certificate(leaf.getPublic(), authority.getPrivate(), "SHA256withECDSA");

    isRefused(showing(leaf.getPrivate(), signed, root));
    isRefused(showing(leaf.getPrivate(), signed));
    stillServesThePinnedPeer();
  }

  @Test
  void refusesThePinnedCertificateFromOneWhoHasNotItsKey() throws Exception {
    KeyPair thief = pair("EC", 256);

    isRefused(showing(thief.getPrivate(), pinned.certificate()));
    isRefused(
        showing(
            thief.getPrivate(),
            certificate(
                pinned.certificate().getPublicKey(), thief.getPrivate(), "SHA256withECDSA")));
    stillServesThePinnedPeer();
  }

  @Test
  void refusesAStrangerWhateverServerHeNames() throws Exception {
    SSLParameters parameters = RawPeer.speaking(Tls.SESSION_PROTOCOL);
    parameters.setServerNames(List.of(new SNIHostName("admin.example.org")));

    isRefused(Tls.pairing(NodeKey.ephemeral(), node.id()), parameters);
    stillServesThePinnedPeer();
  }

  @Test
  void takesUpNoEarlierTlsSessionOfAPeerThatWasRemoved() throws Exception {
    SSLContext context = Tls.pairing(pinned, node.id());
    try (SSLSocket socket = RawPeer.tls(node, context, RawPeer.speaking(Tls.SESSION_PROTOCOL))) {
      // The first frame comes behind the ticket.
      shakeHandsAndRead(socket);
    }
    node.network.remove(pinned.node());

    isRefused(context);
  }

  /** CVE-2026-75595: a hello in pieces once led around the demand for a certificate. */
  @Test
  void demandsAPinnedKeyThoughTheHelloComesInPieces() throws Exception {
    assertThrows(IOException.class, () -> dripsItsHello(NodeKey.ephemeral()));
    dripsItsHello(pinned);
  }

  private void dripsItsHello(NodeKey key) throws Exception {
    SSLContext context = Tls.pairing(key, node.id());
    try (Socket dripping = new DrippingSocket(RawPeer.tcp(node), 1);
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(dripping, "", 0, true)) {
      socket.setUseClientMode(true);
      socket.setSSLParameters(RawPeer.speaking(Tls.SESSION_PROTOCOL));
      shakeHandsAndRead(socket);
    }
  }

  @Test
  void refusesAHelloThatClaimsSixteenMebibytesAtItsFirstRecord() throws Exception {
    try (Socket socket = RawPeer.tcp(node)) {
      OutputStream out = socket.getOutputStream();
      byte[] record = new byte[5 + 16_384];
      record[0] = HANDSHAKE_RECORD;
      record[1] = 3;
      record[2] = 1;
      record[3] = 0x40;
      record[5] = CLIENT_HELLO;
      Arrays.fill(record, 6, 9, (byte) 0xff);
      out.write(record);

      // At the deadline it would be closed without a word.
      assertEquals(ALERT_RECORD, socket.getInputStream().read());
    }
    stillServesThePinnedPeer();
  }
}
