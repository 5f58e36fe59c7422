package dev.replicator.net.pairing;

/** Bounds of what a node that is not trusted yet can ask for. */
final class PairingLimits {
  static final int REQUEST_BYTES_MAX = 4 * 1_024;

  /** The answer comes from the node that the token names; it lists the cluster. */
  static final int ANSWER_BYTES_MAX = 64 * 1_024;

  static final int SUMMARY_FRAME_BYTES_MAX = 256 * 1_024;

  /** A frame is closed at this size; one more item always fits in what is left. */
  static final int SUMMARY_FRAME_BYTES = 160 * 1_024;

  static final int EXCHANGE_MILLIS_MAX = 10_000;
  static final int FRAME_MILLIS_MAX = 30_000;
  static final int ATTEMPTS_PER_ADDRESS_MAX = 5;
  static final int ATTEMPTS_MAX = 20;
  static final long ATTEMPTS_WINDOW_MILLIS = 60_000;
  static final int INVITATIONS_OPEN_MAX = 32;
  static final long INVITATION_MILLIS_MAX = 7L * 24 * 3_600 * 1_000;

  /** A spent invitation is remembered this long, to be told apart from one that never was. */
  static final long SPENT_MILLIS = 24L * 3_600 * 1_000;

  private PairingLimits() {}
}
