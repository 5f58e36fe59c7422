package dev.replicator.model;

/**
 * Every length, count, depth and window that a peer, a disk or a user could otherwise make grow. A
 * frame that breaks one closes its session; a path that breaks one is pending with its reason.
 */
public final class Limits {
  public static final int PATH_BYTES_MAX = 65_536;
  public static final int PATH_DEPTH_MAX = 4_096;
  public static final int NAME_BYTES_MAX = 255;
  public static final int PRINCIPAL_CHARACTERS_MAX = 256;
  public static final int EXTENDED_ATTRIBUTES_MAX = 1_000;
  public static final int EXTENDED_ATTRIBUTES_BYTES_MAX = 256 * 1_024;

  /** Content-defined chunks: protocol constants, equal on all nodes. */
  public static final int CHUNK_BYTES_MIN = 16 * 1_024;

  public static final int CHUNK_BYTES_AVERAGE = 64 * 1_024;
  public static final int CHUNK_BYTES_MAX = 256 * 1_024;

  /** A hole is made of whole blocks of this size, aligned in the file; a power of two. */
  public static final int HOLE_BLOCK_BYTES = 64 * 1_024;

  /** Some 20 GiB of data; several times the memory of one such list has to fit into the heap. */
  public static final int FILE_CHUNKS_MAX = 256 * 1_024;

  public static final int MANIFEST_CHUNKS_MAX = 16_384;

  public static final int SIBLINGS_MAX = 64;

  /** Concurrent versions of a path that are kept; two records of so many fit into one. */
  public static final int SIBLINGS_KEPT_MAX = 30;

  public static final int VECTOR_REPLICAS_MAX = 4_096;

  /** Dots of one part of what is known to stand behind a path on this disk. */
  public static final int KNOWN_DOTS_MAX = 4_096;

  public static final int FRAME_BYTES_MAX = 4 * 1_024 * 1_024;

  /** One encoded message: a frame has room for it and for what the session puts around it. */
  public static final int ENVELOPE_BYTES_MAX = FRAME_BYTES_MAX - 64;

  /** Everything that repeats in one encoded value, at all depths together. */
  public static final int FRAME_ITEMS_MAX = 262_144;

  public static final int BATCH_CHANGES_MAX = 256;
  public static final int BATCH_BYTES_MAX = 1_024 * 1_024;
  public static final int INLINE_BYTES_MAX = 256 * 1_024;

  /** What is new of a large file travels with its change as long as it is no more than this. */
  public static final int DELTA_RUNS_MAX = 1_024;

  public static final int DELTA_CHUNKS_MAX = 1_024;

  /** Changes sent to a peer and not yet merged there. */
  public static final int WINDOW_CHANGES_MAX = 4_096;

  /** A file that is smaller is fetched again from its beginning. */
  public static final long PART_BYTES_MIN = 4L * 1_024 * 1_024;

  /** Chunks asked of one peer and not yet received. */
  public static final int CHUNK_REQUESTS_MAX = 32;

  /** Large files of a root of which peers send chunks before the change that needs them. */
  public static final int FILES_AHEAD_MAX = 2;

  /** Chunks of one of them, some 4 GiB: what comes behind these is asked for. */
  public static final int CHUNKS_AHEAD_MAX = 64 * 1_024;

  /** Such chunks of all of them that wait to be written; more are dropped, and asked for. */
  public static final int BYTES_AHEAD_WAITING_MAX = 16 * 1_024 * 1_024;

  public static final int EXCEPTIONS_MAX = 1_024;

  /** Paths in memory that wait for something; the others are found in the pending work. */
  public static final int PATHS_WAITING_MAX = 65_536;

  public static final int UNREAD_SCOPES_MAX = 32;
  public static final int SUMMARY_PATHS_MAX = 1_024;

  /** Paths of a range that are compared as one. */
  public static final int RANGE_PATHS_MAX = 64;

  /** Ranges of one message. */
  public static final int RANGES_MAX = 16;

  /** Parts of a comparison that a peer has not answered yet. */
  public static final int COMPARISON_PARTS_MAX = 4;

  /** Longer than one write takes, and than a page of a mapping waits to be written back. */
  public static final long WRITE_MILLIS_MAX = 60_000;

  /** Paths being read or written at once. */
  public static final int PATHS_IN_FLIGHT_MAX = 256;

  /**
   * Of these, looks, and small ones being put: with more nothing is there sooner, and who comes
   * next waits for all of them. Twice what may be asked of a peer at once.
   */
  public static final int LOOKS_IN_FLIGHT_MAX = 64;

  public static final int SMALL_PUTS_IN_FLIGHT_MAX = 64;

  /**
   * Files that left their paths and are still open for writing; more are not replaced, but for what
   * is in flight.
   */
  public static final int LATE_WRITERS_MAX = 1_024;

  /**
   * Paths whose exchange waits for a writer here; others are exchanged at once, but for what is in
   * flight.
   */
  public static final int WRITERS_AWAITED_MAX = 256;

  /**
   * Names of one file in a root that are looked at when it changed; a scan finds those of a file
   * that has more.
   */
  public static final int FILE_NAMES_MAX = 1_024;

  /** Filter rules of one root: how many, how long, and what they grow to when compiled. */
  public static final int FILTER_RULES_MAX = 4_096;

  public static final int FILTER_PATTERN_BYTES_MAX = 4_096;
  public static final int FILTER_ALTERNATIVES_MAX = 256;
  public static final int FILTER_STATES_MAX = 65_536;

  /** Directories that arrive as a whole at the same time, on the disk or from peers. */
  public static final int GROUPS_MAX = 64;

  /** Paths of all directories that are put as a whole at the same time. */
  public static final int GROUP_MEMBERS_MAX = 16_384;

  /**
   * A file of so many bytes that is renamed is renamed on the peers, too; a smaller one is copied
   * there sooner than its old name is known to be gone.
   */
  public static final long MOVED_FILE_BYTES_MIN = 16L << 20;

  /** A smaller file is read whenever it changed. */
  public static final long RESTING_BYTES_MIN = 1L << 20;

  /** So much of a file that changes again and again is read in a second, on average. */
  public static final long REST_BYTES_PER_SECOND = 64L << 20;

  /** Content of one directory that is put as a whole. */
  public static final long GROUP_BYTES_MAX = 1L << 30;

  /** Identities of one root that not every peer was asked about. */
  public static final int FORMER_LIVES_MAX = 64;

  /** Identities of one root that peers make it give up while it runs. */
  public static final int REBIRTHS_MAX = 16;

  /** Doubted writes of one path, one of each such identity; the oldest are kept. */
  public static final int DOUBTS_MAX = 8;

  /** What happened that one daemon remembers for who asks, and what its names and words take. */
  public static final int EVENTS_KEPT_MAX = 8_192;

  public static final int EVENTS_BYTES_MAX = 2 * 1_024 * 1_024;

  /** Words of one of them. */
  public static final int EVENT_CHARACTERS_MAX = 1_024;

  /** Of these, what one answer holds. */
  public static final int EVENTS_ANSWERED_MAX = 512;

  public static final int EVENTS_ANSWERED_BYTES_MAX = 256 * 1_024;

  /** Of what was deleted, what one answer lists. */
  public static final int DELETED_ANSWERED_MAX = 1_000;

  /** Directories below a root that are told to be another subvolume. */
  public static final int SUBVOLUMES_TOLD_MAX = 256;

  public static final int PEERS_MAX = 64;
  public static final int ROOTS_MAX = 64;

  /** What DRBD takes as the name of a resource. */
  public static final int FENCE_RESOURCE_CHARACTERS_MAX = 63;

  /** Pairs of nodes that one node decides for. */
  public static final int FENCE_PAIRS_MAX = 1_024;

  /** Of these, those that one node made known. */
  public static final int FENCE_PAIRS_OF_NODE_MAX = 64;

  private Limits() {}
}
