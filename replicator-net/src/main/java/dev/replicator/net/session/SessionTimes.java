package dev.replicator.net.session;

/**
 * How long a connection waits for what. These are never told by a peer.
 *
 * @param handshakeMillis from the first packet to the session: TLS and first frames included
 * @param pingMillis between two pings
 * @param silentMillis without any byte before a peer counts as gone
 * @param backoffMillisMin bound of the first wait before dialling again
 * @param backoffMillisMax bound of every later one
 * @param provenMillis a session that lasts longer wipes out earlier broken rules
 * @param farewellMillis for a last frame to leave when a session is closed, and for the other side
 *     to read it and close
 */
public record SessionTimes(
    long handshakeMillis,
    long pingMillis,
    long silentMillis,
    long backoffMillisMin,
    long backoffMillisMax,
    long provenMillis,
    long farewellMillis) {
  public static final SessionTimes DEFAULT =
      new SessionTimes(10_000, 5_000, 15_000, 100, 10_000, 60_000, 2_000);

  /** For the process that has a session to show that it lives, when another one wants it. */
  long probeMillis() {
    return handshakeMillis / 2;
  }

  public SessionTimes {
    if (handshakeMillis < 1
        || pingMillis < 1
        || silentMillis <= pingMillis
        || backoffMillisMin < 1
        || backoffMillisMax < backoffMillisMin
        || provenMillis < 1
        || farewellMillis < 1) {
      throw new IllegalArgumentException("times that cannot work");
    }
  }
}
