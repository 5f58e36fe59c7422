package dev.replicator.net.identity;

import dev.replicator.model.NodeId;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS between nodes: version 1.3 only, both sides show their key, and a key is all that counts.
 *
 * <p>Every connection has a context of its own, so that no session of an earlier one, whose key may
 * have been removed since, can ever be resumed.
 */
public final class Tls {
  /** ALPN of sessions: both keys are pinned. */
  public static final String SESSION_PROTOCOL = "replicator/1";

  /** ALPN of pairing: offered only while an invitation is open; the joiner's key is not pinned. */
  public static final String PAIRING_PROTOCOL = "replicator-pair/1";

  private static final String[] VERSIONS = {"TLSv1.3"};
  private static final String[] CIPHERS = {
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
  };

  private final NodeKey key;
  private final Pins pins;

  public Tls(NodeKey key, Pins pins) {
    this.key = key;
    this.pins = pins;
  }

  public NodeId self() {
    return key.node();
  }

  /** Why there is no session with a node whose key nobody pinned, and what to do. */
  public static String untrusted(NodeId node) {
    return "the key "
        + KeyText.print(node)
        + " is not trusted here; if that node has a new key, `replicator peer remove` it here and"
        + " pair it again";
  }

  /** The accepting side of a new connection. */
  public SSLEngine accepting(BooleanSupplier invitationOpen) {
    SSLEngine engine =
        context(
                (node, protocol) -> {
                  if (!protocol.equals(PAIRING_PROTOCOL)) {
                    requireTrusted(node);
                  }
                })
            .createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters();
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    engine.setHandshakeApplicationProtocolSelector(
        (ignored, offered) -> select(offered, invitationOpen));
    return engine;
  }

  /** The dialling side of a session with {@code peer}. */
  public SSLEngine dialling(NodeId peer) {
    SSLEngine engine =
        context(
                (node, _) -> {
                  requireSame(peer, node);
                  requireTrusted(node);
                })
            .createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters();
    parameters.setApplicationProtocols(new String[] {SESSION_PROTOCOL});
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** A context and the parameters to pair with {@code inviter}, for a blocking socket. */
  public static SSLContext pairing(NodeKey joiner, NodeId inviter) {
    return context(joiner, (node, _) -> requireSame(inviter, node));
  }

  /** Makes {@code socket}, which comes from {@link #pairing}, offer what pairing needs. */
  public static void configurePairing(SSLSocket socket) {
    socket.setUseClientMode(true);
    SSLParameters parameters = parameters();
    parameters.setApplicationProtocols(new String[] {PAIRING_PROTOCOL});
    socket.setSSLParameters(parameters);
  }

  /**
   * Who is at the other end, looked at once more after the handshake: the handshake of a provider
   * has been wrong before.
   *
   * @throws CertificateException when it is not one whole, self-signed certificate over TLS 1.3
   */
  public static NodeId peerOf(SSLSession session) throws CertificateException {
    if (!Arrays.asList(VERSIONS).contains(session.getProtocol())) {
      throw new CertificateException("the connection speaks " + session.getProtocol());
    }
    Certificate[] shown;
    try {
      shown = session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException e) {
      throw new CertificateException("the other side shows no certificate", e);
    }
    X509Certificate[] chain = new X509Certificate[shown.length];
    for (int i = 0; i < shown.length; i++) {
      if (!(shown[i] instanceof X509Certificate certificate)) {
        throw new CertificateException("the other side shows no X.509 certificate");
      }
      chain[i] = certificate;
    }
    return KeyTrust.nodeOf(chain);
  }

  public boolean trusts(NodeId node) {
    return pins.contains(node);
  }

  private void requireTrusted(NodeId node) throws CertificateException {
    if (!pins.contains(node)) {
      throw new CertificateException(untrusted(node));
    }
  }

  private static void requireSame(NodeId expected, NodeId found) throws CertificateException {
    if (!found.equals(expected)) {
      throw new AnotherKeyException(found);
    }
  }

  private static @Nullable String select(List<String> offered, BooleanSupplier invitationOpen) {
    if (offered.contains(SESSION_PROTOCOL)) {
      return SESSION_PROTOCOL;
    }
    // Null ends the handshake with the alert no_application_protocol.
    return offered.contains(PAIRING_PROTOCOL) && invitationOpen.getAsBoolean()
        ? PAIRING_PROTOCOL
        : null;
  }

  private SSLContext context(KeyTrust.Rule rule) {
    return context(key, rule);
  }

  private static SSLContext context(NodeKey key, KeyTrust.Rule rule) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          new KeyManager[] {new SingleKeyManager(key)},
          new TrustManager[] {new KeyTrust(key.node(), rule)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK speaks no TLS 1.3", e);
    }
  }

  private static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters(CIPHERS, VERSIONS);
    parameters.setEndpointIdentificationAlgorithm(null);
    parameters.setServerNames(List.of());
    return parameters;
  }
}
