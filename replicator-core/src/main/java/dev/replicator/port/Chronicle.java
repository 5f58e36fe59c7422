package dev.replicator.port;

import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import java.util.Optional;

/**
 * Takes what happened to roots, for people to read. May be called from any thread, and neither
 * waits nor fails: nobody is held up by who reads.
 */
public interface Chronicle {
  /** Of engines that nobody asks. */
  Chronicle NONE = happening -> {};

  void tell(Happening happening);

  /**
   * One thing that happened. Names and numbers only, never a content.
   *
   * @param peer whose change it was, or who came or went
   * @param path where it is of one path
   * @param detail in words, "" where the kind says it all
   */
  record Happening(
      String root, Kind kind, Optional<NodeId> peer, Optional<RelativePath> path, String detail) {
    /** Of the root as a whole. */
    public static Happening of(String root, Kind kind, String detail) {
      return new Happening(root, kind, Optional.empty(), Optional.empty(), detail);
    }
  }

  /** What happened, from the user's point of view. */
  enum Kind {
    /** A change of another node, or a choice of a user, shows on this disk now. */
    APPLIED,
    /** The same of a deletion. */
    REMOVED,
    /** Somebody wrote on this disk. */
    WRITTEN,
    /** Somebody deleted on this disk. */
    DELETED,
    /** A version came beside one that its writer had not seen. */
    CONFLICT,
    /** No version is left that does not show. */
    RESOLVED,
    /** What a path is to show cannot be put yet. */
    PENDING,
    /** Deletions, or the root itself, wait for approval. */
    HELD,
    /** They wait no longer. */
    APPROVED,
    CONNECTED,
    DISCONNECTED,
    /** The root does something else now. */
    STATE,
    /** A full comparison ended. */
    RESYNCED,
    /** All content was read again. */
    VERIFIED,
    /** The command that follows changes of peers has run. */
    FOLLOWED,
    /** Something that an administrator must see. */
    PROBLEM
  }
}
