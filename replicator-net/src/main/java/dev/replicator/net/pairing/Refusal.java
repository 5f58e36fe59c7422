package dev.replicator.net.pairing;

/** Why two nodes do not pair. */
public enum Refusal {
  /** The inviter does not know the invitation: another node, or another state directory. */
  UNKNOWN_INVITATION,
  USED,
  EXPIRED,
  /** The secret is not the one of the invitation. */
  BAD_PROOF,
  /** Too many attempts in a short time. */
  RATE_LIMITED,
  /** The two speak no common version. */
  VERSION,
  /** The node that answers is not the one that the token names. */
  WRONG_KEY,
  /** The inviter has no open invitation at all. */
  NONE_OPEN,
  /** Nobody answers where the token points. */
  UNREACHABLE,
  /** The other side said something that is no pairing. */
  BROKEN,
  OTHER
}
