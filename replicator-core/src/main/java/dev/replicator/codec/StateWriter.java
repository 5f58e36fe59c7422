package dev.replicator.codec;

import com.google.protobuf.ByteString;
import dev.replicator.model.Displaced;
import dev.replicator.model.Doubt;
import dev.replicator.model.FormerLife;
import dev.replicator.model.HistoryItem;
import dev.replicator.model.Initial;
import dev.replicator.model.Intent;
import dev.replicator.model.Knowledge;
import dev.replicator.model.Materialised;
import dev.replicator.model.PeerProgress;
import dev.replicator.model.Pending;
import dev.replicator.model.Problem;
import dev.replicator.model.RecordState;
import dev.replicator.model.RootIdentity;
import dev.replicator.model.RootState;
import dev.replicator.model.Stamp;
import dev.replicator.model.Target;
import dev.replicator.proto.AdoptionValue;
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

/** Turns what a journal stores into its protobuf form. */
final class StateWriter {
  private StateWriter() {}

  static RecordStateValue encode(RecordState state) {
    RecordStateValue.Builder value =
        RecordStateValue.newBuilder()
            .setNumber(state.number())
            .setGroup(state.group())
            .setRecord(RecordCodec.encode(state.record()));
    state.sender().ifPresent(sender -> value.setSender(ValueCodec.encode(sender)));
    for (Doubt doubt : state.doubts()) {
      value.addDoubts(
          DoubtValue.newBuilder()
              .setWriter(doubt.writer().bits())
              .setReplaced(encode(doubt.replaced())));
    }
    return value.build();
  }

  static MaterialisedValue encode(Materialised materialised) {
    MaterialisedValue.Builder value =
        MaterialisedValue.newBuilder()
            .setStamp(encode(materialised.stamp()))
            .setActual(encode(materialised.actual()))
            .setKnowledge(encode(materialised.knowledge()))
            .setWrittenMillis(materialised.writtenMillis());
    if (!materialised.asked().equals(materialised.actual().attributes())) {
      value.setAsked(ValueCodec.encode(materialised.asked()));
    }
    return value.build();
  }

  private static StampValue encode(Stamp stamp) {
    return StampValue.newBuilder()
        .setDevice(stamp.device())
        .setInode(stamp.inode())
        .setSize(stamp.size())
        .setMtimeNanos(stamp.mtimeNanos())
        .setCtimeNanos(stamp.ctimeNanos())
        .setMode(stamp.mode())
        .setUid(stamp.uid())
        .setGid(stamp.gid())
        .setLinks(stamp.links())
        .build();
  }

  private static TargetValue encode(Target target) {
    return TargetValue.newBuilder()
        .setEntry(ValueCodec.encode(target.entry()))
        .setMtime(ValueCodec.encode(target.mtime()))
        .setAttributes(ValueCodec.encode(target.attributes()))
        .build();
  }

  private static KnowledgeValue encode(Knowledge knowledge) {
    ReplicaTable table = new ReplicaTable();
    return KnowledgeValue.newBuilder()
        .addAllContents(table.pairs(knowledge.contents()))
        .addAllMtimes(table.pairs(knowledge.mtimes()))
        .addAllAttributes(table.pairs(knowledge.attributes()))
        .addAllSiblings(table.pairs(knowledge.siblings()))
        .addAllReplicas(table.bits())
        .build();
  }

  static IntentValue encode(Intent intent) {
    IntentValue.Builder value =
        IntentValue.newBuilder()
            .setTarget(encode(intent.target()))
            .setTo(encode(intent.to()))
            .setStagedName(intent.stagedName());
    intent.expected().ifPresent(expected -> value.setExpected(encode(expected)));
    intent.staged().ifPresent(staged -> value.setStaged(encode(staged)));
    return value.build();
  }

  static DisplacedValue encode(Displaced displaced) {
    return DisplacedValue.newBuilder()
        .setName(displaced.name())
        .setPath(ByteString.copyFrom(displaced.path().toArray()))
        .setWas(encode(displaced.was()))
        .build();
  }

  static PendingValue encode(Pending pending) {
    return PendingValue.newBuilder()
        .setKind(encode(pending.problem().kind()))
        .setDetail(pending.problem().detail())
        .setSinceMillis(pending.sinceMillis())
        .setNextTryMillis(pending.nextTryMillis())
        .setTries(pending.tries())
        .build();
  }

  private static ProblemKind encode(Problem.Kind kind) {
    return switch (kind) {
      case WAITING -> ProblemKind.PROBLEM_WAITING;
      case CONTENT_MISSING -> ProblemKind.PROBLEM_CONTENT_MISSING;
      case PERMISSION -> ProblemKind.PROBLEM_PERMISSION;
      case NAME_TOO_LONG -> ProblemKind.PROBLEM_NAME_TOO_LONG;
      case DISK_FULL -> ProblemKind.PROBLEM_DISK_FULL;
      case READ_ONLY -> ProblemKind.PROBLEM_READ_ONLY;
      case INPUT_OUTPUT -> ProblemKind.PROBLEM_INPUT_OUTPUT;
      case BUSY -> ProblemKind.PROBLEM_BUSY;
      case OBSTRUCTED -> ProblemKind.PROBLEM_OBSTRUCTED;
      case UNSUPPORTED -> ProblemKind.PROBLEM_UNSUPPORTED;
      case SPECIAL -> ProblemKind.PROBLEM_SPECIAL;
      case REFUSED -> ProblemKind.PROBLEM_REFUSED;
      case HELD -> ProblemKind.PROBLEM_HELD;
      case TOO_LARGE -> ProblemKind.PROBLEM_TOO_LARGE;
    };
  }

  static PeerProgressValue encode(PeerProgress progress) {
    PeerProgressValue.Builder value =
        PeerProgressValue.newBuilder()
            .setTheirs(ValueCodec.encode(progress.theirs()))
            .setJournal(ValueCodec.encode(progress.journal()))
            .setMerged(progress.merged())
            .setDurable(progress.durable())
            .setComplete(progress.complete())
            .setBehind(progress.behind());
    progress.former().ifPresent(former -> value.setFormer(ValueCodec.encode(former)));
    progress.atMost().ifPresent(atMost -> value.setAtMost(ValueCodec.encode(atMost)));
    return value.build();
  }

  static RootStateValue encode(RootState root) {
    RootStateValue.Builder value =
        RootStateValue.newBuilder()
            .setIdentity(ValueCodec.encode(root.identity()))
            .setCounter(root.counter())
            .setNextNumber(root.nextNumber())
            .setClock(ValueCodec.encode(root.clock()))
            .setHybridClock(root.hybridClock())
            .setBootId(root.bootId())
            .setClean(root.clean())
            .setSyncFailed(root.syncFailed())
            .setCheckpointMillis(root.checkpointMillis())
            .setScanned(root.scanned())
            .setPaused(root.paused())
            .setHolding(root.holding())
            .setInitial(encode(root.initial()));
    for (FormerLife life : root.unproven()) {
      value.addUnproven(
          FormerLifeValue.newBuilder()
              .setIdentity(ValueCodec.encode(life.identity()))
              .setCounter(life.counter())
              .setNextNumber(life.nextNumber())
              .setLost(life.end() == FormerLife.End.CONTRADICTED)
              .setCutOff(life.end() == FormerLife.End.CUT_OFF));
    }
    root.rootIdentity().ifPresent(identity -> value.setRootIdentity(encode(identity)));
    root.rules().ifPresent(rules -> value.setRules(ValueCodec.encode(rules)));
    value.setAdoption(
        AdoptionValue.newBuilder()
            .setBeforeMillis(root.adoption().beforeMillis())
            .setWhole(root.adoption().whole()));
    root.unread().forEach(scope -> value.addUnread(ValueCodec.encode(scope)));
    return value.build();
  }

  private static RootIdentityValue.Builder encode(RootIdentity identity) {
    RootIdentityValue.Builder value =
        RootIdentityValue.newBuilder()
            .setDevice(identity.device())
            .setInode(identity.inode())
            .setMarker(identity.marker())
            .setEpoch(identity.epoch());
    identity.bornMillis().ifPresent(value::setBornMillis);
    identity.subvolume().ifPresent(value::setSubvolume);
    return value;
  }

  private static InitialValue encode(Initial initial) {
    return switch (initial) {
      case UNION -> InitialValue.INITIAL_UNION;
      case MINE -> InitialValue.INITIAL_MINE;
      case THEIRS -> InitialValue.INITIAL_THEIRS;
    };
  }

  static HistoryItemValue encode(HistoryItem item) {
    return HistoryItemValue.newBuilder()
        .setPath(ValueCodec.encode(item.path()))
        .setLeftMillis(item.leftMillis())
        .setWrittenMillis(item.writtenMillis())
        .setReplica(item.dot().replica().bits())
        .setCounter(item.dot().counter())
        .setVersion(encode(item.version()))
        .setReason(encode(item.reason()))
        .build();
  }

  private static ReasonValue encode(HistoryItem.Reason reason) {
    return switch (reason) {
      case REPLACED -> ReasonValue.REASON_REPLACED;
      case DELETED -> ReasonValue.REASON_DELETED;
      case LOST_CONFLICT -> ReasonValue.REASON_LOST_CONFLICT;
      case ADOPTED_LOST -> ReasonValue.REASON_ADOPTED_LOST;
    };
  }
}
