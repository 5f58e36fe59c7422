package dev.replicator.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The one value of a root that is not per path.
 *
 * @param counter of the last dot of our replica
 * @param nextNumber of the next change of a record
 * @param clock covers every dot whose effect this node has merged; outlives collected tombstones
 * @param hybridClock the highest clock given or taken
 * @param bootId of the machine's boot that last wrote this journal; a different one without a clean
 *     stop means that unsynced writes may be lost
 * @param clean whether the last stop was clean
 * @param syncFailed whether a sync failed in that boot: the kernel may have dropped what was not
 *     written, so no later one vouches for it
 * @param checkpointMillis everything put before this time is synced, milliseconds since the epoch
 * @param scanned whether the first scan after the birth of {@code identity} ended: until then what
 *     is found is adopted
 * @param holding whether deletions are held: what is absent without an event that explains it waits
 *     for an administrator, after a restart too
 * @param initial the preference that adopted content gets, until the first adoption is over
 * @param unproven identities given up before every peer could say what it remembers of them, in the
 *     order of their lives
 * @param unread scopes that the first scan could not read: what is found there is adopted still
 * @param adoption what is adopted until {@code scanned}, and of {@code unread} later
 * @param rules the filter by which all records were compared with what is here
 */
public record RootState(
    Identity identity,
    long counter,
    long nextNumber,
    VersionVector clock,
    long hybridClock,
    String bootId,
    boolean clean,
    boolean syncFailed,
    long checkpointMillis,
    boolean scanned,
    boolean paused,
    boolean holding,
    Initial initial,
    Optional<RootIdentity> rootIdentity,
    List<FormerLife> unproven,
    SortedSet<RelativePath> unread,
    Adoption adoption,
    Optional<Digest> rules) {

  public RootState {
    unproven = List.copyOf(unproven);
    Invariant.check(unread.size() <= Limits.UNREAD_SCOPES_MAX, "few scopes are unread");
  }

  /** A root of which nothing is known yet. */
  public static RootState fresh(Identity identity, String bootId, Initial initial, Digest rules) {
    return new RootState(
        identity,
        0,
        1,
        VersionVector.EMPTY,
        0,
        bootId,
        false,
        false,
        0,
        false,
        false,
        false,
        initial,
        Optional.empty(),
        List.of(),
        new TreeSet<>(),
        new Adoption(identity.journal().bornMillis(), true),
        Optional.of(rules));
  }

  /** Another replica writes from now on, into another journal; what was known stays known. */
  public RootState withIdentity(Identity fresh) {
    return new RootState(
        fresh,
        0,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withNextNumber(long number) {
    return new RootState(
        identity,
        counter,
        number,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  /** After one more write of our own, which the root clock covers. */
  public RootState withDot(Dot dot) {
    return new RootState(
        identity,
        dot.counter(),
        nextNumber,
        clock.with(dot),
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withClocks(VersionVector joined, long hybrid) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        joined,
        hybrid,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withBoot(String boot, boolean stoppedClean) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        boot,
        stoppedClean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  /** Until another boot. */
  public RootState withSyncFailed(boolean failed) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        failed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withCheckpoint(long millis) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        millis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withScanned(boolean ended) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        ended,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withPaused(boolean stopped) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        stopped,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withHolding(boolean held) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        held,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withRootIdentity(RootIdentity directory) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        Optional.of(directory),
        unproven,
        unread,
        adoption,
        rules);
  }

  public RootState withUnproven(List<FormerLife> lives) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        lives,
        unread,
        adoption,
        rules);
  }

  public RootState withUnread(SortedSet<RelativePath> scopes) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        scopes,
        adoption,
        rules);
  }

  /** What is found is adopted as {@code now} says, until a scan ended. */
  public RootState adopting(Adoption now) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        false,
        paused,
        holding,
        scanned && unread.isEmpty() ? Initial.UNION : initial,
        rootIdentity,
        unproven,
        unread,
        now,
        rules);
  }

  public RootState withRules(Optional<Digest> compared) {
    return new RootState(
        identity,
        counter,
        nextNumber,
        clock,
        hybridClock,
        bootId,
        clean,
        syncFailed,
        checkpointMillis,
        scanned,
        paused,
        holding,
        initial,
        rootIdentity,
        unproven,
        unread,
        adoption,
        compared);
  }
}
