package dev.replicator.net.pairing;

/** Two nodes did not pair; the message says why and what to do. */
public final class PairingException extends Exception {
  private static final long serialVersionUID = 1L;
  private final Refusal refusal;

  PairingException(Refusal refusal, String message) {
    super(message);
    this.refusal = refusal;
  }

  PairingException(Refusal refusal, String message, Throwable cause) {
    super(message, cause);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
