package dev.replicator.runtime;

import dev.replicator.model.Bytes;
import dev.replicator.model.Identity;
import dev.replicator.model.JournalId;
import dev.replicator.model.ReplicaId;
import java.security.SecureRandom;

/** Draws replica and journal ids. */
final class Identities {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Identities() {}

  static Identity draw() {
    byte[] journal = new byte[JournalId.LENGTH_BYTES];
    RANDOM.nextBytes(journal);
    return new Identity(new ReplicaId(RANDOM.nextLong()), new JournalId(Bytes.copyOf(journal)));
  }
}
