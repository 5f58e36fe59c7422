package dev.replicator.net.identity;

import dev.replicator.model.NodeId;
import java.security.cert.CertificateException;

/** Another node than the one that was dialled answers at its address. */
public final class AnotherKeyException extends CertificateException {
  private static final long serialVersionUID = 1;

  private final transient NodeId found;

  AnotherKeyException(NodeId found) {
    super("another node answers at that address: " + KeyText.print(found));
    this.found = found;
  }

  public NodeId found() {
    return found;
  }
}
