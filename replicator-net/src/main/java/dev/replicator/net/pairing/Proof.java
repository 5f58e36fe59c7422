package dev.replicator.net.pairing;

import dev.replicator.model.Bytes;
import dev.replicator.model.NodeId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** That a node knows the secret of an invitation, bound to the two keys of one TLS connection. */
final class Proof {
  private static final byte[] CONTEXT = "replicator-pair/1\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERIFIER_CONTEXT =
      "replicator-invitation\0".getBytes(StandardCharsets.US_ASCII);

  private Proof() {}

  /** What the inviter keeps of a secret: enough to check a proof, not to print the token. */
  static Bytes verifier(Bytes secret) {
    MessageDigest digest = digest();
    digest.update(VERIFIER_CONTEXT);
    return Bytes.copyOf(digest.digest(secret.toArray()));
  }

  static byte[] of(Bytes verifier, InvitationId id, NodeId inviter, NodeId joiner, boolean dryRun) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(verifier.toArray(), "HmacSHA256"));
      mac.update(CONTEXT);
      mac.update(inviter.fingerprint().octets().toArray());
      mac.update(joiner.fingerprint().octets().toArray());
      mac.update(id.octets().toArray());
      mac.update((byte) (dryRun ? 1 : 0));
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }

  static byte[] sha256(byte[] bytes) {
    return digest().digest(bytes);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
