package dev.replicator.model;

/** One machine running the daemon: the SHA-256 of its public key (SubjectPublicKeyInfo). */
public record NodeId(Digest fingerprint) implements Comparable<NodeId> {
  public static NodeId of(byte[] fingerprint) {
    return new NodeId(Digest.of(fingerprint));
  }

  @Override
  public int compareTo(NodeId other) {
    return fingerprint.compareTo(other.fingerprint);
  }

  @Override
  public String toString() {
    return fingerprint.toString();
  }
}
