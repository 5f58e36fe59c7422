package dev.replicator.net.identity;

import dev.replicator.model.NodeId;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Accepts exactly one self-signed certificate whose key is accepted by a rule. Authorities, names
 * and dates mean nothing here, so there is no host to verify and no chain to build.
 */
final class KeyTrust extends X509ExtendedTrustManager {
  private static final int CURVE_BITS = 256;

  /** Decides on a key, knowing what the connection is for (the agreed protocol, maybe empty). */
  interface Rule {
    /**
     * Lets {@code node} pass.
     *
     * @throws CertificateException which says why not
     */
    void check(NodeId node, String protocol) throws CertificateException;
  }

  private final NodeId self;
  private final Rule rule;

  KeyTrust(NodeId self, Rule rule) {
    this.self = self;
    this.rule = rule;
  }

  /** The node that holds the key of {@code chain}, which must be one self-signed certificate. */
  static NodeId nodeOf(X509Certificate @Nullable [] chain) throws CertificateException {
    if (chain == null || chain.length != 1) {
      int length = chain == null ? 0 : chain.length;
      throw new CertificateException("a node shows one certificate, not " + length);
    }
    X509Certificate certificate = chain[0];
    if (!(certificate.getPublicKey() instanceof ECPublicKey key)
        || key.getParams().getCurve().getField().getFieldSize() != CURVE_BITS) {
      throw new CertificateException("a node's key is of the curve P-256");
    }
    try {
      certificate.verify(key);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("a node's certificate is signed by its own key", e);
    }
    return NodeKey.nodeOf(key);
  }

  private void check(X509Certificate[] chain, @Nullable String protocol)
      throws CertificateException {
    NodeId node = nodeOf(chain);
    if (node.equals(self)) {
      throw new OwnKeyException();
    }
    rule.check(node, protocol == null ? "" : protocol);
  }

  private static @Nullable String protocol(Socket socket) {
    return socket instanceof SSLSocket tls ? tls.getHandshakeApplicationProtocol() : "";
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, protocol(socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, protocol(socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, engine.getHandshakeApplicationProtocol());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, engine.getHandshakeApplicationProtocol());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, "");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, "");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
