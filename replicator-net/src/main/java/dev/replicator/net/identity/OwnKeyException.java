package dev.replicator.net.identity;

import java.security.cert.CertificateException;

/** The other end shows the key of this node: it is this node itself, or a copy of it. */
public final class OwnKeyException extends CertificateException {
  private static final long serialVersionUID = 1;

  public OwnKeyException() {
    super(
        "this node itself, or a copy of it, answers at that address; if the peer is gone,"
            + " `replicator peer remove` it on every node, else `replicator peer add` it with its"
            + " own address");
  }
}
