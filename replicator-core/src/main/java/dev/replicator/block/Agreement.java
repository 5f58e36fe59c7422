package dev.replicator.block;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/*
 * Each node checks its own configuration only, and DRBD compares little of it with the peer's. Two
 * nodes that name other survivors would both go on; two that have one number in the cluster would
 * both write to one journal of OCFS2. So what must not differ is a part of what they prove to know.
 */

/** Makes of the secret, and of all that both nodes have to agree on, the one that DRBD is given. */
final class Agreement {
  private static final String ALGORITHM = "HmacSHA256";

  private Agreement() {}

  /** 43 letters, digits, - or _; of no use for finding the secret of the file. */
  static Secret of(BlockConfig config, Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.text().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      byte[] proof = mac.doFinal(text(config).getBytes(StandardCharsets.UTF_8));
      return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(proof));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String text(BlockConfig config) {
    StringBuilder text = new StringBuilder("replicator 1\n");
    text.append("resource ").append(config.resource()).append('\n');
    for (BlockNode node : config.nodes()) {
      text.append("node ").append(node.name()).append(' ').append(node.address());
      text.append(' ').append(node.number()).append(' ').append(node.cluster()).append('\n');
    }
    text.append("cluster ").append(config.fileSystem().cluster()).append('\n');
    return text.append("fencing ").append(fencing(config.fencing())).append('\n').toString();
  }

  private static String fencing(Fencing fencing) {
    return switch (fencing) {
      case Fencing.Off _ -> "off";
      case Fencing.Preferred(String survivor, var _) -> "survivor " + survivor;
      case Fencing.Arbitrated(String arbiter, var _) -> "arbiter " + arbiter;
    };
  }
}
