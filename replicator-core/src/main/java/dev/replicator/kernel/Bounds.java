package dev.replicator.kernel;

import dev.replicator.model.Entry;
import dev.replicator.model.Limits;

/**
 * How much a replica takes up at once, and keeps in memory. What is beyond is found again in the
 * journal, waits, or is done in another way: nothing depends on how large these are.
 *
 * @param inFlight paths being looked at or worked on at once
 * @param work paths in memory that wait for work
 * @param batch changes that are sent at once
 * @param window changes sent to a peer and not yet merged there
 * @param summary paths of which a comparison tells at once
 * @param waiting paths in memory that wait for something else
 * @param unreadScopes what scans could not read
 * @param remembered of each thing that was found out about paths and contents, and saves work
 * @param groups directories that arrive as a whole at the same time
 * @param groupMembers paths of these
 * @param writersAwaited paths whose exchange waits for a writer here
 * @param movedFileBytes least size of a file that is renamed where another node renamed it
 * @param restBytesPerSecond so much of a file that changes all the time is read, on average
 */
public record Bounds(
    int inFlight,
    int work,
    int batch,
    int window,
    int summary,
    int waiting,
    int unreadScopes,
    int remembered,
    int groups,
    int groupMembers,
    int writersAwaited,
    long movedFileBytes,
    long restBytesPerSecond) {
  /** Those of a daemon; each kind of memory has a limit of its own. */
  public static final Bounds ORDINARY =
      new Bounds(
          Limits.PATHS_IN_FLIGHT_MAX,
          Paths.WORK_MAX,
          Limits.BATCH_CHANGES_MAX,
          Limits.WINDOW_CHANGES_MAX,
          Limits.SUMMARY_PATHS_MAX,
          Limits.PATHS_WAITING_MAX,
          Limits.UNREAD_SCOPES_MAX,
          Integer.MAX_VALUE,
          Limits.GROUPS_MAX,
          Limits.GROUP_MEMBERS_MAX,
          Limits.WRITERS_AWAITED_MAX,
          Limits.MOVED_FILE_BYTES_MIN,
          Limits.REST_BYTES_PER_SECOND);

  /** The same for all but files. */
  public Bounds withFiles(long movedBytes, long restPerSecond) {
    return new Bounds(
        inFlight,
        work,
        batch,
        window,
        summary,
        waiting,
        unreadScopes,
        remembered,
        groups,
        groupMembers,
        writersAwaited,
        movedBytes,
        restPerSecond);
  }

  /** Whether what is there is worth to be renamed by itself. */
  boolean isLarge(Entry entry) {
    return entry instanceof Entry.File file && file.size() >= movedFileBytes;
  }

  /** How much is remembered of what has the limit {@code max}. */
  int remembered(int max) {
    return Math.min(max, remembered);
  }
}
