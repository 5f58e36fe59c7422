package dev.replicator.net.session;

import com.google.protobuf.ByteString;
import dev.replicator.model.Digest;
import dev.replicator.model.FenceAnswer;
import dev.replicator.model.FenceAnswer.Verdict;
import dev.replicator.model.FenceRequest;
import dev.replicator.model.NodeId;
import dev.replicator.proto.SessionFence;
import dev.replicator.proto.SessionFenceAnswer;

/** What is said to an arbiter and by one, as generated values. */
final class FenceCodec {
  private FenceCodec() {}

  static SessionFence value(long id, FenceRequest request) {
    SessionFence.Builder value =
        SessionFence.newBuilder()
            .setId(id)
            .setResource(request.resource())
            .setOther(ByteString.copyFrom(request.other().fingerprint().octets().toArray()));
    switch (request) {
      case FenceRequest.Fence(String _, NodeId _, long generation) ->
          value.setKind(SessionFence.Kind.FENCE).setGeneration(generation);
      case FenceRequest.Together(String _, NodeId _, long generation, long number) ->
          value.setKind(SessionFence.Kind.TOGETHER).setGeneration(generation).setNumber(number);
      case FenceRequest.Apart _ -> value.setKind(SessionFence.Kind.APART);
      case FenceRequest.Look _ -> value.setKind(SessionFence.Kind.LOOK);
    }
    return value.build();
  }

  static SessionFenceAnswer value(long id, FenceAnswer answer) {
    return SessionFenceAnswer.newBuilder()
        .setId(id)
        .setVerdictValue(
            switch (answer.verdict()) {
              case NOT_ABLE -> SessionFenceAnswer.Verdict.NOT_ABLE_VALUE;
              case GRANTED -> SessionFenceAnswer.Verdict.GRANTED_VALUE;
              case REFUSED -> SessionFenceAnswer.Verdict.REFUSED_VALUE;
              case NOTED -> SessionFenceAnswer.Verdict.NOTED_VALUE;
            })
        .setNumber(answer.number())
        .setText(answer.text())
        .build();
  }

  static Control.Fence request(SessionFence value) {
    if (value.getOther().size() != Digest.LENGTH_BYTES) {
      throw new Violation("a FENCE frame with a key of " + value.getOther().size() + " bytes");
    }
    try {
      return new Control.Fence(
          value.getId(),
          request(value, value.getResource(), NodeId.of(value.getOther().toByteArray())));
    } catch (IllegalArgumentException e) {
      throw new Violation("a FENCE frame with " + e.getMessage(), e);
    }
  }

  private static FenceRequest request(SessionFence value, String resource, NodeId other) {
    return switch (value.getKind()) {
      case FENCE -> new FenceRequest.Fence(resource, other, value.getGeneration());
      case TOGETHER ->
          new FenceRequest.Together(resource, other, value.getGeneration(), value.getNumber());
      case APART -> new FenceRequest.Apart(resource, other);
      case LOOK -> new FenceRequest.Look(resource, other);
      case KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("an unknown kind");
    };
  }

  /** What is not understood is no grant. */
  static Control.FenceAnswered answer(SessionFenceAnswer value) {
    Verdict verdict =
        switch (value.getVerdict()) {
          case GRANTED -> Verdict.GRANTED;
          case REFUSED -> Verdict.REFUSED;
          case NOTED -> Verdict.NOTED;
          case NOT_ABLE, UNRECOGNIZED -> Verdict.NOT_ABLE;
        };
    return new Control.FenceAnswered(
        value.getId(),
        new FenceAnswer(verdict, value.getNumber(), Text.printable(value.getText())));
  }
}
