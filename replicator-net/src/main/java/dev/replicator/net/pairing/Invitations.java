package dev.replicator.net.pairing;

import dev.replicator.model.Bytes;

/**
 * The invitations that this node has given out. Whoever invites and the daemon that is asked may be
 * two processes, so nothing here is remembered between two calls. Safe for several threads.
 */
public interface Invitations {
  /** What is known of an invitation. */
  sealed interface Lookup {
    /** It can be used until {@code expiryMillis}. */
    record Open(Bytes verifier, long expiryMillis) implements Lookup {}

    record Expired() implements Lookup {}

    record Used() implements Lookup {}

    record Unknown() implements Lookup {}
  }

  /** Whether any invitation can be used at {@code nowMillis}. */
  boolean anyOpen(long nowMillis);

  Lookup find(InvitationId id, long nowMillis);

  /** Uses the invitation up; true for exactly one of all who try. */
  boolean consume(InvitationId id);
}
