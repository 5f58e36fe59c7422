package dev.replicator.kernel;

import dev.replicator.model.Displaced;
import dev.replicator.model.Entry;
import dev.replicator.model.GroupMember;
import dev.replicator.model.Intent;
import dev.replicator.model.JournalWrite;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Target;
import java.util.List;
import java.util.Optional;

/** What the kernel wants done, in this order. Each ends in an event, but where noted. */
public sealed interface Effect {
  /**
   * First of a step: returns before any later effect begins. Ends in {@link Event.Appended}.
   *
   * @param synced with all before it on stable storage by then
   */
  record Append(List<JournalWrite> writes, boolean synced) implements Effect {}

  /**
   * No event.
   *
   * @param push whether small contents may go with the changes, unasked
   */
  record Send(NodeId peer, Message message, boolean push) implements Effect {
    Send(NodeId peer, Message message) {
      this(peer, message, false);
    }
  }

  /** End the session: the peer broke a rule. */
  record Disconnect(NodeId peer, String reason) implements Effect {}

  /** End the session: both sides have to greet anew. */
  record Renew(NodeId peer, String reason) implements Effect {}

  /**
   * Look at a path; read it when its stamp is not that of {@code expected}.
   *
   * @param reread read it even so
   * @param renamed that was expected under another name until now: a file is the same whatever its
   *     ctime
   * @param resting do not read a large file that was written to: it is unsettled
   * @param patient do not read a new file in the place of what was expected before its writer
   *     closed it: it is unclosed
   */
  record Inspect(
      RelativePath path,
      Optional<Materialised> expected,
      boolean reread,
      boolean renamed,
      boolean resting,
      boolean patient)
      implements Effect {}

  /**
   * Compare disk and index below {@code scope}, tell each differing path as suspected by {@code
   * cause}, then {@link Event.ScanEnded}.
   *
   * @param distrustSinceMillis stamps put at or after this time are suspects though they match
   */
  record Scan(long scan, RelativePath scope, Cause cause, long distrustSinceMillis)
      implements Effect {}

  /** Look whether the root is itself and whether it is empty. */
  record CheckRoot() implements Effect {}

  /** Take this directory as the root from now on; write {@code marker} when it has none. */
  record AcceptRoot(RootIdentity identity) implements Effect {}

  /** Get the content from disk, vault or {@code sources}, and stage the target beside its path. */
  record Stage(
      RelativePath path, Optional<Materialised> expected, Target target, List<NodeId> sources)
      implements Effect {}

  /** Remove what was staged under {@code name}. No event. */
  record Discard(String name) implements Effect {}

  /**
   * Bring the intent about. What is displaced goes into the vault.
   *
   * @param sparing nothing is touched while somebody has what is there open for writing
   */
  record Exchange(RelativePath path, Intent intent, boolean sparing) implements Effect {}

  /**
   * Bring the intents of a directory that is not there, and of all below it, about at once. What
   * was staged for them is gone when that fails. Ends in {@link Event.GroupPlaced}.
   *
   * @param from what is there, a directory with all that is in it or a file, becomes {@code top}:
   *     nothing was staged then, and what goes there are members, too
   * @param members directories before what is in them, {@code top} first
   */
  record PlaceGroup(RelativePath top, Optional<RelativePath> from, List<GroupMember> members)
      implements Effect {}

  /** Look after a displaced file until nobody writes to it. Ends in {@link Event.WriterLeft}. */
  record AwaitWriter(Displaced displaced) implements Effect {}

  /** Get the content of a hidden version into the vault. */
  record Keep(RelativePath path, Entry.File file, List<NodeId> sources) implements Effect {}

  /**
   * Get the content of a version that a user chose into the vault, and verify what is there of it.
   */
  record Recall(long request, RelativePath path, Entry.File file, List<NodeId> sources)
      implements Effect {}

  /** Bring the journal and {@code paths} to stable storage. Ends in {@link Event.Synced}. */
  record Sync(List<RelativePath> paths) implements Effect {}

  /** Flush coalescing and settling of the watcher. Ends in {@link Event.Flushed}. */
  record Flush(long request) implements Effect {}

  record DrawIdentity() implements Effect {}

  /** The answer to a command. No event. */
  record Reply(long request, Answer answer) implements Effect {}

  /** The journal is not to be gone on with: the root ends, and opens again with a new one. */
  record Abandon(String reason) implements Effect {}

  /**
   * Something that an administrator must see. No event.
   *
   * @param lasting whether it is to be seen afterwards, too; else what of it goes on is reported
   */
  record Alarm(String text, boolean lasting) implements Effect {}
}
