package dev.replicator.model;

/**
 * A version that left its path and whose content is, or was, in the vault.
 *
 * @param leftMillis when, milliseconds since the epoch
 * @param writtenMillis when it was written; 0 when that is not known
 * @param dot the write that made it; the first one in the order of dots when several did
 */
public record HistoryItem(
    RelativePath path,
    long leftMillis,
    long writtenMillis,
    Dot dot,
    Target version,
    Reason reason) {
  /** Why it left. */
  public enum Reason {
    REPLACED,
    DELETED,
    LOST_CONFLICT,
    ADOPTED_LOST
  }
}
