package dev.replicator.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What two nodes say to each other about one root (docs/PROTOCOL.md). */
public sealed interface Message {
  /** Small messages overtake bulk. */
  enum Lane {
    CONTROL,
    BULK
  }

  default Lane lane() {
    return this instanceof ChunkData || this instanceof ChunkAhead ? Lane.BULK : Lane.CONTROL;
  }

  /**
   * The first message of each side for a root.
   *
   * @param identity of the sender's journal
   * @param clock covers every dot whose effect the sender has merged
   * @param holds how far the sender's own journal holds the receiver's; empty when it holds nothing
   * @param acknowledged how far the receiver acknowledged a journal of the sender's, while its own
   *     was that of {@code holds}: a receiver whose journal holds less was rolled back
   * @param synced as {@code acknowledged}, and known to be synced: no power cut takes it
   * @param filter digest of the sender's filter rules, to report differing ones
   */
  record Hello(
      Identity identity,
      VersionVector clock,
      Optional<Sequence> holds,
      Optional<Sequence> acknowledged,
      Optional<Sequence> synced,
      Digest filter)
      implements Message {

    /** How far the sender's own journal holds {@code journal}, one of the receiver's. */
    public OptionalLong held(JournalId journal) {
      return holds.filter(sequence -> sequence.journal().equals(journal)).stream()
          .mapToLong(Sequence::number)
          .findFirst();
    }
  }

  /**
   * A run of changes in the order of the sender's journal. What lies between {@code after} and
   * {@code through} and is not listed, the receiver need not have.
   *
   * @param contents what the receiver is likely to need now: small files, and what is new of large
   * @param endMark with the last of a run: the sender's clock, which the receiver now knows too
   */
  record Changes(
      JournalId journal,
      long after,
      long through,
      List<Change> changes,
      List<Content> contents,
      Optional<VersionVector> endMark)
      implements Message {
    public Changes {
      changes = List.copyOf(changes);
      contents = List.copyOf(contents);
      if (after < 0 || through < after || changes.size() > Limits.BATCH_CHANGES_MAX) {
        throw new IllegalArgumentException(
            "run of " + changes.size() + " changes from " + after + " through " + through);
      }
    }
  }

  /** Content that travels with the change that needs it. */
  sealed interface Content {
    Digest digest();

    /** The bytes of data chunks, one after the other. */
    Bytes data();
  }

  /** A whole small file: its chunk list and the bytes of its data chunks. */
  record InlineContent(Digest digest, ChunkList chunks, Bytes data) implements Content {
    public InlineContent {
      if (data.length() > Limits.INLINE_BYTES_MAX) {
        throw new IllegalArgumentException("inline content of " + data.length() + " bytes");
      }
    }
  }

  /**
   * What is new of a file against another one that the receiver is likely to hold.
   *
   * @param base digest of that other one
   * @param runs the file in order
   * @param fresh the chunks that the base has not, in the order of the runs
   * @param data the bytes of those
   */
  record ContentDelta(Digest digest, Digest base, List<DeltaRun> runs, ChunkList fresh, Bytes data)
      implements Content {
    public ContentDelta {
      runs = List.copyOf(runs);
      if (runs.size() > Limits.DELTA_RUNS_MAX
          || fresh.chunks().size() > Limits.DELTA_CHUNKS_MAX
          || data.length() > Limits.INLINE_BYTES_MAX) {
        throw new IllegalArgumentException(
            "delta of " + runs.size() + " runs and " + data.length() + " bytes");
      }
    }
  }

  /** Content of a change that the sender journals meanwhile: it follows, or does not. */
  record Ahead(InlineContent content) implements Message {}

  /** How far the sender has merged the receiver's journal, and how far that merge is synced. */
  record Acknowledgement(JournalId journal, long merged, long durable) implements Message {}

  /**
   * What a node has on its disk, relayed so that others need not see it.
   *
   * @param node of whom this is said
   * @param version counts within {@code journal}; a lower one than known is old news
   * @param applied covers every dot that {@code node} shows, or holds as a sibling, but those of
   *     {@code exceptions}
   * @param exceptions paths that are pending or held there, at most {@link Limits#EXCEPTIONS_MAX}
   * @param more further pending paths that are not listed
   * @param paused whether somebody paused the root there; older nodes never say so, and do not
   *     relay it
   * @param since the first version that this run of its daemon told; 0 of older nodes
   * @param synced all that it showed when it told this version is on stable storage; 0 when this
   *     run synced nothing so far
   */
  record Facts(
      NodeId node,
      JournalId journal,
      long version,
      VersionVector applied,
      List<RelativePath> exceptions,
      long more,
      boolean paused,
      long since,
      long synced)
      implements Message {
    public Facts {
      exceptions = List.copyOf(exceptions);
      if (exceptions.size() > Limits.EXCEPTIONS_MAX || more < 0) {
        throw new IllegalArgumentException(exceptions.size() + " exceptions");
      }
    }

    /** Whether the same shows by it as by {@code other}. */
    public boolean showsAs(Facts other) {
      return applied.equals(other.applied)
          && exceptions.equals(other.exceptions)
          && more == other.more;
    }
  }

  /** Asks for the chunk list of a file from chunk {@code from} on. */
  record ManifestWanted(long request, RelativePath path, Digest file, int from)
      implements Message {}

  /** Part of a chunk list of {@code total} chunks, at most {@link Limits#MANIFEST_CHUNKS_MAX}. */
  record Manifest(long request, int total, int from, List<Chunk> chunks) implements Message {
    public Manifest {
      chunks = List.copyOf(chunks);
      if (from < 0
          || total < 0
          || total > Limits.FILE_CHUNKS_MAX
          || chunks.size() > Limits.MANIFEST_CHUNKS_MAX
          || (long) from + chunks.size() > total) {
        throw new IllegalArgumentException(
            "manifest part " + from + "+" + chunks.size() + " of " + total);
      }
    }
  }

  /** Asks for data chunks of a file by their place in its chunk list. */
  record ChunksWanted(long request, RelativePath path, Digest file, List<Integer> indexes)
      implements Message {
    public ChunksWanted {
      indexes = List.copyOf(indexes);
      if (indexes.isEmpty() || indexes.size() > Limits.CHUNK_REQUESTS_MAX) {
        throw new IllegalArgumentException(indexes.size() + " chunks wanted");
      }
    }
  }

  /** The bytes of one chunk. */
  record ChunkData(long request, int index, Bytes data) implements Message {
    public ChunkData {
      if (index < 0 || data.length() < 1 || data.length() > Limits.CHUNK_BYTES_MAX) {
        throw new IllegalArgumentException("chunk " + index + " of " + data.length() + " bytes");
      }
    }
  }

  /**
   * The bytes of one chunk of a large file that its sender still reads. It says nothing of the
   * path: the change that needs it follows, or does not.
   *
   * @param reading drawn by the sender whenever it begins to read a file
   * @param offset in the file
   */
  record ChunkAhead(long reading, RelativePath path, long offset, Bytes data) implements Message {
    public ChunkAhead {
      if (offset < 0
          || offset > Long.MAX_VALUE - Limits.CHUNK_BYTES_MAX
          || data.length() < 1
          || data.length() > Limits.CHUNK_BYTES_MAX) {
        throw new IllegalArgumentException(data.length() + " bytes ahead at " + offset);
      }
    }
  }

  /** The sender does not hold what {@code request} asked for. */
  record ContentUnavailable(long request) implements Message {}

  /**
   * What the sender knows of a stretch of paths, in ranges that lie one behind the other: the first
   * begins behind {@code after}, each of the others behind the last path of the one before.
   *
   * @param toEnd whether the last range goes on to the end of the tree
   */
  record CompareRanges(long request, RelativePath after, List<RecordRange> ranges, boolean toEnd)
      implements Message {
    public CompareRanges {
      ranges = List.copyOf(ranges);
      if (ranges.isEmpty() || ranges.size() > Limits.RANGES_MAX) {
        throw new IllegalArgumentException(ranges.size() + " ranges");
      }
      if (ranges.stream().anyMatch(range -> range.paths() > Limits.RANGE_PATHS_MAX)) {
        throw new IllegalArgumentException("a range of too many paths");
      }
    }
  }

  /**
   * The answer to {@link CompareRanges}: of which of them, by place, the sender knows otherwise.
   */
  record ComparedRanges(long request, List<Integer> differing) implements Message {
    public ComparedRanges {
      differing = List.copyOf(differing);
      if (differing.size() > Limits.RANGES_MAX
          || differing.stream().anyMatch(place -> place < 0 || place >= Limits.RANGES_MAX)) {
        throw new IllegalArgumentException("no places of ranges: " + differing);
      }
    }
  }

  /**
   * One range of a full comparison: fingerprints of all of the sender's records after {@code after}
   * through {@code through}, to the end when that is empty.
   */
  record Compare(
      long request,
      RelativePath after,
      Optional<RelativePath> through,
      List<Fingerprint> fingerprints)
      implements Message {
    public Compare {
      fingerprints = List.copyOf(fingerprints);
      if (fingerprints.size() > Limits.SUMMARY_PATHS_MAX) {
        throw new IllegalArgumentException(fingerprints.size() + " fingerprints");
      }
    }
  }

  /** A path and a hash over its record's context and dots. */
  record Fingerprint(RelativePath path, long hash) {}

  /**
   * The answer to {@link Compare}: what the sender knows otherwise, and what it wants to be told.
   *
   * @param last whether this ends the answer to the range
   */
  record Compared(long request, List<Change> differing, List<RelativePath> wanted, boolean last)
      implements Message {
    public Compared {
      differing = List.copyOf(differing);
      wanted = List.copyOf(wanted);
      if (differing.size() > Limits.SUMMARY_PATHS_MAX || wanted.size() > Limits.SUMMARY_PATHS_MAX) {
        throw new IllegalArgumentException(
            differing.size() + " records, " + wanted.size() + " wanted");
      }
    }
  }

  /** Records told outside of the order of the journal: an answer, or the end of a comparison. */
  record Told(List<Change> records) implements Message {
    public Told {
      records = List.copyOf(records);
      if (records.size() > Limits.SUMMARY_PATHS_MAX) {
        throw new IllegalArgumentException(records.size() + " records told");
      }
    }
  }
}
