package dev.replicator.runtime;

/**
 * The disk could not be made to keep what was written. It may be lost whatever a second try says,
 * so nothing is trusted any more.
 */
final class LostWriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostWriteException(String reason) {
    super("what was written may be lost: " + reason);
  }

  /** Nothing is trusted any more when {@code sync} fails. */
  static void unlessDone(Runnable sync) {
    try {
      sync.run();
    } catch (RuntimeException failure) {
      throw new LostWriteException(failure.toString());
    }
  }
}
