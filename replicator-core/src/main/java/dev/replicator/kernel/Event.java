package dev.replicator.kernel;

import dev.replicator.model.Digest;
import dev.replicator.model.Displaced;
import dev.replicator.model.Dot;
import dev.replicator.model.Entry;
import dev.replicator.model.Identity;
import dev.replicator.model.Materialised;
import dev.replicator.model.Message;
import dev.replicator.model.NodeId;
import dev.replicator.model.Observation;
import dev.replicator.model.Problem;
import dev.replicator.model.RelativePath;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;

/** Everything that can happen to a root. */
public sealed interface Event {
  /**
   * The first event.
   *
   * @param spare a fresh identity, used when this start may not go on with the journal's own
   * @param bootMillis when the machine's boot began, 0 when not known
   * @param root what the root is now; empty when it is missing
   */
  record Started(
      Identity spare,
      String bootId,
      long bootMillis,
      Optional<RootIdentity> root,
      SortedSet<NodeId> peers,
      List<Settled> settled)
      implements Event {}

  /** Time went by. */
  record Tick() implements Event {}

  /** All appends of earlier steps have returned. */
  record Appended() implements Event {}

  /** A fresh identity, asked for by {@link Effect.DrawIdentity}. */
  record IdentityDrawn(Identity spare) implements Event {}

  record PeersConfigured(SortedSet<NodeId> peers) implements Event {}

  record Connected(NodeId peer) implements Event {}

  record Disconnected(NodeId peer) implements Event {}

  record Received(NodeId peer, Message message) implements Event {}

  /**
   * Something may have changed at {@code path} itself.
   *
   * @param reread its content is not believed though its stamp may match
   * @param listed who tells of a directory tells next of what is in it
   */
  record Suspected(RelativePath path, Cause cause, boolean reread, boolean listed)
      implements Event {
    public Suspected(RelativePath path, Cause cause, boolean reread) {
      this(path, cause, reread, false);
    }
  }

  /** Somebody writes to the file with this inode at {@code path}, and has not closed it. */
  record Written(RelativePath path, long inode) implements Event {}

  /**
   * A scan came by a new file that its writer has not closed: {@link Suspected} tells when he does.
   */
  record Unclosed(RelativePath path) implements Event {}

  /**
   * A directory came under this name by one rename, with all that is in it.
   *
   * @param from its name before, when that was in the root
   */
  record MovedIn(RelativePath directory, Optional<RelativePath> from) implements Event {}

  /** A file is said to have come under this name from another one in the root, by one rename. */
  record Renamed(RelativePath path, RelativePath from) implements Event {}

  /** Something may have changed anywhere below {@code scope}. */
  record ScopeSuspected(RelativePath scope, Cause cause) implements Event {}

  record Inspected(RelativePath path, Observation observation) implements Event {}

  /**
   * What was just told of a file was read while somebody may have been within a write.
   *
   * @param sinceMillis when that began, by the clock of the file system
   */
  record ReadWithinWrite(RelativePath path, long sinceMillis) implements Event {}

  /** What came in this order while something else was done: one append holds what is made of it. */
  record Together(List<Event> events) implements Event {
    /** One event in the place of some. */
    public static Event of(List<Event> events) {
      return events.size() == 1 ? events.getFirst() : new Together(List.copyOf(events));
    }
  }

  /**
   * A file or link was read again and holds something else than was put or read there, though its
   * stamp tells that nobody wrote.
   *
   * @param believed what is materialised there, as it was before the file was read again
   * @param actual what is there; of what cannot be read, a file with a digest that nothing has
   */
  record Damaged(RelativePath path, Materialised believed, Entry actual) implements Event {}

  /** A scan could not list a directory; another one of it follows. */
  record Unreadable(RelativePath directory, Problem problem) implements Event {}

  /**
   * All suspects of a scan were told.
   *
   * @param whole whether the root could be listed and was itself before and after
   */
  record ScanEnded(long scan, boolean whole) implements Event {}

  /** Whether the root is itself and has any entry; asked for by {@link Effect.CheckRoot}. */
  record RootChecked(boolean itself, boolean empty) implements Event {}

  record RootLost(Problem problem) implements Event {
    public static final String MISSING =
        "the root directory is missing; mount it or put it back, and the root goes on by itself";
  }

  /** A lost root, or one that was never there, is {@code root} now. */
  record RootFound(RootIdentity root) implements Event {}

  /** What {@link Effect.Stage} asked for waits under {@code name}. */
  record Staged(RelativePath path, Target target, String name, Stamp stamp) implements Event {}

  record StageFailed(RelativePath path, Problem problem) implements Event {}

  record Exchanged(RelativePath path, Outcome outcome) implements Event {}

  /** How {@link Effect.PlaceGroup} ended. */
  record GroupPlaced(RelativePath top, GroupOutcome outcome) implements Event {}

  /**
   * Nobody writes to a displaced file any more, and it is in the vault.
   *
   * @param written what it is now; empty when nothing was written to it since it left its path
   */
  record WriterLeft(Displaced displaced, Optional<Observation.Found> written) implements Event {}

  /** The content is in the vault. */
  record Kept(RelativePath path, Digest digest) implements Event {}

  /**
   * How {@link Effect.Recall} ended.
   *
   * @param problem empty when the content is in the vault
   */
  record Recalled(long request, Optional<Problem> problem) implements Event {}

  /** Contents that are about to leave the vault: no record that is known needs them. */
  record Swept(SortedSet<Digest> digests) implements Event {}

  record KeepFailed(RelativePath path, Digest digest, Problem problem) implements Event {}

  /** Everything appended and applied before {@code startedMillis} is on stable storage. */
  record Synced(long startedMillis, Optional<RootIdentity> root) implements Event {
    /** By somebody who did not look at the root before. */
    public Synced(long startedMillis) {
      this(startedMillis, Optional.empty());
    }
  }

  /** After each {@link Synced}: everything that somebody changed before {@code millis} was told. */
  record Told(long millis) implements Event {}

  /** The disk could not be made to keep what was applied; the root ends after this. */
  record SyncFailed() implements Event {}

  /** Coalescing and settling were flushed; asked for by {@link Effect.Flush}. */
  record Flushed(long request, boolean exact) implements Event {}

  /** Commands of a user; each is answered by one {@link Effect.Reply}. */
  sealed interface Command extends Event {
    long request();
  }

  /**
   * @param timeoutMillis after which it ends however far it came
   * @param durable whether it waits until all is on stable storage, here and there
   */
  record BarrierAsked(
      long request,
      RelativePath scope,
      OptionalInt peersNeeded,
      long timeoutMillis,
      boolean durable)
      implements Command {
    /** Waits until all shows. */
    public BarrierAsked(
        long request, RelativePath scope, OptionalInt peersNeeded, long timeoutMillis) {
      this(request, scope, peersNeeded, timeoutMillis, false);
    }
  }

  /**
   * @param sinceStart counts what differed since the start, too, and is equal by now
   */
  record ResyncAsked(long request, boolean dryRun, boolean sinceStart) implements Command {}

  record ResolveAsked(long request, RelativePath path, Dot chosen, SortedSet<Dot> printed)
      implements Command {}

  /**
   * @param onlyWhereGone nothing is put in the place of what shows or is there now
   */
  record RestoreAsked(long request, RelativePath path, Dot version, boolean onlyWhereGone)
      implements Command {}

  record PauseAsked(long request) implements Command {}

  record ResumeAsked(long request) implements Command {}

  record ApproveAsked(long request) implements Command {}

  /**
   * The daemon ends: nothing new begins; answered once nothing runs, everything is synced and the
   * marker of a clean stop is written.
   */
  record StopAsked(long request) implements Command {}
}
