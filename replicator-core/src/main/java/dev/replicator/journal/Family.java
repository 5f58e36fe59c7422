package dev.replicator.journal;

import java.nio.charset.StandardCharsets;

/** The column families of a journal. Names are part of the format. */
enum Family {
  /** Format version and counts; the family that every RocksDB database has. */
  META("default", Load.LIGHT),
  ROOT("root", Load.LIGHT),
  /** Path to record. */
  RECORDS("records", Load.HEAVY),
  /** Number of a current record to its path. */
  CHANGES("changes", Load.HEAVY),
  /** Path to what is materialised there. */
  MATERIALISED("materialised", Load.HEAVY),
  /** Device, inode and path of every file that is materialised to nothing. */
  NAMES("names", Load.HEAVY),
  /** First bytes of a digest and path of every file that is materialised to nothing. */
  CONTENTS("contents", Load.HEAVY),
  INTENTS("intents", Load.LIGHT),
  /** Name in staging to a file that somebody may still write to. */
  DISPLACED("displaced", Load.LIGHT),
  PENDING("pending", Load.LIGHT),
  PEERS("peers", Load.LIGHT),
  /** Digest of a file to its chunk list. */
  CHUNKS("chunks", Load.HEAVY),
  /** Path and falling time to a version that left. */
  HISTORY("history", Load.LIGHT),
  /** Rising time and path to nothing: the order in which versions are given up. */
  HISTORY_TIMES("history_times", Load.LIGHT);

  /** How much is written. */
  enum Load {
    HEAVY,
    LIGHT
  }

  private final String label;
  private final Load load;

  Family(String label, Load load) {
    this.label = label;
    this.load = load;
  }

  byte[] label() {
    return label.getBytes(StandardCharsets.UTF_8);
  }

  Load load() {
    return load;
  }
}
