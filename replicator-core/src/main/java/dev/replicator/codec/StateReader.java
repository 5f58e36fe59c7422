package dev.replicator.codec;

import static dev.replicator.codec.ValueCodec.require;

import com.google.protobuf.ByteString;
import dev.replicator.model.Adoption;
import dev.replicator.model.Attributes;
import dev.replicator.model.Displaced;
import dev.replicator.model.Dot;
import dev.replicator.model.Doubt;
import dev.replicator.model.FormerLife;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Initial;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Limits;
import dev.replicator.model.Materialised;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RecordState;
import dev.replicator.model.RelativePath;
import dev.replicator.model.ReplicaId;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.proto.DisplacedValue;
import dev.replicator.proto.DoubtValue;
import dev.replicator.proto.FormerLifeValue;
import dev.replicator.proto.HistoryItemValue;
import dev.replicator.proto.InitialValue;
import dev.replicator.proto.IntentValue;
import dev.replicator.proto.KnowledgeValue;
import dev.replicator.proto.MaterialisedValue;
import dev.replicator.proto.PeerProgressValue;
import dev.replicator.proto.PendingValue;
import dev.replicator.proto.ProblemKind;
import dev.replicator.proto.ReasonValue;
import dev.replicator.proto.RecordStateValue;
import dev.replicator.proto.RootIdentityValue;
import dev.replicator.proto.RootStateValue;
import dev.replicator.proto.StampValue;
import dev.replicator.proto.TargetValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Turns the protobuf form of what a journal stores into values. What the model refuses, its
 * constructors say with an {@link IllegalArgumentException}, which {@link JournalCodec} turns into
 * the checked answer.
 */
final class StateReader {
  private StateReader() {}

  static RecordState recordState(RecordStateValue value) throws CodecException {
    require(value.hasRecord(), "record without a value");
    require(value.getNumber() >= 0, "record with a negative number");
    return new RecordState(
        RecordCodec.record(value.getRecord()),
        value.getNumber(),
        value.hasSender() ? Optional.of(ValueCodec.nodeId(value.getSender())) : Optional.empty(),
        value.getGroup(),
        doubts(value));
  }

  private static List<Doubt> doubts(RecordStateValue value) throws CodecException {
    require(value.getDoubtsCount() <= Limits.DOUBTS_MAX, "too many doubts of one record");
    List<Doubt> doubts = new ArrayList<>();
    for (DoubtValue doubt : value.getDoubtsList()) {
      doubts.add(new Doubt(new ReplicaId(doubt.getWriter()), knowledge(doubt.getReplaced())));
    }
    return doubts;
  }

  static Materialised materialised(MaterialisedValue value) throws CodecException {
    require(value.hasStamp(), "materialised without a stamp");
    Target actual = target(value.getActual());
    Attributes asked =
        value.hasAsked() ? ValueCodec.attributes(value.getAsked()) : actual.attributes();
    return new Materialised(
        stamp(value.getStamp()),
        actual,
        asked,
        knowledge(value.getKnowledge()),
        value.getWrittenMillis());
  }

  private static Stamp stamp(StampValue value) {
    return new Stamp(
        value.getDevice(),
        value.getInode(),
        value.getSize(),
        value.getMtimeNanos(),
        value.getCtimeNanos(),
        value.getMode(),
        value.getUid(),
        value.getGid(),
        value.getLinks());
  }

  private static Target target(TargetValue value) throws CodecException {
    return new Target(
        ValueCodec.entry(value.getEntry()),
        ValueCodec.instant(value.getMtime()),
        ValueCodec.attributes(value.getAttributes()));
  }

  private static Knowledge knowledge(KnowledgeValue value) throws CodecException {
    List<ReplicaId> table = ReplicaTable.read(value.getReplicasList());
    return new Knowledge(
        ReplicaTable.dots(table, value.getContentsList(), Limits.KNOWN_DOTS_MAX),
        ReplicaTable.dots(table, value.getMtimesList(), Limits.KNOWN_DOTS_MAX),
        ReplicaTable.dots(table, value.getAttributesList(), Limits.KNOWN_DOTS_MAX),
        ReplicaTable.dots(table, value.getSiblingsList(), Limits.KNOWN_DOTS_MAX));
  }

  static Intent intent(IntentValue value) throws CodecException {
    Optional<Materialised> expected =
        value.hasExpected() ? Optional.of(materialised(value.getExpected())) : Optional.empty();
    Optional<Stamp> staged =
        value.hasStaged() ? Optional.of(stamp(value.getStaged())) : Optional.empty();
    return new Intent(
        expected,
        target(value.getTarget()),
        knowledge(value.getTo()),
        staged,
        value.getStagedName());
  }

  static Displaced displaced(DisplacedValue value) throws CodecException {
    return new Displaced(
        value.getName(),
        RelativePath.of(value.getPath().toByteArray()),
        materialised(value.getWas()));
  }

  static Pending pending(PendingValue value) throws CodecException {
    return new Pending(
        new Problem(kind(value.getKind()), value.getDetail()),
        value.getSinceMillis(),
        value.getNextTryMillis(),
        value.getTries());
  }

  private static Problem.Kind kind(ProblemKind value) throws CodecException {
    return switch (value) {
      case PROBLEM_WAITING -> Problem.Kind.WAITING;
      case PROBLEM_CONTENT_MISSING -> Problem.Kind.CONTENT_MISSING;
      case PROBLEM_PERMISSION -> Problem.Kind.PERMISSION;
      case PROBLEM_NAME_TOO_LONG -> Problem.Kind.NAME_TOO_LONG;
      case PROBLEM_DISK_FULL -> Problem.Kind.DISK_FULL;
      case PROBLEM_READ_ONLY -> Problem.Kind.READ_ONLY;
      case PROBLEM_INPUT_OUTPUT -> Problem.Kind.INPUT_OUTPUT;
      case PROBLEM_BUSY -> Problem.Kind.BUSY;
      case PROBLEM_OBSTRUCTED -> Problem.Kind.OBSTRUCTED;
      case PROBLEM_UNSUPPORTED -> Problem.Kind.UNSUPPORTED;
      case PROBLEM_SPECIAL -> Problem.Kind.SPECIAL;
      case PROBLEM_REFUSED -> Problem.Kind.REFUSED;
      case PROBLEM_HELD -> Problem.Kind.HELD;
      case PROBLEM_TOO_LARGE -> Problem.Kind.TOO_LARGE;
      case PROBLEM_UNSPECIFIED, UNRECOGNIZED ->
          throw new CodecException("problem of no known kind");
    };
  }

  static PeerProgress peerProgress(PeerProgressValue value) throws CodecException {
    require(value.getMerged() >= 0 && value.getDurable() >= 0, "progress of a peer below zero");
    return new PeerProgress(
        ValueCodec.sequence(value.getTheirs()),
        ValueCodec.journalId(value.getJournal()),
        value.getMerged(),
        value.getDurable(),
        value.getComplete(),
        value.getBehind(),
        value.hasFormer() ? Optional.of(ValueCodec.sequence(value.getFormer())) : Optional.empty(),
        value.hasAtMost() ? Optional.of(ValueCodec.sequence(value.getAtMost())) : Optional.empty());
  }

  static RootState rootState(RootStateValue value) throws CodecException {
    require(value.getCounter() >= 0 && value.getNextNumber() >= 0, "root that counts below zero");
    RootIdentityValue identity = value.getRootIdentity();
    long epoch = identity.getEpoch();
    require(epoch >= 0 && epoch <= RootIdentity.EPOCH_MAX, "root of an epoch out of bounds");
    return new RootState(
        ValueCodec.identity(value.getIdentity()),
        value.getCounter(),
        value.getNextNumber(),
        ValueCodec.vector(value.getClock()),
        value.getHybridClock(),
        value.getBootId(),
        value.getClean(),
        value.getSyncFailed(),
        value.getCheckpointMillis(),
        value.getScanned(),
        value.getPaused(),
        value.getHolding(),
        initial(value.getInitial()),
        value.hasRootIdentity()
            ? Optional.of(
                new RootIdentity(
                    identity.getDevice(),
                    identity.getInode(),
                    identity.getMarker(),
                    identity.hasBornMillis()
                        ? OptionalLong.of(identity.getBornMillis())
                        : OptionalLong.empty(),
                    identity.hasSubvolume()
                        ? OptionalLong.of(identity.getSubvolume())
                        : OptionalLong.empty(),
                    epoch))
            : Optional.empty(),
        value.getUnprovenList().stream().map(StateReader::formerLife).toList(),
        unread(value),
        adoption(value),
        value.hasRules() ? Optional.of(ValueCodec.digest(value.getRules())) : Optional.empty());
  }

  /** Of an older journal everything is adopted. */
  private static Adoption adoption(RootStateValue value) {
    return value.hasAdoption()
        ? new Adoption(value.getAdoption().getBeforeMillis(), value.getAdoption().getWhole())
        : new Adoption(Long.MAX_VALUE, false);
  }

  private static FormerLife formerLife(FormerLifeValue value) {
    FormerLife.End cut = value.getCutOff() ? FormerLife.End.CUT_OFF : FormerLife.End.CLAIMED;
    return new FormerLife(
        ValueCodec.identity(value.getIdentity()),
        value.getCounter(),
        value.getNextNumber(),
        value.getLost() ? FormerLife.End.CONTRADICTED : cut);
  }

  private static TreeSet<RelativePath> unread(RootStateValue value) throws CodecException {
    require(value.getUnreadCount() <= Limits.UNREAD_SCOPES_MAX, "too many unread scopes");
    TreeSet<RelativePath> scopes = new TreeSet<>();
    for (ByteString scope : value.getUnreadList()) {
      scopes.add(ValueCodec.path(scope));
    }
    return scopes;
  }

  private static Initial initial(InitialValue value) throws CodecException {
    return switch (value) {
      case INITIAL_UNION -> Initial.UNION;
      case INITIAL_MINE -> Initial.MINE;
      case INITIAL_THEIRS -> Initial.THEIRS;
      case INITIAL_UNSPECIFIED, UNRECOGNIZED ->
          throw new CodecException("initial preference of no known kind");
    };
  }

  static HistoryItem historyItem(HistoryItemValue value) throws CodecException {
    return new HistoryItem(
        ValueCodec.path(value.getPath()),
        value.getLeftMillis(),
        value.getWrittenMillis(),
        new Dot(new ReplicaId(value.getReplica()), value.getCounter()),
        target(value.getVersion()),
        reason(value.getReason()));
  }

  private static HistoryItem.Reason reason(ReasonValue value) throws CodecException {
    return switch (value) {
      case REASON_REPLACED -> HistoryItem.Reason.REPLACED;
      case REASON_DELETED -> HistoryItem.Reason.DELETED;
      case REASON_LOST_CONFLICT -> HistoryItem.Reason.LOST_CONFLICT;
      case REASON_ADOPTED_LOST -> HistoryItem.Reason.ADOPTED_LOST;
      case REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw new CodecException("version that left for no known reason");
    };
  }
}
